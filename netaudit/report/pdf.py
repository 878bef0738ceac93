"""The report as PDF: numbered sheets, repeated heads, bookmarks, tags for screen readers (PDF/UA-1). By typst."""

import json
from pathlib import Path
from typing import Final, Literal

from netaudit.errors import UsageError
from netaudit.report.pdf_data import pdf_data
from netaudit.report.texts import Texts, load_texts
from netaudit.report.views import Report

_TEMPLATE: Final = Path(__file__).resolve().parent / "templates" / "report.typ"
Paper = Literal["a4", "us-letter"]


def available() -> bool:
    """True when typst is installed."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def render(report: Report, texts: Texts | None = None, paper: Paper = "a4") -> bytes:
    """Return the PDF. The same report gives the same bytes with the same version of typst. Raises UsageError."""
    try:
        import typst
    except ImportError as error:
        raise UsageError("PDF needs typst: pip install 'netaudit[pdf]'") from error
    data = json.dumps(pdf_data(report, texts or load_texts(), paper), ensure_ascii=False)
    compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, ignore_system_fonts=True, sys_inputs={"data": data})
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made
