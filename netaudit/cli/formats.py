"""The formats that a report can be written in, and who writes them."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netaudit.report.texts import Texts
    from netaudit.report.views import Report

FORMATS: Final = ("html", "pdf", "xlsx", "csv", "json", "md")
DEFAULT: Final = ("html", "csv", "json")
"""What a scan writes by itself: quick, and without programs that are not always there."""
LONGEST_PDF: Final = 1000
"""Units up to which a pack holds a PDF: beyond, nobody prints it, and it would take minutes."""

Writer = Callable[["Report"], bytes]
PieceWriter = Callable[["Report"], Iterable[bytes]]


def writers(language: str = "en", paper: str = "a4") -> dict[str, Writer]:
    """Return the formats that can be made here, by name. Raises UsageError for a language without texts."""
    from netaudit.report import csv, html, markdown, pdf, xlsx
    from netaudit.report import json as json_report

    texts = texts_of(language)
    found: dict[str, Writer] = {
        "html": lambda report: html.render(report, texts),
        "xlsx": lambda report: xlsx.render(report, texts),
        "csv": csv.render,
        "json": json_report.render,
        "md": lambda report: markdown.render(report, texts),
    }
    if pdf.available():
        found["pdf"] = lambda report: pdf.render(report, texts, "us-letter" if paper == "letter" else "a4")
    return found


def texts_of(language: str) -> "Texts":
    """Return the texts of a language. Raises UsageError where there are none."""
    from netaudit.errors import UsageError
    from netaudit.report.texts import languages, load_texts

    if language not in languages():
        raise UsageError(f"there are no texts in {language!r}: choose one of {', '.join(languages())}")
    return load_texts(language)


def chosen(names: Sequence[str], language: str = "en", paper: str = "a4") -> dict[str, PieceWriter]:
    """Return the writers of some formats, into pieces. Raises UsageError for one that cannot be made here."""
    from netaudit.errors import UsageError

    here = {name: _at_once(write) for name, write in writers(language, paper).items()} | _a_piece_at_a_time(language)
    for name in names:
        if name not in here:
            raise UsageError(f"{name} needs typst: pip install 'netaudit[pdf]'")
    return {name: here[name] for name in names}


def _a_piece_at_a_time(language: str) -> dict[str, PieceWriter]:
    """The longest formats are never whole in memory."""
    from netaudit.report import html
    from netaudit.report import json as json_report

    texts = texts_of(language)
    return {"html": lambda report: html.pieces(report, texts), "json": json_report.pieces}


def _at_once(write: Writer) -> PieceWriter:
    return lambda report: (write(report),)


def for_pack(units: int) -> tuple[str, ...]:
    """Return the formats that go into a pack of a report with so many units."""
    here = writers()
    return tuple(name for name in FORMATS if name in here and (name != "pdf" or units <= LONGEST_PDF))
