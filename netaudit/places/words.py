"""Words of the sheets: where cells come from, for people and for the column that says it."""

from collections.abc import Sequence
from typing import Final

from netaudit.places.columns import EMPTY, LOOKED_UP, MEASURED, TYPED, Column
from netaudit.places.rows import Row

LEGEND: Final = {
    MEASURED: "grey: the run measured it; what is typed over it is told and not taken",
    LOOKED_UP: "blue and slanted: looked up from the model or the network; what you type instead wins",
    TYPED: "white and bold: somebody typed it; it stays through every later scan",
    EMPTY: "yellow with a dotted border: nobody knows yet; yours to fill",
}


def how_known(row: Row, columns: Sequence[Column]) -> str:
    """Return in one cell where the cells of a row come from: "looked up: Form, Lens; typed: Floor"."""
    parts = []
    for origin in (MEASURED, LOOKED_UP, TYPED):
        names = [column.label for column in columns if row.cells[column.id].origin == origin]
        if names:
            parts.append(f"{origin.replace('_', ' ')}: {', '.join(names)}")
    return "; ".join(parts)
