"""The tables of the report as data: for every format that is made of tables (workbook, PDF, Markdown)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netaudit.policy.finding import STATUS_ORDER, Status
from netaudit.report import sentences
from netaudit.report.texts import Texts
from netaudit.report.verdict import rank
from netaudit.report.views import Card, PhaseView, PlanRow, PolicyRow, Report, SiteRow

Cell: TypeAlias = str | int | float
Kind: TypeAlias = Literal["text", "number", "amount", "share", "status", "mono"]
DASH = "\u2013"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells are, and its width in characters.

    A status cell holds the status's word, an amount hundredths. Where there is nothing to count, any cell is a text.
    """

    head: str
    kind: Kind = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. `statuses`: for each row the status that colours its status cell, "" for none.

    `foot`: the row of totals, where there is one.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    statuses: tuple[str, ...] = ()
    foot: tuple[Cell, ...] = ()


def schedule(report: Report, texts: Texts) -> Table:
    """Return every unit: number, verdict, kind, site, address, label, maker, confidence, model, serial, phase."""
    columns = (
        Column(texts("schedule.no"), "number", 5), Column(texts("schedule.status"), "status", 17),
        Column(texts("schedule.type"), "text", 13), Column(texts("schedule.site")),
        Column(texts("schedule.address"), "mono", 15), Column(texts("schedule.brand")),
        Column(texts("schedule.maker"), "text", 20), Column(texts("schedule.confidence"), "share", 11),
        Column(texts("schedule.model"), "text", 18), Column(texts("schedule.serial"), "mono", 20),
        Column(texts("schedule.phase"), "number", 6),
    )  # fmt: skip
    rows = tuple(_unit(card, texts) for card in report.units)
    return Table(texts("schedule.heading"), columns, rows, tuple(card.status for card in report.units))


def _unit(card: Card, texts: Texts) -> tuple[Cell, ...]:
    device = card.device
    return (
        card.no, texts(f"status.{card.status}"), kind(card, texts), card.site or DASH, address(card),
        device.brand.name or device.brand.value or DASH, device.maker.name or device.maker.value or DASH,
        device.maker.confidence if device.maker.value else DASH, device.model.value or DASH,
        device.serial.value or DASH, DASH if card.phase is None else card.phase,
    )  # fmt: skip


def sites(report: Report, texts: Texts) -> Table:
    """Return each site with its units by verdict."""
    shown: list[Status] = [status for status in STATUS_ORDER if report.answer.counts.get(status)]
    columns = (
        Column(texts("sites.site"), "text", 22), Column(texts("sites.units"), "number", 8),
        *(Column(texts(f"status.{status}"), "number", 10) for status in shown),
        Column(texts("sites.human"), "number", 9), Column(texts("sites.missed"), "number", 9),
    )  # fmt: skip

    def row(site: SiteRow) -> tuple[Cell, ...]:
        counts = (site.counts.get(status, 0) for status in shown)
        return (site.site or texts("page.no_site"), site.units, *counts, site.human, site.not_reached)

    return Table(texts("sites.caption"), columns, tuple(map(row, report.sites)))


def policies(report: Report, texts: Texts, groups: Sequence[str]) -> Table:
    """Return the policies of some groups (binds, may_bind, passes_by, information) with the units they meet."""
    columns = (
        Column(texts("policies.policy"), "text", 40), Column(texts("policies.place"), "text", 16),
        Column(texts("policies.citation"), "text", 34), Column(texts("status.covered"), "number", 9),
        Column(texts("status.likely"), "number", 9), Column(texts("status.depends"), "number", 9),
        Column(texts("policies.checked"), "text", 11),
    )  # fmt: skip

    def row(item: PolicyRow) -> tuple[Cell, ...]:
        view, counts = item.policy, item.counts
        numbers = (counts.get("covered", 0), counts.get("likely", 0), counts.get("depends", 0))
        return (f"{view.title} ({view.id})", view.jurisdiction, view.citation, *numbers, view.checked)

    return Table(
        texts("policies.heading"), columns, tuple(row(item) for item in report.policies if item.group in groups)
    )


