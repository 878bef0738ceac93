"""The report as a workbook: overview, inventory, findings, plan, evidence, what was not seen. For reading and sorting.

The camera schedule that people edit and give back is another workbook. Every text is written as text: nothing that a
device or a person wrote can become a formula or a link.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from netaudit.report import csv, findings_csv, sentences, tables, timetable
from netaudit.report.evidence_view import MANY
from netaudit.report.pause import cycles_kept
from netaudit.report.tables import Cell, Column, Table
from netaudit.report.texts import Texts, load_texts
from netaudit.report.verdict import STATUS_COLOURS
from netaudit.report.views import Report
from netaudit.report.visible import clip, visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_CELL: Final = 8000
MAX_ROWS: Final = 1_048_575
"""Rows below the head that a sheet can have; what is more is in the files for machines, and the sheet says so."""
_OPTIONS: Final = {
    "in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_WHOLE: Final = 100
_WIDE: Final = 30
"""Characters from which on the texts of a column are wrapped."""
_ONE_SHEET: Final = 330
"""Characters of a table that still can be read when it is printed as wide as one sheet of paper."""
_LINE: Final = 15.0
_HIGHEST: Final = 400.0
_SHARE: Final = {"num_format": "0.0 %"}
_AMOUNT: Final = {"num_format": "#,##0.00"}


@cycles_kept()
def render(report: Report, texts: Texts | None = None) -> bytes:
    """Return the workbook. The same report gives the same bytes (with the same version of XlsxWriter)."""
    from xlsxwriter import Workbook

    texts = texts or load_texts()
    out = io.BytesIO()
    with Workbook(out, _OPTIONS) as book:
        made = report.run.ended or report.run.started
        book.set_properties({"title": texts("page.kicker"), "author": "netaudit", "created": _moment(made)})
        writer = Book(book)
        writer.overview(texts("xlsx.overview"), report, texts)
        for name, table in _sheets(report, texts):
            writer.sheet(name, table)
    return out.getvalue()


def _sheets(report: Report, texts: Texts) -> Iterator[tuple[str, Table]]:
    yield texts("xlsx.schedule"), tables.schedule(report, texts)
    yield texts("xlsx.inventory"), _inventory(report)
    yield texts("xlsx.findings"), _findings(report)
    yield texts("xlsx.plan"), _plan(report, texts)
    if report.unplaced:
        yield texts("plan.unplaced"), tables.unplaced(report, texts)
    if made := report.plan.timetable:
        yield texts("period.heading"), timetable.periods(made, texts)
        if made.lines:
            yield texts("cost.heading"), timetable.costs(made, texts)
    yield texts("xlsx.policies"), tables.policies(report, texts, ("binds", "may_bind", "passes_by", "information"))
    yield texts("xlsx.evidence"), _evidence(report, texts)
    yield texts("xlsx.coverage"), tables.coverage(report, texts)
    yield texts("xlsx.not_seen"), tables.not_seen(report, texts)


def _inventory(report: Report) -> Table:
    """All devices with every column of the CSV, under the CSV's names, so that sheets and scripts fit together."""
    columns = tuple(Column(name, "text", max(len(name) + 2, 12)) for name in csv.COLUMNS)
    rows = tuple(tuple(value(card) for value in csv.COLUMNS.values()) for card in report.cards)
    return Table("", columns, rows)


def _findings(report: Report) -> Table:
    """Findings that bind or may bind; of very many units only those told on the cards."""
    columns = tuple(Column(name, "text", max(len(name) + 2, 12)) for name in findings_csv.COLUMNS)
    many = len(report.units) > MANY
    shown = (
        ((card, finding) for card in report.units for finding in card.told_duties)
        if many
        else findings_csv.shown(report)
    )
    rows = tuple(tuple(value(*row) for value in findings_csv.COLUMNS.values()) for row in shown)
    return Table("", columns, rows)


def _plan(report: Report, texts: Texts) -> Table:
    head = Column(texts("schedule.phase"), "text", 30)
    tail = Column(texts("plan.actions"), "text", 60)
    parts = [(view, tables.phase(report, view, texts)) for view in report.phases if view.rows]
    columns = (head, *(parts[0][1].columns if parts else ()), tail)
    rows = tuple(
        (
            texts("plan.phase", number=view.number, title=texts.say(view.title)),
            *cells,
            "; ".join(map(texts.say, row.actions)),
        )
        for view, table in parts
        for row, cells in zip(view.rows, table.rows, strict=True)
    )
    return Table(texts("plan.heading"), columns, rows, tuple(status for _, table in parts for status in table.statuses))


