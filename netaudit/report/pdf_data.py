"""What the printed report shows, as plain data in one language: the template lays it out and knows nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from netaudit.report import sentences, tables, timetable
from netaudit.report.pdf_card import card_data
from netaudit.report.printable import printable
from netaudit.report.qr import qr_svg, qr_text
from netaudit.report.tables import Cell, Table
from netaudit.report.texts import Texts
from netaudit.report.views import PhaseView, Report

MANY: Final = 600
"""Units from which on a printed report has no card for those that ask nothing of anybody: nobody pages through more."""


def pdf_data(report: Report, texts: Texts, paper: str) -> dict[str, Any]:
    """Return the data for the template. `paper`: a4 or us-letter."""
    granted, answer = report.scope.authorisation, report.answer
    brief = len(report.units) > MANY
    cards = [
        card for card in report.units if not brief or card.human or card.status in ("covered", "likely", "depends")
    ]
    data = {
        "language": texts.language, "paper": paper, "author": "netaudit", "table_size": 7.6,
        "title": texts("page.title", organisation=granted.organisation, date=report.date),
        "day": _day(report.date), "kicker": texts("page.kicker"), "organisation": granted.organisation,
        "date": report.date, "contents": texts("page.contents"),
        "authorised": texts(
            "page.authorised", name=granted.authorised_by, role=granted.role, reference=granted.reference
        ),
        "found": sentences.found(report, texts), "people": sentences.people(report, texts),
        "missed": sentences.missed(report, texts), "heard": sentences.heard(report, texts),
        "warnings": sentences.warnings(report, texts),
        "figures": [
            [texts.number(answer.covered), texts("answer.figure_covered"), texts("answer.figure_covered_note")],
            [texts.number(answer.human), texts("answer.figure_human"), texts("answer.figure_human_note")],
            [texts.number(answer.not_reached), texts("answer.figure_missed"), texts("answer.figure_silent_note")],
        ],
        "facts": [list(pair) for pair in sentences.run_facts(report, texts)],
        "digest": report.evidence_digest, "digest_intro": texts("cover.evidence"), "qr_alt": texts("cover.qr"),
        "footer": texts("print.footer", run=report.run.run[:40], date=report.date, scope=report.scope_digest[:16]),
        "parts": list(_parts(report, texts)),
        "cards_heading": texts("card.heading"), "cards_intro": _cards_intro(report, len(cards), texts),
        "cards": [card_data(card, texts) for card in cards],
        "sign": _sign(report, texts),
    }  # fmt: skip
    made: dict[str, Any] = _printable(data)
    made["qr"] = qr_svg(qr_text(report.evidence_digest, report.run.run)) if report.evidence_digest else ""
    return made


def _cards_intro(report: Report, shown: int, texts: Texts) -> str:
    left = len(report.units) - shown
    return texts("card.intro") + (f" {texts('pdf.left_out', n=left)}" if left else "")


def _parts(report: Report, texts: Texts) -> Iterator[dict[str, Any]]:
    yield _part(texts("sites.heading"), [_table(tables.sites(report, texts), texts)])
    groups = [name for name in ("binds", "may_bind", "passes_by", "information") if _any(report, name)]
    blocks = [block for name in groups for block in _policies(report, texts, name)]
    yield _part(texts("policies.heading"), blocks or [_text(texts("policies.none"))])
    yield _part(texts("schedule.heading"), [_table(tables.schedule(report, texts), texts)], wide=True)
    yield _part(texts("plan.heading"), _plan(report, texts), wide=True)
    yield _part(texts("limits.heading"), _limits(report, texts))
    method = [texts(f"method.{name}") for name in ("asked", "split", "confidence", "duty")]
    yield _part(texts("method.heading"), [_text(text) for text in method])


def _policies(report: Report, texts: Texts, name: str) -> Iterator[dict[str, Any]]:
    yield _heading(texts(f"policies.{name}"))
    yield _text(texts(f"policies.{name}_note"))
    if name in ("binds", "may_bind"):
        for row in report.policies:
            if row.group == name and (row.counts or name == "binds"):
                yield _text(f"{row.policy.title} ({row.policy.id}): {row.policy.asks}")
    yield _table(tables.policies(report, texts, (name,)), texts)


def _plan(report: Report, texts: Texts) -> Iterator[dict[str, Any]]:
    yield _text(texts("plan.intro") if report.phases else texts("plan.empty"))
    yield _text(sentences.prices(report, texts))
    if made := report.plan.timetable:
        yield from map(_text, timetable.remarks(made, texts))
        if left := timetable.reliefs(made, texts):
            yield _text(texts("plan.reliefs"))
            yield {"kind": "list", "items": left}
        yield _heading(texts("period.heading"))
        yield _table(timetable.periods(made, texts), texts)
        if made.lines:
            yield _heading(texts("cost.heading"))
            yield _table(timetable.costs(made, texts), texts)
    for view in report.phases:
        yield from _phase(report, view, texts)
    if report.unplaced:
        yield _heading(texts("plan.unplaced"))
        yield _table(tables.unplaced(report, texts), texts)


def _phase(report: Report, view: PhaseView, texts: Texts) -> Iterator[dict[str, Any]]:
    yield _heading(texts("plan.phase", number=view.number, title=texts.say(view.title)))
    due = sentences.due(view.deadline, report.date, texts)
    yield _text(f"{texts.say(view.purpose)} {texts('plan.deadline')}: {due}.")
    if view.steps:
        steps = [
            (texts.say(step.text), texts("plan.units", n=step.count), ", ".join(step.units)) for step in view.steps
        ]
        yield {"kind": "list", "items": [f"{text} ({count}: {units})" for text, count, units in steps]}
    if view.rows:
        yield _table(tables.phase(report, view, texts), texts)
    if view.shared:
        yield _text(f"{texts('plan.shared')}: {' '.join(map(texts.say, view.shared))}")
    if view.classes:
        yield _text(f"{texts('plan.classes')}:")
        classes = [texts("plan.class_units", n=n, name=texts.say_list(name)) for name, n in view.classes]
        yield {"kind": "list", "items": classes}


def _limits(report: Report, texts: Texts) -> Iterator[dict[str, Any]]:
    yield _text(texts("limits.intro"))
    yield {"kind": "list", "items": [texts.say(loss) for loss in report.limits.losses] or [texts("limits.losses_none")]}
    yield _table(tables.coverage(report, texts), texts)
    yield _table(tables.not_seen(report, texts), texts)
    yield _heading(texts("limits.always"))
    names = ("off", "analogue", "vlan", "nat", "radio", "parts")
    yield {"kind": "list", "items": [texts(f"limits.always_{name}") for name in names]}


def _sign(report: Report, texts: Texts) -> dict[str, Any]:
    granted, run = report.scope.authorisation, report.run
    ordered = texts(
        "sign.ordered_value", name=granted.authorised_by, role=granted.role, organisation=granted.organisation,
        reference=granted.reference, start=granted.valid_from.isoformat(), end=granted.valid_until.isoformat(),
    )  # fmt: skip
    unknown = texts("sign.not_recorded")
    rows = [
        [texts("sign.ordered"), ordered],
        [texts("sign.found"), f"{sentences.found(report, texts)} {sentences.people(report, texts)}"],
        [texts("limits.missed"), sentences.missed(report, texts)],
        [texts("sign.run"), run.run, True],
        [texts("sign.scope_digest"), report.scope_digest, True],
        [texts("sign.chain_head"), run.chain_head or unknown, True],
        [texts("sign.knowledge"), run.knowledge_digest or unknown, True],
        [texts("sign.version"), f"netaudit {run.version}"],
    ]
    return {
        "heading": texts("sign.heading"), "title": texts("sign.title"), "intro": texts("sign.intro"), "facts": rows,
        "statement": texts("sign.statement"),
        "who": [texts(f"sign.{who}") for who in ("prepared", "reviewed", "accepted")],
        "fields": [texts(f"sign.{name}") for name in ("name", "role", "date", "signature")],
    }  # fmt: skip


def _any(report: Report, group: str) -> bool:
    return any(row.group == group for row in report.policies)


def _part(heading: str, blocks: Iterable[dict[str, Any]], *, wide: bool = False) -> dict[str, Any]:
    """Return a part; a wide one stands on sheets turned sideways."""
    return {"heading": heading, "blocks": list(blocks), "wide": wide}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": text}


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}


def _table(table: Table, texts: Texts) -> dict[str, Any]:
    columns = [{"head": c.head, "kind": c.kind, "width": min(c.width, 42)} for c in table.columns]
    rows, foot = [_shown(row, table, texts) for row in table.rows], _shown(table.foot, table, texts)
    statuses = list(table.statuses)
    shown = {"caption": table.caption, "columns": columns, "rows": rows, "statuses": statuses, "foot": foot}
    return {"kind": "table", "table": shown} if rows else _text(texts("page.none"))


def _shown(row: Sequence[Cell], table: Table, texts: Texts) -> list[str]:
    return [tables.shown(cell, column, texts) for cell, column in zip(row, table.columns, strict=False)]


def _day(text: str) -> Sequence[int]:
    parts = text.split("-")
    good = len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)
    return [int(part) for part in parts] if good else [1980, 1, 1]


def _printable(value: Any) -> Any:
    """Make every text in the data printable with the fonts that the template brings."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else value
