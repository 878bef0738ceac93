"""The workbook: written with styles and lists of choices, read with every suspicion. Only this file knows openpyxl."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.places.columns import EMPTY, HOW_KNOWN, LOOKED_UP, MEASURED, SHEETS, TYPED, Column, Layout
from netaudit.places.grid import Grid, HeadingTest, Read, heading_row
from netaudit.places.paper import height_of, pages_wide, widths
from netaudit.places.rows import Row
from netaudit.places.words import LEGEND, how_known

_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_UNPACKED: Final = 512 * 1024 * 1024
_MAX_MEMBERS: Final = 2000
_MAX_ROWS: Final = 100_000
_MAX_COLUMNS: Final = 500
# The columns that stay in sight, and on every page: id, serial number and the like.
_KNOWN_BY: Final = 3
_FONT: Final = "Calibri"
_LEGEND_WIDTHS: Final = (12, 38, 16, 12, 12, 46, 60)
_EXPECTED: Final = "an .xlsx workbook as `netaudit register export` writes it"
# Fill, and a sign of its own for each origin, so that nothing hangs on colour alone: weight, slant, border.
_FILLS: Final = {MEASURED: "E7E6E6", LOOKED_UP: "DDEBF7", TYPED: "FFFFFF", EMPTY: "FFF9E5"}


def to_xlsx(sheets: Mapping[str, Sequence[Row]], layout: Layout) -> bytes:
    """Return the workbook: one sheet each, and a legend. Texts are texts: none can become a formula or a link."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet, columns in layout.sheets.items():
        _write_sheet(book.create_sheet(SHEETS[sheet]), sheets[sheet], columns)
    _write_legend(book.create_sheet("Legend"), layout)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_xlsx(raw: bytes, path: Path, layout: Layout) -> list[Grid]:
    """Read the sheets that the layout knows. Raises DataError for what is no safe workbook; runs nothing."""
    _check_package(raw, path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(raw), data_only=False, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its parts raise: for us it is one thing, a file that cannot be used.
        raise DataError(str(path), f"cannot be read: {type(error).__name__}: {error}"[:300], _EXPECTED) from error
    grids = [grid for sheet in book.worksheets if (grid := _grid(sheet, layout, path)) is not None]
    if not grids:
        raise DataError(str(path), "holds no sheet with the headings of the schedule", _EXPECTED)
    return grids


def _check_package(raw: bytes, path: Path) -> None:
    if len(raw) > _MAX_BYTES:
        raise DataError(str(path), f"is {len(raw)} bytes long", f"at most {_MAX_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = package.infolist()
            if len(members) > _MAX_MEMBERS or sum(item.file_size for item in members) > _MAX_UNPACKED:
                raise DataError(str(path), "unpacks to more than a schedule can hold", _EXPECTED)
            for item in members:
                if item.filename.endswith((".xml", ".rels")) and _has_doctype(package, item):
                    raise DataError(str(path), f"holds a document type in {item.filename[:100]}", _EXPECTED)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise DataError(str(path), f"is no workbook: {error}", _EXPECTED) from error


def _has_doctype(package: zipfile.ZipFile, item: zipfile.ZipInfo) -> bool:
    # A document type stands before the first element, and only there.
    with package.open(item) as member:
        start = member.read(65536)
    return b"<!DOCTYPE" in start or b"<!\x00D\x00O" in start or b"<!ENTITY" in start


def _grid(sheet: Any, layout: Layout, path: Path) -> Grid | None:
    kind = next((name for name, title in SHEETS.items() if title.casefold() == str(sheet.title).casefold()), None)
    if (sheet.max_row or 0) > _MAX_ROWS or (sheet.max_column or 0) > _MAX_COLUMNS:
        raise DataError(str(path), f"{sheet.title} is {sheet.max_row} rows by {sheet.max_column} columns", _EXPECTED)
    kind = kind or "schedule"
    rows = [(number, _read_row(cells)) for number, cells in enumerate(sheet.iter_rows(), 1)]
    known = HeadingTest(text for column in layout.sheets[kind] for text in (column.label, column.id))
    top = heading_row(rows, known)
    if top is None:
        return None
    head = {n: str(cell.value) for n, cell in dict(rows)[top].items() if cell.value not in (None, "")}
    merged = _merged(sheet)
    body = {
        number: {n: Read(c.value, c.formula, (number, n) in merged) for n, c in cells.items()}
        for number, cells in rows
        if number > top
    }
    return Grid(kind, str(sheet.title), head, body)


def _read_row(cells: Iterable[Any]) -> dict[int, Read]:
    return {number: Read(cell.value if cell.data_type != "f" else str(cell.value), cell.data_type == "f")
            for number, cell in enumerate(cells, 1)}  # fmt: skip


def _merged(sheet: Any) -> set[tuple[int, int]]:
    """Return the cells that hang on another one: all of a merged range but its first."""
    found: set[tuple[int, int]] = set()
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > _MAX_ROWS:
            continue
        cells = {(row, column) for row in range(area.min_row, area.max_row + 1)
                 for column in range(area.min_col, area.max_col + 1)}  # fmt: skip
        found |= cells - {(area.min_row, area.min_col)}
    return found


def _write_sheet(sheet: Any, rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    own = list(dict.fromkeys(name for row in rows for name in row.extra))
    heads = [*(column.label for column in columns), HOW_KNOWN, *own]
    sheet.freeze_panes = "D2"
    longest = [max((len(row.cells[c.id].value) for row in rows), default=0) for c in columns]
    wide = [*widths(columns, longest), *(max(10, min(28, len(head) + 3)) for head in heads[len(columns) :])]
    for number, width in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = height_of(heads, wide)
    _on_paper(sheet, wide if own else wide[: len(columns)], len(rows))
    for number, column in enumerate(columns, 1):
        if column.values and column.editable:
            choice = DataValidation(type="list", formula1='"' + ",".join(column.values) + '"', allow_blank=True)
            choice.error, choice.errorTitle = f"One of: {', '.join(column.values)}"[:255], column.label[:32]
            letter = get_column_letter(number)
            choice.add(f"{letter}2:{letter}{len(rows) + 200}")
            sheet.data_validations.append(choice)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
    styles = _Styles()
    sheet.append([styles.cell(sheet, head, Font(_FONT, 11, bold=True), Alignment(wrap_text=True)) for head in heads])
    for row in rows:
        cells = [styles.of(sheet, row.cells[c.id].value, c, row.cells[c.id].origin) for c in columns]
        rest = [how_known(row, columns), *(row.extra.get(name, "") for name in own)]
        sheet.append([*cells, *(styles.text(sheet, text) for text in rest)])


def _on_paper(sheet: Any, wide: Sequence[int], rows: int) -> None:
    """Every page has the heads and the columns by which a unit is known; the rest is shrunk onto as few as are read."""
    from openpyxl.utils import get_column_letter

    _shrunk(sheet, pages_wide(wide, _KNOWN_BY))
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:C"
    sheet.print_area = f"A1:{get_column_letter(len(wide))}{rows + 1}"


def _shrunk(sheet: Any, pages: int) -> None:
    """Print a sheet on so many pages side by side."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"


class _Styles:
    """Cells of the workbook, each style made once."""

    def __init__(self) -> None:
        from openpyxl.styles import Border, Font, PatternFill, Side

        thin = Side(style="dotted", color="FF808080")
        self._fills = {name: PatternFill("solid", start_color="FF" + fill) for name, fill in _FILLS.items()}
        self._fonts = {
            # Named, since a font without a name is another one in every program.
            MEASURED: Font(_FONT, 11, color="FF404040"), LOOKED_UP: Font(_FONT, 11, italic=True),
            TYPED: Font(_FONT, 11, bold=True), EMPTY: Font(_FONT, 11),
        }  # fmt: skip
        self._borders = {EMPTY: Border(left=thin, right=thin, top=thin, bottom=thin)}
        self._made: dict[tuple[str, bool, bool], Any] = {}

    def of(self, sheet: Any, value: str, column: Column, origin: str) -> Any:
        """Return a cell in the style of its origin; numbers and days as such, so that they sort."""
        cell = self.text(sheet, value)
        if value and column.kind == "number" and _is_number(value):
            cell.value = float(value) if "." in value else int(value)
        elif value and column.kind == "date":
            cell.value, cell.number_format = _as_day(value), "yyyy-mm-dd"
        key = (origin, column.kind == "date" and bool(value), bool(cell.quotePrefix))
        if key not in self._made:
            cell.fill, cell.font = self._fills[origin], self._fonts[origin]
            if origin in self._borders:
                cell.border = self._borders[origin]
            self._made[key] = cell
        # Taking a made style over is ten times faster than describing it again for every cell.
        cell._style = self._made[key]._style
        return cell

    @staticmethod
    def text(sheet: Any, value: str) -> Any:
        """Return a cell that is text whatever it starts with: never a formula."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        cell = WriteOnlyCell(sheet, None)
        if value:
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:32_000]
            cell.data_type = "s"
            # Spreadsheets show such a text as it is, also after it was edited.
            cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        return cell

    @classmethod
    def cell(cls, sheet: Any, value: str, font: Any, alignment: Any) -> Any:
        """Return a text cell with this font."""
        cell = cls.text(sheet, value)
        cell.font, cell.alignment = font, alignment
        return cell


def _write_legend(sheet: Any, layout: Layout) -> None:
    from openpyxl.styles import Alignment, Font

    styles = _Styles()
    blank = Column("", "")
    for letter, width in zip("ABCDEFG", _LEGEND_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _shrunk(sheet, 1)
    for origin, meaning in LEGEND.items():
        sheet.append([styles.of(sheet, origin.replace("_", " "), blank, origin), styles.text(sheet, meaning)])
    sheet.append([])
    heads = ("Sheet", "Heading", "Group", "Filled by", "Type", "Choices", "Help")
    sheet.append([styles.cell(sheet, head, Font(_FONT, 11, bold=True), Alignment()) for head in heads])
    broken = Alignment(wrap_text=True, vertical="top")
    for name, columns in layout.sheets.items():
        for column in columns:
            kind = column.kind.replace("_", " or ")
            cells = (SHEETS[name], column.label, column.group, column.origin.replace("_", " "), kind,
                     ", ".join(column.values), column.help)  # fmt: skip
            sheet.append([styles.cell(sheet, text, Font(_FONT, 11), broken) for text in cells])


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit() and len(text) <= 15


def _as_day(text: str) -> object:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
