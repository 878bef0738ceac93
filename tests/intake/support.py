"""Files on disk to items and observations, as the command reads them."""

from pathlib import Path

from netaudit.intake.model import Told, Unread
from netaudit.intake.registry import format_named, recognise
from netaudit.intake.source import Source, sources

RECORDED = Path(__file__).resolve().parents[1] / "recorded" / "tables"
AT = "2026-11-23T09:00:00.000Z"


def source_of(path: Path, **more: str) -> Source:
    """Open one file as a source."""
    with sources([str(path)], more.get("at", AT), more.get("owner", "")) as found:
        return found[0]


def items(path: Path, name: str = "", **more: str) -> tuple[str, list[Told], list[Unread]]:
    """Return the format's name, what was told and what could not be read."""
    source = source_of(path, **more)
    chosen = format_named(name) if name else recognise(source.head(), source.name)
    found = list(chosen.read(source))
    return chosen.name, [i for i in found if isinstance(i, Told)], [i for i in found if isinstance(i, Unread)]


def field(item: Told, name: str) -> str:
    """Return one field as text, "" where it is absent."""
    value = (item.fields or {}).get(name, "")
    assert isinstance(value, str)
    return value
