"""The one place that makes Jinja2 environments: every text that a template shows is escaped, visible and finite."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netaudit.report.sentences import moment
from netaudit.report.texts import Texts, load_texts
from netaudit.report.visible import MAX_SHOWN, clip, visible

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment(templates: Path) -> "Environment":
    """Return an environment over a folder of templates, with the filters `lines`, `clip`, `moment` and `as_typed`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["lines"] = _lines
    made.filters["clip"] = clip
    made.filters["moment"] = _moment
    made.filters["as_typed"] = _as_typed
    return made


def markup(text: str) -> Any:
    """Mark text as ours, so that it is not escaped. Only for files of ours, hashes, and escaped JSON."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def _harmless(value: Any) -> Any:
    """Make every text that a template shows visible and finite; markup of ours passes."""
    if type(value) is not str or (len(value) <= MAX_SHOWN and value.isascii() and value.isprintable()):
        return value
    return visible(clip(value))


def _lines(text: str) -> Any:
    """Show an excerpt with its line ends."""
    from markupsafe import escape

    return escape(visible(clip(text), lines=True))


def _as_typed(text: str) -> Any:
    """Return what a person typed, escaped and otherwise whole: a form that shows less would save less."""
    from markupsafe import escape

    return escape(text)


def _moment(text: str, texts: Texts | None = None) -> str:
    """Write an RFC 3339 moment in UTC for people, in the language of `texts` (English by default)."""
    return moment(text, texts or load_texts())
