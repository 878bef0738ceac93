"""Two runs held against each other: gone, new, moved, replaced, come back, and verdicts that turned."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netaudit.report.progress.changes import KINDS
from netaudit.report.texts import load_texts
from netaudit.store.schema import RunRow
from netaudit.web.comparison import EARLIER, VERDICT, compare, missing
from netaudit.web.page import page, store_of
from netaudit.web.roles import READ, Route

PAGE_ROWS: Final = 200


def comparison(request: Request) -> Response:
    """What happened between two runs that were picked, whichever was named first."""
    runs = store_of(request).runs()
    given = request.query_params
    kind = given.get("kind", "") if given.get("kind") in {*KINDS, VERDICT} else ""
    values = {"old": given.get("old", ""), "new": given.get("new", ""), "kind": kind}
    if not values["old"] and not values["new"]:
        return page(request, "compare.html.j2", runs=runs, values=values, error="", pair=(), found=None, here="/runs")
    new, old = sorted((_named(runs, values[name]) for name in ("old", "new")), key=runs.index)
    values |= {"old": old.run, "new": new.run}
    error = "Pick two different runs." if old is new else missing(old) or missing(new)
    if error:
        return page(
            request, "compare.html.j2", 422, runs=runs, values=values, error=error, pair=(), found=None, here="/runs"
        )
    found = compare(old, new, _before(runs, old))
    rows, number = found.of(kind), _number(given.get("page", ""))
    shown = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    texts = load_texts()
    kinds = {name: texts(f"diff.{name}") for name in KINDS} | {VERDICT: texts("diff.verdict")}
    return page(
        request, "compare.html.j2", runs=runs, values=values, error="", pair=(old, new), found=found, rows=shown,
        total=len(rows), number=number, pages=max(1, -(-len(rows) // PAGE_ROWS)), kinds=kinds, earlier=EARLIER,
        here="/runs",
    )  # fmt: skip


def _named(runs: list[RunRow], name: str) -> RunRow:
    for run in runs:
        if run.run == name:
            return run
    raise HTTPException(404, "There is no such run in the store.")


def _before(runs: list[RunRow], old: RunRow) -> list[RunRow]:
    """The runs of the same organisation right before one; `runs`: the latest first."""
    rest = runs[runs.index(old) + 1 :]
    return [run for run in rest if run.organisation == old.organisation][:EARLIER]


def _number(text: str) -> int:
    return max(1, int(text[:6])) if text.isascii() and text.isdigit() else 1


ROUTES = (Route("GET", "/compare", READ, comparison),)
