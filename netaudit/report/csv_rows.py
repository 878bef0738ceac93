"""Rows as CSV that a spreadsheet may open: RFC 4180, no formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

from netaudit.report.csv import safe_cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV with CR LF; every cell is made safe."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
