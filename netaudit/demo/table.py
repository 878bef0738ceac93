"""The table of the virtual building in Markdown: the documentation carries a copy, a test keeps it true."""

from itertools import groupby
from typing import Final

from netaudit.demo.expected import Expected, expected

_HEAD: Final = "| address | where | what it is in truth | what a scan must say | remark |\n|---|---|---|---|---|"


def table() -> str:
    """Return one table a site, headed by the site's name."""
    sites = groupby(expected(), key=lambda row: row.site)
    return "\n\n".join(f"### {site}\n\n{_HEAD}\n" + "\n".join(map(_row, rows)) for site, rows in sites) + "\n"


def _row(row: Expected) -> str:
    cells = (row.address, row.place, _truth(row), _say(row), row.note)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _truth(row: Expected) -> str:
    truth = row.truth
    model = f"`{truth.model}`" if truth.model else ""
    made = f"made by {truth.maker}" if truth.maker else ""
    sold = f"sold as {truth.brand}" if truth.brand else ""
    return ", ".join(part for part in (truth.type.replace("_", " "), made, sold, model) if part)


def _say(row: Expected) -> str:
    if row.contradicts:
        return f"clues contradict each other; maker at most {row.at_most}"
    if row.innocent:
        return "no camera" if row.seen else "no camera; may be missed"
    if not row.seen:
        return "nothing"
    said = (
        f"maker **{row.maker}** (at least {row.at_least})" if row.maker else "",
        "maker not known" if row.maker == "" else "",
        f"brand **{row.brand}**" if row.brand else "",
        {True: "**relabelled**", False: "not relabelled", None: ""}[row.relabelled] if row.brand else "",
        f"never {' or '.join(row.never)}" if row.never else "",
    )
    return ", ".join(part for part in said if part) or "that it is there"
