"""Reads a price file, CSV or JSON, with a mapping of its columns. Nothing in it is executed, no price is guessed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.plan.amounts import CURRENCY, hundredths
from netaudit.plan.products import TRAITS, Offer, Price, Product, Refusal
from netaudit.plan.project import WATT, PriceSource
from netaudit.policy.reading import is_day

_PRICE: Final = ("price", "price_low", "price_high", "currency", "date", "source")
NAMES: Final = ("model", "maker", *_PRICE, "watts", *TRAITS)
# Headings under which people's files have these columns; compared without case, blanks and signs.
_SYNONYMS: Final = {
    "model": ("model", "product", "articleno", "partnumber", "sku"),
    "maker": ("maker", "manufacturer", "brand", "vendor"),
    "price": ("price", "unitprice", "netprice"),
    "price_low": ("pricelow", "pricefrom", "min"),
    "price_high": ("pricehigh", "priceto", "max"),
    "watts": ("watts", "poewatts", "power"),
}
_MAX_BYTES: Final = 32 * 1024 * 1024
_MAX_ROWS: Final = 100_000
_MAX_CELL: Final = 500


def read_prices(path: Path, how: PriceSource) -> Offer:
    """Read a price file. A row that cannot be used is refused with its number; the file as a whole raises DataError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "your price file") from error
    return parse_prices(raw, path, how)


def parse_prices(raw: bytes, path: Path, how: PriceSource) -> Offer:
    """Parse the bytes of a price file; `path` is only used in messages."""
    if len(raw) > _MAX_BYTES:
        raise DataError(str(path), f"is {len(raw)} bytes long", f"at most {_MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{path}:{line}", "is not UTF-8 text", "a file saved as UTF-8") from error
    rows = _json_rows(text, path) if how.format == "json" else _csv_rows(text, path)
    return _offer(rows, path, how)


def _offer(rows: Iterable[tuple[int, Mapping[str, str]]], path: Path, how: PriceSource) -> Offer:
    products: list[Product] = []
    refused: list[Refusal] = []
    columns: dict[str, str] | None = None
    for number, row in rows:
        if columns is None:
            columns = _columns(row, path, how)
        where = f"{path}:{number}"
        product = _product({name: row.get(own, "").strip() for name, own in columns.items()}, where, how)
        if isinstance(product, Product):
            products.append(product)
        else:
            refused.append(Refusal(where, product))
    return Offer(tuple(products), tuple(refused))


def _columns(row: Mapping[str, str], path: Path, how: PriceSource) -> dict[str, str]:
    """Return our name to the file's: by the mapping, else by what the heading says."""
    for name, own in how.columns.items():
        if name not in NAMES:
            raise DataError(str(path), f"the mapping has the unknown name {name!r}", f"one of {', '.join(NAMES)}")
        if own not in row:
            raise DataError(f"{path}:1", f"has no column {own!r}, which the mapping names", f"one of {', '.join(row)}")
    found = dict(how.columns)
    heads = {_plain(own): own for own in row}
    for name in NAMES:
        for word in _SYNONYMS.get(name, (_plain(name),)):
            if name not in found and word in heads:
                found[name] = heads[word]
    for name in ("model", "maker"):
        if name not in found:
            raise DataError(f"{path}:1", f"has no column for {name}", f"columns = {{ {name} = ... }} in planning.toml")
    if not {"price", "price_high"} & found.keys():
        raise DataError(f"{path}:1", "has no column for a price", "columns = { price = ... } in planning.toml")
    if "currency" not in found and not how.currency:
        why = "a price without a currency is no price: a column currency, or currency = in planning.toml"
        raise DataError(f"{path}:1", "says no currency", why)
    return found


def _product(cells: Mapping[str, str], where: str, how: PriceSource) -> Product | str:
    """Return the product, or the reason why the row cannot be used."""
    if not cells["model"] or not cells["maker"]:
        return "has no model or no maker"
    price = _price(cells, how)
    if isinstance(price, str):
        return price
    watts = 0
    if cells.get("watts"):
        amount = hundredths(cells["watts"], how.decimal)
        if amount is None or amount < 0:
            return f"watts is {cells['watts']!r}, which is no number"
        watts = amount * WATT // 100
    traits = {name: cells[name] for name in TRAITS if cells.get(name)}
    return Product(cells["model"], cells["maker"], traits, watts, price, where)


def _price(cells: Mapping[str, str], how: PriceSource) -> Price | str:
    high_text = cells.get("price_high") or cells.get("price") or ""
    low_text = cells.get("price_low") or cells.get("price") or high_text
    high, low = hundredths(high_text, how.decimal), hundredths(low_text, how.decimal)
    if high is None or low is None:
        return f"the price {(high_text if high is None else low_text)!r} is no number with decimal {how.decimal!r}"
    if not 0 < low <= high:
        return f"the price runs from {low_text} to {high_text}"
    currency = cells.get("currency") or how.currency
    if not CURRENCY.fullmatch(currency):
        return f"the currency is {currency!r}, not three capitals such as EUR"
    day, source = cells.get("date") or how.date, cells.get("source") or how.source
    if not is_day(day):
        return f"the price has no day ({day!r}): a column date, or date = in planning.toml"
    if not source:
        return "the price has no source: a column source, or source = in planning.toml"
    return Price(low, high, currency, day, source)


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    head_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not head:
                head = [cell.strip() for cell in cells]
                if len(set(head)) != len(head):
                    raise DataError(f"{path}:{reader.line_num}", "has two columns of one name", "a name for each")
                continue
            if reader.line_num > _MAX_ROWS:
                raise DataError(str(path), f"has more than {_MAX_ROWS} rows", "a shorter file")
            yield reader.line_num, {name: cell[:_MAX_CELL] for name, cell in zip(head, cells, strict=False)}
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}", f"is not CSV: {error}", "CSV with one heading row") from error


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(str(path), f"is not JSON: {error}", "a list of objects") from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise DataError(str(path), "is no list of objects", '[{"model": ..., "maker": ..., "price": ...}]')
    for number, row in enumerate(data[:_MAX_ROWS], 1):
        yield number, {str(name): _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, list | dict) else str(value)[:_MAX_CELL]


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
