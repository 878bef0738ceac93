"""Rebuild the registry tables in this folder from a Wireshark-style `manuf` file: `python build.py MANUF_FILE`.

Reads lines `AA:BB:CC[:..][/bits] TAB [short] TAB organisation` and writes `mal.csv`, `mam.csv`, `mas.csv`, `iab.csv`
(columns prefix, organisation; sorted by prefix). Prints rows and SHA-256 of every table, for SOURCE.md.
"""

import csv
import hashlib
import sys
from pathlib import Path

DIGITS = {24: 6, 28: 7, 36: 9}
# The two blocks that the registry cut into individual address blocks before MA-S existed.
IAB_BLOCKS = ("0050C2", "40D855")
# DEC's blocks predate the meaning of the local bit; every other prefix with second digit A is a company id, not a MAC.
LOCAL_BUT_ASSIGNED = "AA00"


def main(source: Path, folder: Path) -> None:
    """Convert `source` and write the four tables into `folder`."""
    tables: dict[str, dict[str, str]] = {"mal": {}, "mam": {}, "mas": {}, "iab": {}}
    for line in source.read_text(encoding="utf-8").splitlines():
        if row := parse(line):
            prefix, organisation = row
            tables[table_of(prefix)][prefix] = organisation
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([("prefix", "organisation"), *sorted(rows.items())])
        sys.stdout.write(f"{path.name} {len(rows)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n")


def parse(line: str) -> tuple[str, str] | None:
    """Return (prefix in upper-case hex digits, organisation); None for comments and company ids."""
    address, _, names = line.partition("\t")
    if not names or address.startswith("#"):
        return None
    digits, _, bits = address.partition("/")
    prefix = digits.replace(":", "").upper()[: DIGITS[int(bits or 24)]]
    if prefix[1] == "A" and not prefix.startswith(LOCAL_BUT_ASSIGNED):
        return None
    return prefix, " ".join(names.split("\t")[-1].split())


def table_of(prefix: str) -> str:
    """Return which table a prefix belongs to: its length decides, and the two old blocks."""
    if len(prefix) == 9:
        return "iab" if prefix.startswith(IAB_BLOCKS) else "mas"
    return {6: "mal", 7: "mam"}[len(prefix)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
