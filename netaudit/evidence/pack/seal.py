"""Whether an unpacked pack is what its manifest says: every file is there, unchanged, and none was added."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from netaudit.errors import DataError
from netaudit.evidence.pack.manifest import HASH_LIST, MANIFEST, OUTSIDE, hash_list, read_manifest, sha256


def read_files(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Read the files of an unpacked pack."""
    return {name: (folder / name).read_bytes() for name in names}


def seal_faults(files: Mapping[str, bytes]) -> list[str]:
    """Return everything in which the files differ from their manifest, each with the name of the file."""
    if MANIFEST not in files:
        return [f"{MANIFEST}: is missing"]
    try:
        listed = read_manifest(files[MANIFEST])
    except DataError as error:
        return [str(error)]
    faults = [fault for name, digest in listed.items() if (fault := _fault(name, digest, files.get(name)))]
    faults += [
        f"{name}: was added, the manifest does not list it" for name in sorted(files.keys() - listed.keys() - OUTSIDE)
    ]
    if files.get(HASH_LIST) != hash_list(listed, sha256(files[MANIFEST])):
        faults.append(f"{HASH_LIST}: {'differs from the manifest' if HASH_LIST in files else 'is missing'}")
    return faults


def _fault(name: str, digest: str, data: bytes | None) -> str:
    if data is None:
        return f"{name}: is missing"
    found = sha256(data)
    return (
        "" if found == digest else f"{name}: was changed (SHA-256 {found[:16]}..., the manifest says {digest[:16]}...)"
    )