def phase(report: Report, view: PhaseView, texts: Texts) -> Table:
    """Return the units of one phase with what replaces them; of a plan by periods also cost and reason."""
    # All phases have the same columns: a workbook puts them below each other.
    everyone = [row for phase_ in report.phases for row in phase_.rows]
    timed, priced = any(row.because for row in everyone), any(row.cost or row.cost_note for row in everyone)
    columns = (
        Column(texts("plan.unit"), "number", 6), Column(texts("schedule.address"), "mono", 19),
        Column(texts("schedule.site")), Column(texts("schedule.status"), "status", 17),
        Column(texts("plan.score"), "number", 7), Column(texts("plan.parts"), "text", 36),
        Column(texts("plan.replacement"), "text", 34), Column(texts("plan.deadline"), "text", 13),
        *((Column(texts("period.cost"), "text", 34),) if priced else ()),
        *((Column(texts("plan.why"), "text", 42),) if timed else ()),
    )  # fmt: skip
    rows = tuple(
        (
            *_planned(row, texts), *((_cost(row, texts),) if priced else ()),
            *((texts.say(sentences.named(row.because, report, texts)),) if timed else ()),
        )
        for row in view.rows
    )  # fmt: skip
    return Table(texts("plan.caption", number=view.number), columns, rows, tuple(row.status for row in view.rows))


def unplaced(report: Report, texts: Texts) -> Table:
    """Return the units that the plan could not place, with the reason."""
    columns = (
        Column(texts("plan.unit"), "number", 6), Column(texts("schedule.address"), "mono", 15),
        Column(texts("schedule.site"), "text", 18), Column(texts("plan.why"), "text", 90),
    )  # fmt: skip
    rows = []
    for device, why in report.unplaced:
        card = report.by_device.get(device)
        told = texts.say(sentences.named(why, report, texts))
        rows.append((card.no, address(card), card.site or DASH, told) if card else (DASH, device, DASH, told))
    return Table(texts("plan.unplaced_caption"), columns, tuple(rows))


def _planned(row: PlanRow, texts: Texts) -> tuple[Cell, ...]:
    parts = "; ".join(f"{texts.say(part.label)} {part.points:+d}" for part in row.parts if part.points)
    card = row.card
    return (
        card.no if card else DASH, address(card) if card else texts("plan.not_heard"), row.site or DASH,
        texts(f"status.{row.status}"), row.score, parts or DASH,
        texts.say_list(row.replacement.name) if row.replacement else texts("plan.replacement_none"),
        row.deadline or DASH,
    )  # fmt: skip


def _cost(row: PlanRow, texts: Texts) -> str:
    note = texts.say(row.cost_note)
    return f"{texts.figures(row.cost)}: {note}" if row.cost else note or DASH


def coverage(report: Report, texts: Texts) -> Table:
    """Return each network with how many of its addresses were heard."""
    columns = (
        Column(texts("limits.network"), "mono", 20), Column(texts("limits.site"), "text", 18),
        Column(texts("limits.addresses"), "number", 10), Column(texts("limits.excluded"), "number", 10),
        Column(texts("limits.heard"), "number", 10), Column(texts("limits.missed"), "number", 11),
    )  # fmt: skip
    rows = tuple(
        (
            net.cidr, net.site or DASH, texts("limits.uncountable") if net.addresses is None else net.addresses,
            net.excluded, net.heard, net.not_reached,
        )
        for net in report.limits.networks
    )  # fmt: skip
    return Table(texts("limits.coverage"), columns, rows)


def not_seen(report: Report, texts: Texts) -> Table:
    """Return the addresses that stayed silent by outcome, with ranges and reasons."""
    columns = (
        Column(texts("limits.outcome"), "text", 16), Column(texts("limits.count"), "number", 10),
        Column(texts("limits.which"), "text", 60), Column(texts("limits.reasons"), "text", 50),
    )  # fmt: skip

    def row(outcome: str, count: int, ranges: Sequence[str], more: int, reasons: str) -> tuple[Cell, ...]:
        which = ", ".join([*ranges, *([texts("limits.more", n=more)] if more else [])])
        return (texts(f"outcome.{outcome}"), count, which or texts("limits.no_ranges"), reasons or DASH)

    rows = tuple(
        row(g.outcome, g.addresses, g.ranges, g.more,
            "; ".join(texts("limits.reason_count", reason=texts.say(why), n=n) for why, n in g.reasons))
        for g in report.limits.groups
    )  # fmt: skip
    return Table(texts("limits.groups"), columns, rows)


def shown(cell: Cell, column: Column, texts: Texts) -> str:
    """Return a cell as it is written for people."""
    if isinstance(cell, str):
        return cell
    if column.kind == "share":
        return texts.percent(cell)
    return texts.amount(int(cell)) if column.kind == "amount" else texts.number(int(cell))


def kind(card: Card, texts: Texts) -> str:
    """Return the word for what the unit is."""
    return texts(f"type.{card.device.type.value or 'unknown'}")


def address(card: Card) -> str:
    """Return the address at which the unit was heard last."""
    return card.device.addresses[0] if card.device.addresses else DASH


def by_need(cards: Sequence[Card], key: Callable[[Card], int] = lambda card: card.no) -> list[Card]:
    """Return cards with those first that need action most."""
    return sorted(cards, key=lambda card: (rank(card.status), key(card)))
