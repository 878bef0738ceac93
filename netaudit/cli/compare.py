"""The formats in which runs that are held against each other are told."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netaudit.report.progress.changes import Changes
    from netaudit.report.progress.trend import Point
    from netaudit.report.texts import Texts

    Writer = Callable[[Sequence[Changes], Sequence[Point], Texts], bytes]

FORMATS: Final = ("text", "html", "json", "md")


def writers() -> "dict[str, Writer]":
    """Return the formats beside text, by name."""
    from netaudit.report.progress.page import render_html, render_json, render_markdown

    return {"html": render_html, "json": render_json, "md": render_markdown}
