"""Packs from anybody: whatever no pack of ours has is refused, by name, before anything lands outside the folder."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.evidence.pack import careful
from netaudit.evidence.pack.archive import write_archive
from netaudit.evidence.pack.careful import names_in, unpack
from netaudit.evidence.pack.names import complaint, safe

MOMENT = "2026-11-20T08:00:00.000Z"
FILES = {"README.txt": b"read me", "raw/d-1/01-banner.bin": bytes(range(256)), "data/x.json": b"{}"}


def _entry(name: str, **settings_: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0))
    for key, value in settings_.items():
        setattr(entry, key, value)
    return entry


def _archive(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in entries:
            archive.writestr(entry, data)
    return path


def test_what_was_packed_comes_out(tmp_path: Path) -> None:
    pack, folder = tmp_path / "pack.zip", tmp_path / "out"
    write_archive(pack, FILES, MOMENT)
    folder.mkdir()
    assert sorted(unpack(pack, folder)) == sorted(FILES) == names_in(folder)
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "1.zip", tmp_path / "2.zip"
    write_archive(one, FILES, MOMENT)
    write_archive(other, dict(reversed(FILES.items())), MOMENT)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    "name",
    ["../out.txt", "a/../../out.txt", "/etc/passwd", "C:/x", "c:x", "a\\..\\..\\x", "./a", "a//b", "a/", "", "nul",
     "data/CON.txt", "x:stream", "a b", "-rf", "über.txt", "a\nb", "a\x00.txt", "x" * 300, "trailing.", ".hidden"],
)  # fmt: skip
def test_strange_names_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "out"
    folder.mkdir(parents=True)
    pack = _archive(tmp_path / "pack.zip", (_entry("x"), b"x"))
    with zipfile.ZipFile(pack, "w") as archive:
        info = _entry("x")
        info.filename = info.orig_filename = name
        archive.writestr(info, b"evil")
    with pytest.raises(DataError, match=r"pack\.zip"):
        unpack(pack, folder)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [pack]


@pytest.mark.parametrize(
    ("settings_", "words"),
    [
        ({"external_attr": 0o120777 << 16}, "is a link"),
        ({"external_attr": 0o020644 << 16}, "is no plain file"),
        ({"external_attr": 0o040755 << 16}, "is no plain file"),
        ({"compress_type": zipfile.ZIP_BZIP2}, "packed by method 12"),
        ({"compress_type": zipfile.ZIP_LZMA}, "packed by method 14"),
    ],
)
def test_links_and_foreign_methods_are_refused(tmp_path: Path, settings_: dict[str, int], words: str) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("data/x", **settings_), b"/etc/passwd"))
    with pytest.raises(DataError, match=words):
        unpack(pack, tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["data/x", "data/X", "DATA/x"])
def test_a_name_twice_is_refused_whatever_its_case(tmp_path: Path, second: str) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("data/x"), b"1"), (_entry(second), b"2"))
    with pytest.raises(DataError, match="stands twice"):
        unpack(pack, tmp_path / "out")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x"), b"data"))
    data = bytearray(pack.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    pack.write_bytes(data)
    with pytest.raises(DataError, match="is encrypted"):
        unpack(pack, tmp_path / "out")


def test_a_name_written_in_two_ways_is_refused(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("data/x"), b"data"))
    data = pack.read_bytes().replace(b"data/x", b"data/y", 1)
    pack.write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match="differ"):
        unpack(pack, tmp_path / "out")


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x", compress_type=zipfile.ZIP_DEFLATED), bytes(80 * 2**20)))
    with pytest.raises(DataError, match="zip bomb"):
        unpack(pack, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_claims_beyond_all_measure_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x"), b"1234"), (_entry("y"), b"5678"))
    monkeypatch.setattr(careful, "MAX_TOTAL", 7)
    with pytest.raises(DataError, match="would unfold to 8 bytes"):
        unpack(pack, tmp_path / "out")
    monkeypatch.setattr(careful, "MAX_FILES", 1)
    with pytest.raises(DataError, match="claims 2 files"):
        unpack(pack, tmp_path / "out")


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x"), b"one"), (_entry("y"), b"two"))
    data = bytearray(pack.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    pack.write_bytes(data)
    with pytest.raises(DataError, match="overlaps another file"):
        unpack(pack, tmp_path / "out")


def test_something_before_the_first_file_is_refused(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x"), b"one"))
    pack.write_bytes(b"#!/bin/sh\n" + pack.read_bytes())
    with pytest.raises(DataError, match="begins with something else"):
        unpack(pack, tmp_path / "out")


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    pack = _archive(tmp_path / "p.zip", (_entry("x", compress_type=zipfile.ZIP_DEFLATED), b"A" * 1000))
    data = bytearray(pack.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 2000)
    pack.write_bytes(data)
    with pytest.raises(DataError):
        unpack(pack, tmp_path / "out")


def test_links_in_an_unpacked_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "x").symlink_to("/etc/passwd")
    with pytest.raises(DataError, match="is a link"):
        names_in(tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 600), with_byte=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_harmless(tmp_path: Path, at: int, with_byte: int) -> None:
    pack, folder = tmp_path / "p.zip", tmp_path / f"out-{at}-{with_byte}"
    write_archive(pack, FILES, MOMENT)
    data = bytearray(pack.read_bytes())
    data[at % len(data)] = with_byte
    pack.write_bytes(data)
    folder.mkdir(exist_ok=True)
    try:
        names = unpack(pack, folder)
    except DataError:
        return
    assert all((folder / name).resolve().is_relative_to(folder) for name in names)


@given(st.text())
def test_any_text_becomes_a_name_that_is_accepted(text: str) -> None:
    assert complaint(f"raw/{safe(text)}/01-x.bin") == ""


def test_different_texts_stay_different_names() -> None:
    assert len({safe("a/b"), safe("a_b"), safe("a?b"), safe("CON"), safe("con")}) == 5
