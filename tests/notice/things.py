"""Events and settings for the tests of the notices."""

from pathlib import Path

from netaudit.notice.message import Message, Told
from netaudit.report.texts import load_texts

TEXTS = load_texts()
AT = "2026-11-23T10:00:00.000Z"
UNIT = {"unit": "Amcrest IP8M 10.20.0.2", "site": "Höhe 3", "status": "covered", "device": "d1", "address": "10.20.0.2"}


def told(kind: str = "new", **values: str | int) -> Told:
    return Told(kind, f"key of {kind}", "run-1", AT, UNIT | values)


def message(*events: Told) -> Message:
    return Message("f" * 32, events or (told(),), "City of Example")


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "notices.toml"
    path.write_text(text, encoding="utf-8")
    return path
