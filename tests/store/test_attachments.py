"""Uploads are judged by their content, kept under their hash, shown under a harmless name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import UsageError
from netaudit.store.attachments import attach, attachment_path, attachments, media_type
from netaudit.store.people import Author
from netaudit.store.store import Store

ANNA = Author("Anna", "2026-11-23T10:00:00.000Z")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\nxx", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"%PDF-1.7", "application/pdf"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), ("Übergabe\r\n".encode(), "text/plain"),
    ],
)  # fmt: skip
def test_a_type_is_told_by_the_bytes(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0", b"\x1b[2Jhello", b"GIF89a\0\0", bytes(10)])
def test_what_is_not_accepted_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        media_type(data)


@given(st.text(), st.binary(max_size=64))
def test_any_name_is_harmless(name: str, data: bytes) -> None:
    from netaudit.store.attachments import _plain_name

    plain = _plain_name(name)
    assert plain
    assert "/" not in plain
    assert "\\" not in plain
    assert plain.isprintable()


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    with Store(tmp_path / "netaudit.db") as store, store.writing() as session:
        for name in ("a.txt", "..\\..\\b.txt"):
            attach(session, store.place, b"seen on the roof", name, ANNA, device="d")
        first, second = attachments(session, "d")
        assert (first.name, second.name, first.sha256) == ("a.txt", "b.txt", second.sha256)
        assert attachment_path(store.place, first.sha256).read_bytes() == b"seen on the roof"
        assert len([path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]) == 1
