"""Backup and restore: one file that holds every table and attachment, the same for SQLite and PostgreSQL.

    MANIFEST.sha256          SHA-256 of every other member
    store.json               format, shape of the store, rows a table
    tables/<table>.jsonl     one row a line; bytes in base64 under {"b64": ...}
    attachments/<sha256>     the files

A backup is written beside its name and renamed when whole; a restore is one transaction into an empty store.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Integer, LargeBinary, Table, func, insert, select, text

from netaudit.errors import DataError, UsageError
from netaudit.store.attachments import attachment_path
from netaudit.store.migrations import HEAD
from netaudit.store.schema import AttachmentRow, Base, LoginRow
from netaudit.store.store import Store

MANIFEST: Final = "MANIFEST.sha256"
_STORE: Final = "store.json"
_BATCH: Final = 2_000
_LONGEST_LINE: Final = 64 * 2**20


def backup(store: Store, out: Path) -> dict[str, int]:
    """Write a backup and return its rows a table. The store may be used meanwhile: one snapshot is read."""
    draft = out.with_name(f"{out.name}.{os.getpid()}.new")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            counts = _write(store, archive)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return counts


def restore(store: Store, path: Path) -> dict[str, int]:
    """Read a backup into an empty store; return its rows a table. Raises DataError, UsageError; all or nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            checked(archive, str(path))
            with store.writing() as session:
                connection = session.connection()
                _must_be_empty(connection, store)
                counts = {table.name: _read_table(connection, archive, table) for table in _kept_tables()}
                _follow_sequences(connection)
            _read_attachments(store, archive)
    except (zipfile.BadZipFile, OSError, KeyError, EOFError) as error:
        raise DataError(str(path), f"cannot be read: {error}", "a file that `netaudit backup` wrote") from error
    return counts


def check_backup(path: Path) -> None:
    """Hold a backup against its own manifest, before a store is opened (and made) for it. Raises DataError."""
    try:
        with zipfile.ZipFile(path) as archive:
            checked(archive, str(path))
    except (zipfile.BadZipFile, OSError, KeyError, EOFError) as error:
        raise DataError(str(path), f"cannot be read: {error}", "a file that `netaudit backup` wrote") from error


def checked(archive: zipfile.ZipFile, where: str) -> None:
    """Hold every member against the manifest. Raises DataError for what is missing, added or changed."""
    names = [name for name in archive.namelist() if name != MANIFEST]
    lines = archive.read(MANIFEST).decode("utf-8", "replace").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if len(names) != len(set(names)) or set(names) != set(told):
        raise DataError(where, "holds other members than its manifest names", "a file that `netaudit backup` wrote")
    for name in names:
        with archive.open(name) as member:
            if _digest(member) != told[name]:
                raise DataError(where, f"{name} was changed", "a file that `netaudit backup` wrote")
    shape = str(json.loads(archive.read(_STORE)).get("shape"))
    if shape > HEAD:
        raise DataError(where, f"holds a store of shape {shape}, newer than {HEAD}", "a newer netaudit")


def _digest(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := member.read(2**20):
        digest.update(block)
    return digest.hexdigest()


def _write(store: Store, archive: zipfile.ZipFile) -> dict[str, int]:
    digests: dict[str, str] = {}
    counts: dict[str, int] = {}
    with store.reading() as session:
        connection = session.connection()
        if not store.place.file:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        for table in _kept_tables():
            name = f"tables/{table.name}.jsonl"
            digests[name], counts[table.name] = _write_table(connection, archive, table, name)
        for digest in sorted(set(connection.scalars(select(AttachmentRow.sha256)))):
            with suppress(FileNotFoundError):
                archive.write(attachment_path(store.place, digest), f"attachments/{digest}")
                digests[f"attachments/{digest}"] = digest
    about = json.dumps({"format": 1, "shape": HEAD, "rows": counts}, indent=1).encode()
    archive.writestr(_STORE, about)
    digests[_STORE] = hashlib.sha256(about).hexdigest()
    archive.writestr(MANIFEST, "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())))
    return counts


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table, name: str) -> tuple[str, int]:
    digest, rows = hashlib.sha256(), 0
    result = connection.execution_options(stream_results=True, yield_per=_BATCH).execute(select(table))
    with archive.open(name, "w", force_zip64=True) as member:
        for row in result.mappings():
            line = json.dumps({key: _plain(value) for key, value in row.items()}, separators=(",", ":")) + "\n"
            member.write(line.encode())
            digest.update(line.encode())
            rows += 1
    return digest.hexdigest(), rows


def _read_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    name, count = f"tables/{table.name}.jsonl", 0
    if name not in archive.namelist():
        # A table that came later than the backup.
        return 0
    with archive.open(name) as member:
        rows = _rows(member, binary)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(insert(table), batch)
            count += len(batch)
    return count


def _rows(member: IO[bytes], binary: set[str]) -> Iterator[dict[str, Any]]:
    while line := member.readline(_LONGEST_LINE):
        row = json.loads(line)
        yield {key: base64.b64decode(value["b64"]) if key in binary else value for key, value in row.items()}


def _read_attachments(store: Store, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        folder, _, digest = name.partition("/")
        if folder == "attachments" and len(digest) == 64 and digest.isalnum():
            path = attachment_path(store.place, digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))


def _kept_tables() -> list[Table]:
    """All tables but the browsers that are logged in: a copy of the store is no way in."""
    return [table for table in Base.metadata.sorted_tables if table.name != LoginRow.__tablename__]


def _must_be_empty(connection: Connection, store: Store) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise UsageError(f"the store {store.place.shown} is not empty: restore into a new one (--store)")


def _follow_sequences(connection: Connection) -> None:
    """PostgreSQL hands out the next number from a counter that explicit numbers do not move."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        key = next(iter(table.primary_key.columns))
        if isinstance(key.type, Integer) and key.autoincrement is not False and not key.foreign_keys:
            sequence = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
            highest = connection.scalar(select(func.coalesce(func.max(key), 0))) or 0
            connection.execute(text(f"SELECT setval({sequence}, {highest + 1}, false)"))


def _plain(value: Any) -> Any:
    return {"b64": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes) else value