def _evidence(report: Report, texts: Texts) -> Table:
    columns = (
        Column(texts("schedule.no"), "number", 6), Column(texts("xlsx.signature"), "text", 34),
        Column(texts("xlsx.strength"), "text", 12), Column(texts("xlsx.layer"), "text", 14),
        Column(texts("xlsx.says"), "text", 40), Column(texts("xlsx.saw"), "text", 50),
        Column(texts("xlsx.observation"), "mono", 66),
    )  # fmt: skip
    many = len(report.units) > MANY
    rows = tuple(
        (
            card.no, reason.signature, texts(f"strength.{reason.strength}"), reason.layer,
            ", ".join(f"{name}: {value}" for name, value in reason.says.items()), clip(reason.saw, 300),
            reason.observation,
        )
        for card in report.units
        for reason in (card.device.reasons[:4] if many else card.device.reasons)
    )  # fmt: skip
    return Table("", columns, rows)


class Book:
    """Writes tables into a workbook, one sheet each, with a fixed head, filters and a shape for every verdict."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        top: dict[str, Any] = {"valign": "top"}
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EAED", "valign": "top"}
        )
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._wrap = book.add_format({**top, "text_wrap": True})
        self._plain = book.add_format(top)
        self._quoted = book.add_format({**top, "quote_prefix": True})
        self._share = book.add_format({**top, **_SHARE})
        self._amount = book.add_format({**top, **_AMOUNT})
        self._foot = book.add_format({**top, **_AMOUNT, "bold": True, "top": 1})
        self._status: Mapping[str, Any] = {
            status: book.add_format({**top, "bold": True, "font_color": colour})
            for status, colour in STATUS_COLOURS.items()
        }

    def overview(self, name: str, report: Report, texts: Texts) -> None:
        """Write the first sheet: the answer in sentences, who, when, what, how many."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        lines = [
            (texts("answer.heading"), f"{sentences.found(report, texts)} {sentences.people(report, texts)}"),
            ("", f"{sentences.missed(report, texts)} {sentences.heard(report, texts)}"),
            *(
                ("" if report.redacted and not place else texts("answer.losses"), warning)
                for place, warning in enumerate(sentences.warnings(report, texts))
            ),
            *sentences.run_facts(report, texts),
            (texts("cover.evidence"), report.evidence_digest),
            (texts("xlsx.note"), texts("xlsx.note_text")),
        ]
        sheet.write_string(0, 0, visible(report.scope.authorisation.organisation), self._title)
        for number, (head, text) in enumerate(lines, 2):
            sheet.set_row(number, _height((head, text), (26, 110)))
            sheet.write_string(number, 0, head, self._wrap)
            sheet.write_string(number, 1, visible(clip(text, MAX_CELL)), self._wrap)

    def sheet(self, name: str, table: Table) -> None:
        """Write one table as a sheet."""
        sheet = self._book.add_worksheet(name)
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.head, self._head)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        if sum(column.width for column in table.columns) <= _ONE_SHEET:
            sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        rows = table.rows[:MAX_ROWS]
        sheet.autofilter(0, 0, max(len(rows), 1), max(len(table.columns) - 1, 0))
        statuses: Iterable[str] = table.statuses or ("" for _ in rows)
        # Only where people read row by row: heights of tens of thousands of rows take longer than the cells.
        wraps = any(column.width >= _WIDE for column in table.columns) and len(rows) <= MANY and table.caption != ""
        for number, (row, status) in enumerate(zip(rows, statuses, strict=False), 1):
            if wraps:
                sheet.set_row(number, _height(row, [column.width for column in table.columns]))
            self._row(sheet, number, row, table.columns, status, wraps=wraps)
        for place, (cell, column) in enumerate(zip(table.foot, table.columns, strict=False)):
            # Two rows below: sorting and filtering leave the totals where they are.
            self._total(sheet, len(rows) + 2, place, cell, column)

    def _total(self, sheet: "Worksheet", number: int, place: int, cell: Cell, column: Column) -> None:
        if isinstance(cell, str):
            sheet.write_string(number, place, visible(cell), self._foot)
        else:
            sheet.write_number(number, place, cell / _WHOLE if column.kind == "amount" else cell, self._foot)

    def _row(
        self, sheet: "Worksheet", number: int, row: Sequence[Cell], columns: Sequence[Column], status: str,
        *, wraps: bool,
    ) -> None:  # fmt: skip
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if not isinstance(cell, str):
                look = {"share": self._share, "amount": self._amount}.get(column.kind, self._plain)
                sheet.write_number(number, place, cell / _WHOLE if column.kind == "amount" else cell, look)
            elif cell:
                shown = (
                    cell
                    if cell.isascii() and cell.isprintable() and len(cell) <= MAX_CELL
                    else visible(clip(cell, MAX_CELL))
                )
                look = self._status.get(status) if column.kind == "status" else None
                risky = cell.lstrip(" ").startswith(_FORMULA)
                plain = self._wrap if wraps and column.width >= _WIDE else self._plain
                sheet.write_string(number, place, shown, look or (self._quoted if risky else plain))


def _height(cells: Iterable[Cell], widths: Iterable[int]) -> float:
    """Return the height of a row in points, so that wrapped texts show whole in every program."""
    lines = (-(-len(cell) // width) for cell, width in zip(cells, widths, strict=False) if isinstance(cell, str))
    return min(_LINE * max(1, *lines, 1), _HIGHEST)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
