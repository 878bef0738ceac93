"""The overview: how many covered units at which sites, what changed, what needs a human."""

from starlette.requests import Request
from starlette.responses import Response

from netaudit.policy.finding import STATUS_ORDER
from netaudit.store.outbox import dead_letters
from netaudit.store.schema import RunRow
from netaudit.store.units import Query, altered, by_site, page_of
from netaudit.web.page import page, store_of
from netaudit.web.roles import NOTICES, READ, Route

_SHOWN = 8


def overview(request: Request) -> Response:
    """Answer first; then sites, what changed since the run before, and the next things to look at."""
    store = store_of(request)
    runs = store.runs()
    with store.reading() as session:
        sites = by_site(session)
        totals = {s: sum(counted.get(s, 0) for counted in sites.values()) for s in STATUS_ORDER}
        human = Query({"verdict": ["likely", "depends", "unknown"]}, surveillance=True, limit=_SHOWN)
        gone = Query({"verdict": ["covered", "likely"]}, gone=True, limit=_SHOWN)
        fresh = Query(seen_first=runs[0].started, surveillance=True, limit=_SHOWN) if len(runs) > 1 else None
        changed = altered(session, runs[0].started) if len(runs) > 1 else 0
        dead = dead_letters(session) if request.state.person.may(NOTICES) else 0
        lists = {
            "human": page_of(session, human),
            "gone": page_of(session, gone),
            "fresh": page_of(session, fresh) if fresh else ([], 0),
        }
    return page(
        request, "overview.html.j2", sites=sites, totals=totals, lists=lists, runs=runs[:5], before=_before(runs),
        changed=changed, dead=dead,
    )  # fmt: skip


def _before(runs: list[RunRow]) -> RunRow | None:
    """The run that the latest one is held against: the one before it of the same organisation."""
    return next((run for run in runs[1:] if run.organisation == runs[0].organisation), None)


ROUTES = (Route("GET", "/", READ, overview),)
