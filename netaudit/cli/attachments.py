"""Photos, invoices and letters that people attach to a device: kept in the run's folder, with hash, name and date."""

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from netaudit.errors import DataError, UsageError
from netaudit.evidence.pack.manifest import sha256
from netaudit.evidence.pack.names import complaint, safe

FOLDER: Final = "attachments"
LIST: Final = "attachments.csv"
KINDS: Final = ("photo", "invoice", "letter", "other")
MAX_SIZE: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. `file`: its name under attachments/; `original`: the name it came with; `at`: RFC 3339."""

    file: str
    device: str
    sha256: str
    size: str
    kind: str
    original: str
    note: str
    by: str
    at: str


_HEAD: Final = tuple(field.name for field in fields(Attachment))


def attach(run: Path, device: str, source: Path, kind: str, note: str, by: str, at: str) -> Attachment:
    """Copy a file into the run's folder and write it down. Raises UsageError where it cannot be."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}") from error
    if len(data) > MAX_SIZE:
        raise UsageError(f"{source} has {len(data)} bytes: at most {MAX_SIZE} can be attached")
    name = f"{safe(device)}/{_stem(source, data)}"
    target = run / FOLDER / name
    if target.exists():
        raise UsageError(f"this very file is attached to {device} already, as {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    entry = Attachment(name, device, sha256(data), str(len(data)), kind, source.name, note, by, at)
    _write(run / FOLDER / LIST, [*read_attachments(run), entry])
    return entry


def read_attachments(run: Path) -> list[Attachment]:
    """Read the list of what is attached to the devices of a run. Raises DataError (file:line)."""
    path = run / FOLDER / LIST
    if not path.is_file():
        return []
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for number, row in enumerate(rows, 1):
        if len(row) != len(_HEAD) or (number == 1 and tuple(row) != _HEAD):
            raise DataError(f"{path}:{number}", "is not a row of this list", ",".join(_HEAD))
    entries = [Attachment(*row) for row in rows[1:]]
    for number, entry in enumerate(entries, 2):
        if wrong := complaint(entry.file):
            raise DataError(f"{path}:{number}", f"{entry.file[:120]!r}: {wrong}", "a name that `netaudit attach` gave")
    return entries


def attached(run: Path) -> dict[str, bytes]:
    """Return the attached files and their list, by their names in a pack. Raises DataError for a changed file."""
    listed = read_attachments(run)
    files: dict[str, bytes] = {}
    for entry in listed:
        path = run / FOLDER / entry.file
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DataError(str(path), f"cannot be read: {error.strerror}", "the file as it was attached") from error
        if sha256(data) != entry.sha256:
            raise DataError(str(path), "was changed after it was attached", f"SHA-256 {entry.sha256}")
        files[f"{FOLDER}/{entry.file}"] = data
    return files | ({f"{FOLDER}/{LIST}": (run / FOLDER / LIST).read_bytes()} if listed else {})


def _stem(source: Path, data: bytes) -> str:
    suffix = source.suffix if source.suffix[1:].isalnum() and source.suffix.isascii() else ""
    return f"{safe(source.stem, 40)}-{sha256(data)[:8]}{suffix.lower()}"


def _write(path: Path, entries: list[Attachment]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([_HEAD, *map(astuple, entries)])
    draft = path.with_name(path.name + ".new")
    draft.write_text(out.getvalue(), encoding="utf-8")
    draft.replace(path)
