"""The README's table, printed by `python -m netaudit.demo.summary`: what each device is, what a scan must say."""

import sys
from typing import Final

from netaudit.demo.expected import Expected, expected

_SURVEILLANCE: Final = frozenset({"camera", "recorder", "encoder", "intercom", "access_control"})


def markdown() -> str:
    """Return the table, one line a device."""
    head = ["| address | in truth | a scan says |", "| --- | --- | --- |"]
    return "\n".join(head + [f"| {row.address} | {_truth(row)} | {_says(row)} |" for row in expected()]) + "\n"


def _truth(row: Expected) -> str:
    truth = row.truth
    maker = f" by {truth.maker}" if truth.maker else ""
    label = f", sold as {truth.brand}" if truth.brand and truth.brand != truth.maker else ""
    return f"{truth.type}{maker}{label}"


def _says(row: Expected) -> str:
    if not row.seen:
        return "nothing"
    if row.truth.type not in _SURVEILLANCE:
        return "no camera"
    if row.contradicts:
        return "the clues contradict each other"
    if row.maker is None:
        return "that it is there"
    if not row.maker:
        return "maker not known"
    return f"maker {row.maker}, at least {row.at_least}{', relabelled' if row.relabelled else ''}"


if __name__ == "__main__":
    sys.stdout.write(markdown())
