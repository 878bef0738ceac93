"""Notices: what could not be delivered and may be tried again, what is on its way, what people were told, and turns."""

from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.report.texts import load_texts
from netaudit.report.told import event_text
from netaudit.store import outbox
from netaudit.store.people import Author, note
from netaudit.store.turns import latest_turns
from netaudit.web.forms import Form, read_form
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import MANAGE, NOTICES, Route

_SHOWN: Final = 100


def listing(request: Request) -> Response:
    """Messages by what became of them, the dead letters first; the events behind them; the latest regular runs."""
    settings = request.app.state.settings
    with store_of(request).reading() as session:
        found: dict[str, Any] = {
            state: outbox.deliveries(session, (state,), _SHOWN) for state in (outbox.DEAD, outbox.WAITING, outbox.SENT)
        }
        dead = outbox.dead_letters(session)
        events = outbox.latest_events(session, _SHOWN)
        turns = latest_turns(session, _SHOWN // 4)
    texts = load_texts()
    told = [(row, event_text(row.kind, row.details, texts)) for row in events]
    return page(
        request, "notices.html.j2", found=found, total=dead, told=told, turns=turns, shown=_SHOWN,
        can_send=settings.notices.is_file(),
    )  # fmt: skip


def retry(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Try a dead letter again, or all: at once where the settings are at hand, else with the next sending."""
    number = form.text("number", longest=9)
    if number and not (number.isascii() and number.isdigit()):
        raise UsageError("a message is named by its number")
    numbers = [int(number)] if number else []
    by, store = Author(request.state.person.name, rfc3339(now())), store_of(request)
    with store.writing() as session:
        count = outbox.revive(session, numbers, by.at)
        note(session, by, "retry notices", number or "all", {"messages": count})
    if not count:
        return to("/notices", "There is no such dead letter.")
    settings = request.app.state.settings
    if not settings.notices.is_file():
        return to("/notices", "They wait for the next sending: `netaudit notices send`, or the timer.")
    commands = [["notices", "send", "--notices", str(settings.notices), "--store", store.place.where]]
    leads = ("/notices", "Notices")
    job = request.app.state.jobs.run("Notices sent again", commands, by.who, by.at, "notices", leads)
    return to(f"/scan/{job.number}")


ROUTES = (Route("GET", "/notices", NOTICES, listing), Route("POST", "/notices/retry", MANAGE, retry))
