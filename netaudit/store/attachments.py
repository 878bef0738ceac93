"""Photos, invoices and letters: checked by content, kept beside the store under the SHA-256 of their bytes."""

import hashlib
import os
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from netaudit.errors import UsageError
from netaudit.store.people import Author, note
from netaudit.store.place import Place
from netaudit.store.schema import AttachmentRow

LARGEST: Final = 25 * 1024 * 1024
# What a browser may show without running it. SVG and HTML are not here: they carry scripts.
_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)


def media_type(data: bytes) -> str:
    """Return the type of an upload by its first bytes. Raises UsageError for what is not accepted."""
    if not data or len(data) > LARGEST:
        raise UsageError(f"the file is {'empty' if not data else 'too large'}: at most {LARGEST // 2**20} MB")
    for start, name in _KINDS:
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if all(character.isprintable() or character in "\r\n\t" for character in text):
        return "text/plain"
    raise UsageError("accepted are photos (PNG, JPEG, WebP), PDF and plain text; this file is none of them")


def attach(
    session: Session, place: Place, data: bytes, name: str, by: Author,
    device: str | None = None, site: str | None = None, text: str = "",
) -> AttachmentRow:  # fmt: skip
    """Keep a file about a device or a site. Raises UsageError where its content is not accepted."""
    kind, digest = media_type(data), hashlib.sha256(data).hexdigest()
    _keep(attachment_path(place, digest), data)
    row = AttachmentRow(
        device=device, site=site, name=_plain_name(name), media_type=kind, size=len(data), sha256=digest,
        who=by.who, at=by.at, note=text,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, by, "attach", device or site or "", {"attachment": row.id, "name": row.name, "sha256": digest})
    return row


def attachments(session: Session, device: str) -> list[AttachmentRow]:
    """Return the files about a device, the oldest first."""
    query = select(AttachmentRow).where(AttachmentRow.device == device).order_by(AttachmentRow.id)
    return list(session.scalars(query))


def attachment_path(place: Place, digest: str) -> Path:
    """Return where the bytes of a digest lie."""
    return place.folder / "attachments" / digest[:2] / digest


def _keep(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(data)
    draft.replace(path)


def _plain_name(name: str) -> str:
    """The name without folders and control characters: it is shown, and never used as a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())[:120] or "file"
