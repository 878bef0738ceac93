"""The inventory: every device, filtered, searched, sorted, page by page; saved views."""

from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy import delete, select
from starlette.requests import Request
from starlette.responses import Response

from netaudit.store.schema import ViewRow
from netaudit.store.units import FILTERS, SORTS, Query, page_of
from netaudit.web.forms import Form, read_form
from netaudit.web.page import fragment, page, store_of, to
from netaudit.web.roles import READ, Route

PAGE_ROWS: Final = 50
_LONGEST: Final = 200


def parameters(request: Request) -> dict[str, Any]:
    """Return the filters of a query string, with what is not known left out."""
    given = request.query_params
    values: dict[str, Any] = {name: [v[:_LONGEST] for v in given.getlist(name) if v][:50] for name in FILTERS}
    values["q"] = given.get("q", "")[:_LONGEST].replace("\0", "")
    values["show"] = given.get("show", "") if given.get("show") in {"all", "others", "gone", "relabelled"} else ""
    sort = given.get("sort", "")
    values["sort"] = sort if sort.lstrip("-") in SORTS else ""
    number = given.get("page", "")
    values["page"] = int(number) if number.isdigit() and int(number[:7]) > 0 else 1
    return values


def query_of(values: dict[str, Any], limit: int = PAGE_ROWS) -> Query:
    """Return the query of the store that these filters mean."""
    show = values["show"]
    return Query(
        {name: values[name] for name in FILTERS if values[name]},
        search=values["q"],
        gone=True if show == "gone" else None,
        relabelled=True if show == "relabelled" else None,
        surveillance={"": True, "others": False}.get(show),
        sort=values["sort"] or "verdict",
        offset=(values["page"] - 1) * limit,
        limit=limit,
    )


def inventory(request: Request) -> Response:
    """The list; only its rows where htmx asks for them."""
    values = parameters(request)
    wanted = query_of(values)
    with store_of(request).reading() as session:
        rows, total = page_of(session, wanted)
        known: dict[str, Any] = {
            "rows": rows,
            "total": total,
            "values": values,
            "pages": max(1, -(-total // PAGE_ROWS)),
        }
        if fragment(request):
            return page(request, "_devices.html.j2", **known)
        choices = request.app.state.choices.of(session)
        views = session.scalars(select(ViewRow).where(ViewRow.who == request.state.person.name).order_by(ViewRow.name))
        return page(request, "devices.html.j2", choices=choices, views=list(views), **known)


def keep_view(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Keep the present filters under a name; the same name is replaced."""
    name, query = form.text("name", needed="A name.", longest=80), form.text("query", longest=2000)
    person = request.state.person
    if form.errors:
        return to("/devices", "A saved view needs a name of up to 80 characters.")
    with store_of(request).writing() as session:
        session.execute(delete(ViewRow).where(ViewRow.who == person.name, ViewRow.name == name))
        session.add(ViewRow(who=person.name, name=name, query=query))
    return to("/devices", f"The view is kept as {name}.")


def drop_view(request: Request, view: int) -> Response:
    """Forget a saved view of one's own."""
    with store_of(request).writing() as session:
        session.execute(delete(ViewRow).where(ViewRow.id == view, ViewRow.who == request.state.person.name))
    return to("/devices")


ROUTES = (
    Route("GET", "/devices", READ, inventory),
    Route("POST", "/views", READ, keep_view),
    Route("POST", "/views/{view}/drop", READ, drop_view),
)
