"""The plan board: phases side by side, a unit moved by hand, checked at once, signed off at the end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.plan.amounts import hundredths, plain
from netaudit.plan.board import checks, move
from netaudit.plan.board_money import purses, refit, with_budgets
from netaudit.store.people import Author, Decision, decide, latest_plan, plan_document, save_plan
from netaudit.store.schema import DecisionRow, PlanRow, UnitRow
from netaudit.store.store import Store
from netaudit.store.units import named
from netaudit.web.forms import Form, read_form
from netaudit.web.page import fragment, page, store_of, to
from netaudit.web.roles import EDIT, READ, Route

MAIN: Final = "main"
SIGN_OFF: Final = "sign_off"


def board(request: Request) -> Response:
    """The newest version of the plan; before there is one, the offer to take it from the latest run."""
    return _board(request)


def begin(request: Request) -> Response:
    """Take the plan of the latest run as the next version."""
    store, person = store_of(request), request.state.person
    run = store.run(None)
    document = _plan_of(Path(run.folder))
    with store.writing() as session:
        latest = latest_plan(session, MAIN)
        after = latest.version if latest else 0
        save_plan(session, MAIN, after, run.run, document, f"taken from the run {run.run}", _author(person.name))
    return to("/plan", "The plan of the latest run is on the board.")


def move_unit(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Put a unit into another phase; a version that somebody else replaced is refused."""
    device, phase, version = form.text("device", longest=80), form.text("phase", longest=6), form.version()
    person = request.state.person
    if not phase.isdigit():
        raise UsageError("a phase is a number")
    with store_of(request).writing() as session:
        document = plan_document(session, MAIN, version)
        changed = move(document, device, int(phase), person.name)
        latest = latest_plan(session, MAIN)
        why = f"{device} to phase {phase}"
        save_plan(session, MAIN, version, latest.run if latest else "", changed, why, _author(person.name))
    return _board(request, moved=device) if fragment(request) else to("/plan", "Moved.")


def budgets(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Other budgets for the phases, after a cut; on request what has no money left moves to later phases."""
    version, by = form.version(), _author(request.state.person.name)
    with store_of(request).writing() as session:
        document = plan_document(session, MAIN, version)
        known = purses(document)
        given = {phase: _amount(form, f"budget-{phase}") for phase in known}
        if form.errors or not known:
            return _board(request, errors=form.errors, typed=form.values, status=422)
        changed = with_budgets(
            document, {phase: amount for phase, amount in given.items() if amount is not None}, by.who
        )
        moved = 0
        if form.values.get("do") == "refit":
            changed, moved = refit(changed, by.who)
        latest = latest_plan(session, MAIN)
        why = "other budgets" + (f", {moved} units moved to where there is money" if moved else "")
        save_plan(session, MAIN, version, latest.run if latest else "", changed, why, by)
    short = sum(bool(purse.over) for purse in purses(changed).values())
    said = f"{moved} units moved. " if form.values.get("do") == "refit" else ""
    return to(
        "/plan", said + (f"{short} phases cost more than their budget." if short else "Every phase has the money.")
    )


def _amount(form: Form, name: str) -> int | None:
    """A budget in hundredths; None where the field is empty or not there. Notes an error for anything else."""
    text = form.text(name, longest=20)
    amount = hundredths(text) if text else None
    if text and (amount is None or not 0 <= amount <= 10**13):
        form.errors[name] = "An amount, as 12500 or 12,500.50."
    return amount


def sign(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Sign a phase off: who, when, and what was seen."""
    why, phase = form.text("why", needed="What was checked?"), form.text("phase", longest=6)
    if form.errors or not phase.isdigit():
        return _board(request, errors={phase: "What was checked? A sentence is needed."}, status=422)
    with store_of(request).writing() as session:
        details = {"plan": MAIN, "version": form.version(), "phase": int(phase)}
        decide(session, Decision(SIGN_OFF, why, details=details), _author(request.state.person.name))
    return to("/plan", f"Phase {phase} is signed off.")


def _board(
    request: Request, moved: str = "", errors: dict[str, str] | None = None, status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    store = store_of(request)
    with store.reading() as session:
        latest = latest_plan(session, MAIN)
        document = plan_document(session, MAIN, latest.version) if latest else None
        misfits: dict[str, list[str]] = {}
        for misfit in checks(document) if document else ():
            misfits.setdefault(misfit.device, []).append(misfit.text)
        values: dict[str, Any] = {
            "plan": document, "latest": latest, "misfits": misfits, "units": _units(session, document),
            "versions": _versions(session), "signed": _signed(session), "moved": moved, "errors": errors or {},
            "can_begin": _can_begin(store), "purses": purses(document) if document else {}, "typed": typed or {},
            "amount": plain,
        }  # fmt: skip
    return page(request, "_board.html.j2" if fragment(request) else "plan.html.j2", status, **values)


def _units(session: Session, document: dict[str, Any] | None) -> dict[str, UnitRow]:
    return named(
        session, [unit["device"] for phase in (document or {"phases": ()})["phases"] for unit in phase["items"]]
    )


def _versions(session: Session) -> list[PlanRow]:
    return list(session.scalars(select(PlanRow).where(PlanRow.name == MAIN).order_by(PlanRow.version.desc()).limit(12)))


def _signed(session: Session) -> dict[int, DecisionRow]:
    rows = session.scalars(select(DecisionRow).where(DecisionRow.kind == SIGN_OFF, DecisionRow.withdrawn == ""))
    return {row.details["phase"]: row for row in rows if row.details.get("plan") == MAIN}


def _can_begin(store: Store) -> bool:
    runs = store.runs()
    return bool(runs) and (Path(runs[0].folder) / "plan.json").is_file()


def _plan_of(folder: Path) -> Any:
    try:
        return json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("the latest run holds no plan: `netaudit report --run` makes it") from error


def _author(name: str) -> Author:
    return Author(name, rfc3339(now()))


ROUTES = (
    Route("GET", "/plan", READ, board),
    Route("POST", "/plan/begin", EDIT, begin),
    Route("POST", "/plan/move", EDIT, move_unit),
    Route("POST", "/plan/budgets", EDIT, budgets),
    Route("POST", "/plan/sign", EDIT, sign),
)
