"""The manifest: what sha256sum writes and reads, and every difference named."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.evidence.pack.manifest import HASH_LIST, MANIFEST, digests, hash_list, manifest, read_manifest, sha256
from netaudit.evidence.pack.seal import seal_faults

FILES = {"README.txt": b"read me", "data/x.json": b"{}", "raw/d-1/01-a.bin": b"\x00\x01"}


def _sealed() -> dict[str, bytes]:
    hashes = digests(FILES.items())
    listed = manifest(hashes)
    return {**FILES, MANIFEST: listed, HASH_LIST: hash_list(hashes, sha256(listed))}


def test_a_whole_pack_has_no_faults() -> None:
    assert seal_faults(_sealed()) == []


def test_sha256sum_reads_the_manifest(tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed")
    for name, data in _sealed().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    command = ["sha256sum", "--strict", "-c", MANIFEST]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout.count(b": OK\n") == len(FILES)
    (tmp_path / "data/x.json").write_bytes(b"{ }")
    assert b"data/x.json: FAILED" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"data/x.json": b"[]"}, "data/x.json: was changed"),
        ({"data/x.json": None}, "data/x.json: is missing"),
        ({"data/new.json": b""}, "data/new.json: was added"),
        ({HASH_LIST: b"x"}, f"{HASH_LIST}: differs from the manifest"),
        ({HASH_LIST: None}, f"{HASH_LIST}: is missing"),
        ({MANIFEST: None}, f"{MANIFEST}: is missing"),
        ({MANIFEST: b"x\n"}, f"{MANIFEST}:1: is 'x'"),
        ({MANIFEST: "ü\n".encode()}, f"{MANIFEST}: is not plain text at byte 0"),
        ({MANIFEST: b"0" * 64 + b"  ../x\n"}, f"{MANIFEST}:1: is"),
        ({MANIFEST: b"0" * 64 + b"  x"}, f"{MANIFEST}: does not end with a line end"),
    ],
)
def test_each_difference_is_named(change: dict[str, bytes | None], told: str) -> None:
    files = {name: data for name, data in {**_sealed(), **change}.items() if data is not None}
    assert any(fault.startswith(told) for fault in seal_faults(files)), seal_faults(files)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_manifest_or_an_error(data: bytes) -> None:
    try:
        files = read_manifest(data)
    except DataError:
        return
    assert manifest(files).splitlines() == sorted(data.splitlines(), key=lambda line: line[66:])
