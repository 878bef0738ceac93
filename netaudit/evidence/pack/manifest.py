"""The manifest of a pack: one line a file as sha256sum writes it, and the list of hashes that CMMC assessors keep.

Source of the second form: DoD CMMC Hashing Guide v2.13 (SHA-256 per artefact, list of name and hash, hash of the list).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from netaudit.errors import DataError
from netaudit.evidence.pack.names import complaint

MANIFEST: Final = "MANIFEST.sha256"
HASH_LIST: Final = "MANIFEST.sha256.txt"
SIGNATURE: Final = "MANIFEST.sha256.sig"
PUBLIC_KEY: Final = "MANIFEST.sha256.pub"
TIME_STAMP: Final = "MANIFEST.sha256.tsr"
OUTSIDE: Final = frozenset({MANIFEST, HASH_LIST, SIGNATURE, PUBLIC_KEY, TIME_STAMP})
"""Files that the manifest cannot list: itself, and what is made over it."""
_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_EXPECTED: Final = "lines of 64 hexadecimal digits, two blanks and a name, sorted by name"


def sha256(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def manifest(files: Mapping[str, str]) -> bytes:
    """Write the manifest of files (name to SHA-256), sorted by name."""
    return "".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode("ascii")


def read_manifest(data: bytes, where: str = MANIFEST) -> dict[str, str]:
    """Read a manifest: name to SHA-256. Raises DataError (file:line) for anything that `manifest` does not write."""
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(where, f"is not plain text at byte {error.start}", _EXPECTED) from error
    if lines.pop() != "":
        raise DataError(where, "does not end with a line end", _EXPECTED)
    files: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if not found or complaint(found.group(2)) or found.group(2) in files:
            raise DataError(f"{where}:{number}", f"is {line[:120]!r}", _EXPECTED)
        files[found.group(2)] = found.group(1)
    return files


def hash_list(files: Mapping[str, str], manifest_digest: str) -> bytes:
    """Write the list of artefacts, algorithm and hash, and the hash of the manifest below it."""
    rows = [("Artefact", "Algorithm", "Hash"), *((name, "SHA256", files[name].upper()) for name in sorted(files))]
    width = max(len(row[0]) for row in rows)
    text = "".join(f"{name:{width}} | {algorithm:9} | {digest}\n" for name, algorithm, digest in rows)
    return f"{text}\n{MANIFEST:{width}} | {'SHA256':9} | {manifest_digest.upper()}\n".encode("ascii")


def digests(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return name to SHA-256 of files."""
    return {name: sha256(data) for name, data in files}
