"""Packed files are read as a stream; bombs are cut, damage is said, archives are refused."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from netaudit.errors import DataError
from netaudit.intake import unpack
from netaudit.intake.text import MAX_LINE, lines_of
from tests.intake.support import RECORDED, items, source_of

TEXT = (RECORDED / "cisco_ios_arp.txt").read_bytes()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_packed_tables_are_read(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "arp.packed"
    path.write_bytes(pack(TEXT))  # type: ignore[operator]
    assert len(items(path)[1]) == 3


def test_a_packed_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    lines = b"".join(
        b"Internet  10.20.%d.%d  3  4419.b60a.0b0c  ARPA  Vlan20\n" % (n // 250, n % 250 + 1) for n in range(9000)
    )
    path = tmp_path / "arp.gz"
    path.write_bytes(gzip.compress(lines, 1)[:-3000])
    source = source_of(path)
    count = sum(1 for _ in source.lines())
    assert 0 < count < 9000
    assert "breaks off" in source.losses[0]


def test_a_bomb_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "ALWAYS", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    source = source_of(path)
    size = 0
    with source.stream() as stream:
        while data := stream.read(1 << 20):
            size += len(data)
    assert size < 32 << 20
    assert "unfolds" in source.losses[0]


def test_an_archive_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("arp.txt", TEXT)
    with pytest.raises(DataError, match="unpack it first"):
        source_of(path).head()


def test_a_line_without_end_comes_in_pieces() -> None:
    pieces = list(lines_of(io.BytesIO(b"x" * (3 * MAX_LINE + 5) + b"\nend")))
    assert max(map(len, pieces)) <= MAX_LINE
    assert pieces[-1] == "end"
