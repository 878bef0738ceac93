"""A form filled from a report and a case: each field has a value, or says who completes it, or why it is empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from netaudit.policy.finding import Finding
from netaudit.report.forms.case import Case
from netaudit.report.forms.deadline import due, told
from netaudit.report.forms.definition import Field, Form
from netaudit.report.views import Card, Report

State: TypeAlias = Literal["filled", "open", "explained"]
_LISTED: Final = frozenset({"covered", "likely"})


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a filled form. `text`: the value, or the hint who knows it, or the explanation."""

    label: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class FilledUnit:
    """One unit on the form: its number in the report, what it is called, its fields."""

    no: int
    title: str
    likely: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form. `due`: None without a clock. `assumed`: nobody wrote down when it was discovered."""

    form: Form
    discovered: datetime
    assumed: bool
    due: datetime | None
    rows: tuple[Row, ...]
    units: tuple[FilledUnit, ...]
    waiting: int
    """Units that may be covered, once a fact of the owner is stated: not on the form, and said so."""

    @property
    def open(self) -> int:
        """How many fields a person has to complete."""
        return sum(row.state == "open" for row in (*self.rows, *(row for unit in self.units for row in unit.rows)))


def fill(form: Form, report: Report, case: Case) -> Filled:
    """Fill a form. Covered and likely covered units are listed; one by one where a field is about a unit."""
    discovered, assumed = _discovered(report, case)
    units = [(card, finding) for card in report.units if (finding := _finding(card, form, _LISTED))]
    made = tuple(_unit(form, card, finding, case) for card, finding in units)
    answers = dict(case.answers)
    if case.part_1_sent:
        answers["part_1_sent_at"] = told(case.part_1_sent)
    if assumed:
        # The run is the discovery: how it was found needs nobody's memory.
        answers.setdefault("how", f"network scan, netaudit run {report.run.run}")
    whole = _plan(report)
    rows = tuple(_row(item, answers, None, None, discovered, whole) for item in form.fields if item.level == "form")
    waiting = sum(_finding(card, form, frozenset({"depends"})) is not None for card in report.units) - sum(
        _finding(card, form, frozenset({"depends"})) is not None for card, _ in units
    )
    return Filled(form, discovered, assumed, due(form, discovered, case.part_1_sent), rows, made, waiting)


def _discovered(report: Report, case: Case) -> tuple[datetime, bool]:
    """When it was discovered: as written down, else the end of the run, rounded up to the minute."""
    if case.discovered:
        return case.discovered, False
    try:
        moment = datetime.fromisoformat(report.run.ended or report.run.started).astimezone(UTC)
    except ValueError:
        moment = datetime(1980, 1, 1, tzinfo=UTC)
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1), True


def _finding(card: Card, form: Form, statuses: frozenset[str]) -> Finding | None:
    known = (item for item in card.duties if not form.policies or item.policy in form.policies)
    return next((item for item in known if item.status in statuses), None)


def _unit(form: Form, card: Card, finding: Finding, case: Case) -> FilledUnit:
    device = card.device
    own = next((case.units[key] for key in (device.device, *device.addresses) if key in case.units), {})
    answers = {**case.answers, **own}
    rows = tuple(_row(item, answers, card, finding, None) for item in form.fields if item.level == "unit")
    words = (
        device.brand.name or device.maker.name,
        device.model.value,
        device.addresses[0] if device.addresses else "",
    )
    return FilledUnit(card.no, " ".join(word for word in words if word), finding.status == "likely", rows)


def _row(
    item: Field, answers: Mapping[str, str], card: Card | None, finding: Finding | None, discovered: datetime | None,
    plan: str = "",
) -> Row:  # fmt: skip
    if written := answers.get(item.name):
        return Row(item.label, "filled", written)
    if item.source == "person":
        return Row(item.label, "open", item.hint)
    value = "; ".join(_measured(item, card, finding, discovered)) or (plan if item.source == "plan" else "")
    if value:
        return Row(item.label, "filled", value)
    if item.source == "plan":
        return Row(item.label, "explained", "The plan of this run names no step for it.")
    return Row(item.label, "open", item.hint)


def _plan(report: Report) -> str:
    """Return the phases of the plan in one line, where it has any."""
    phases = (
        f"phase {phase.number}, {phase.title}" + (f" ({len(phase.rows)} units)" if phase.rows else "")
        for phase in report.phases
    )
    return "; ".join(phases)


def _measured(item: Field, card: Card | None, finding: Finding | None, discovered: datetime | None) -> Iterator[str]:
    if item.source == "clock" and discovered:
        yield told(discovered)
    if card and item.source == "device":
        yield from _of_device(item.name, card)
    if finding and item.source == "finding":
        yield finding.why
    if card and item.source == "plan" and card.phase is not None:
        yield f"phase {card.phase} of the plan: {' '.join(card.actions) or 'replace'}"


def _of_device(name: str, card: Card) -> Iterator[str]:
    device = card.device
    known: Mapping[str, str | None] = {
        "brand": device.brand.name or device.brand.value,
        "model": device.model.value,
        "maker": device.maker.name,
        "site": card.site,
        "serial": device.serial.value,
        "item_description": _description(card),
    }
    if text := known.get(name):
        yield text


def _description(card: Card) -> str:
    traits = card.device.traits
    kind = (card.device.type.value or "unknown").replace("_", " ")
    if kind == "unknown":
        return ""
    size = f"{traits['megapixels']} MP" if traits.get("megapixels") else ""
    return ", ".join(dict.fromkeys(part for part in (traits.get("form_factor", ""), kind, size) if part))
