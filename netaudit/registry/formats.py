"""The formats in which the IEEE registries are handed on: the registry's own CSV, and Wireshark-style `manuf` lists."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from netaudit.errors import DataError

TABLES: Final = ("mal.csv", "mam.csv", "mas.csv", "iab.csv")
MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest list known is 4 MB; more than this is a mistake or an attack."""
_BITS: Final = {24: 6, 28: 7, 36: 9}
_IEEE_HEAD: Final = ("Registry", "Assignment", "Organization Name")
# The two blocks that the registry cut into individual address blocks before MA-S existed.
_IAB_BLOCKS: Final = ("0050C2", "40D855")
# DEC's blocks predate the meaning of the local bit; every other prefix with second digit A is a company id, not a MAC.
_LOCAL_BUT_ASSIGNED: Final = "AA00"
_MANUF_LINE: Final = re.compile(r"([0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){2,5})(?:/(\d{2}))?\s*\t(.+)")
_HEX: Final = re.compile(r"[0-9A-F]{6}|[0-9A-F]{7}|[0-9A-F]{9}")
_LONGEST_NAME: Final = 200


class Listed(NamedTuple):
    """One file read: the `form` it came in, and table name to prefix (upper-case hex digits) to organisation."""

    form: str
    tables: dict[str, dict[str, str]]


def read_registry(raw: bytes, where: str) -> Listed:
    """Recognise and read a registry file. Raises DataError when it is none, too long, or holds no block at all."""
    if len(raw) > MAX_BYTES:
        raise DataError(where, f"is {len(raw)} bytes long", f"at most {MAX_BYTES} bytes")
    text = raw.decode("utf-8-sig", "replace")
    if text.startswith(",".join(_IEEE_HEAD)):
        form, rows = "IEEE CSV", _ieee_rows(text, where)
    else:
        form, rows = "manuf", _manuf_rows(text)
    tables: dict[str, dict[str, str]] = {}
    for prefix, name in rows:
        if _HEX.fullmatch(prefix) and name and not _is_company_id(prefix):
            tables.setdefault(table_of(prefix), {})[prefix] = name
    if not tables:
        expected = "the registry's CSV (Registry,Assignment,Organization Name,...) or a Wireshark manuf file"
        raise DataError(where, "holds no MAC block", expected)
    return Listed(form, tables)


def table_of(prefix: str) -> str:
    """Return the table that a prefix belongs to: its length decides, and the two old blocks."""
    if len(prefix) == 9:
        return "iab.csv" if prefix.startswith(_IAB_BLOCKS) else "mas.csv"
    return {6: "mal.csv", 7: "mam.csv"}[len(prefix)]


def _ieee_rows(text: str, where: str) -> Iterator[tuple[str, str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            # The registry lists company ids (CID) in a file of their own; here they would be no MAC addresses.
            if len(row) > 2 and row[0] not in ("Registry", "CID"):
                yield row[1].strip().upper(), _name(row[2:3])
    except csv.Error as error:
        raise DataError(where, f"is broken CSV: {error}", "the file as the registry gives it") from error


def _manuf_rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.startswith("#") and (found := _MANUF_LINE.match(line)):
            bits = int(found[2] or 24)
            if bits in _BITS:
                yield re.sub(r"[:\-]", "", found[1]).upper()[: _BITS[bits]], _name(found[3].split("\t")[-1:])


def _name(cells: Iterable[str]) -> str:
    """White space folded, nothing unprintable, not endless: the name is shown to people."""
    text = " ".join(" ".join(cells).split())
    return "".join(character for character in text if character.isprintable())[:_LONGEST_NAME]


def _is_company_id(prefix: str) -> bool:
    return prefix[1] == "A" and not prefix.startswith(_LOCAL_BUT_ASSIGNED)
