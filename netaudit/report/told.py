"""An event that people are told, in words. Pure."""

from collections.abc import Mapping
from typing import Any

from netaudit.report.texts import Texts


def event_text(kind: str, values: Mapping[str, Any], texts: Texts) -> str:
    """Return an event as a sentence; a verdict among its values becomes words."""
    said = dict(values)
    if "status" in said:
        said["status"] = texts(f"status.{said['status']}")
    return texts(f"notice.{kind}", **said)
