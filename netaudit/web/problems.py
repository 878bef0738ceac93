"""Errors of the API as problem documents (RFC 9457)."""

from http import HTTPStatus
from typing import Any


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return a problem document; `more` are members of its own, e.g. `errors` by field."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
