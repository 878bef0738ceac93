"""The summary as Markdown: for a ticket, a wiki or an e-mail. The whole is in the other formats."""

import re
from collections.abc import Iterator
from typing import Final

from netaudit.report import sentences, tables, timetable
from netaudit.report.tables import Cell, Column, Table
from netaudit.report.texts import Texts, load_texts
from netaudit.report.views import Report
from netaudit.report.visible import clip, visible

MAX_UNITS: Final = 200
MAX_CELL: Final = 120
_RIGHT: Final = frozenset({"number", "amount", "share"})
# Whatever Markdown or the HTML inside it could take for markup.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~&@]|:(?=//))")
_LIST: Final = re.compile(r"^(\s*)([-=+])|^(\s*\d+)([.)])")


def render(report: Report, texts: Texts | None = None) -> bytes:
    """Return the summary as UTF-8. The same report gives the same bytes."""
    return ("\n".join(_lines(report, texts or load_texts())) + "\n").encode("utf-8")


def _lines(report: Report, texts: Texts) -> Iterator[str]:
    granted = report.scope.authorisation
    yield f"# {safe(texts('page.title', organisation=granted.organisation, date=report.date))}"
    yield ""
    yield f"**{safe(sentences.found(report, texts))}** {safe(sentences.people(report, texts))}"
    yield f"{safe(sentences.missed(report, texts))} {safe(sentences.heard(report, texts))}"
    yield ""
    yield from (f"> {safe(warning)}" for warning in sentences.warnings(report, texts))
    yield ""
    yield from (f"- {safe(head)}: {safe(text)}" for head, text in sentences.run_facts(report, texts))
    if report.evidence_digest:
        yield f"- {safe(texts('cover.evidence'))}: `{report.evidence_digest}`"
    yield from _section(texts("sites.heading"), tables.sites(report, texts), texts)
    yield from _section(texts("policies.binds"), tables.policies(report, texts, ("binds",)), texts)
    yield from _section(texts("policies.may_bind"), tables.policies(report, texts, ("may_bind",)), texts)
    yield from _section(texts("schedule.heading"), _pressing(report, texts), texts)
    if len(report.units) > MAX_UNITS:
        yield ""
        yield safe(texts("markdown.more", n=len(report.units) - MAX_UNITS))
    yield from _plan(report, texts)
    yield from _section(texts("limits.heading"), tables.coverage(report, texts), texts)


def _pressing(report: Report, texts: Texts) -> Table:
    """The schedule with those units first that need action most, at most MAX_UNITS."""
    whole = tables.schedule(report, texts)
    order = {card.no: place for place, card in enumerate(tables.by_need(report.units))}
    rows = sorted(whole.rows, key=lambda row: order[int(row[0])])
    return Table(whole.caption, whole.columns, tuple(rows[:MAX_UNITS]))


def _plan(report: Report, texts: Texts) -> Iterator[str]:
    if report.phases:
        yield from ("", f"## {safe(texts('plan.heading'))}", "", safe(sentences.prices(report, texts)), "")
    for view in report.phases:
        count = texts("plan.units", n=len(view.rows))
        until = sentences.due(view.deadline, report.date, texts)
        title = texts("plan.phase", number=view.number, title=texts.say(view.title))
        yield f"- **{safe(title)}** ({count}, {until}): {safe(texts.say(view.purpose))}"
        yield from (
            f"    - {safe(texts('plan.class_units', n=n, name=texts.say_list(name)))}" for name, n in view.classes
        )
    yield from _section(texts("plan.unplaced"), tables.unplaced(report, texts), texts)
    if made := report.plan.timetable:
        yield from ("", *(f"- {safe(text)}" for text in timetable.remarks(made, texts)))
        yield from (f"- {safe(texts('plan.relief', limit=text))}" for text in timetable.reliefs(made, texts))
        yield from _section(texts("period.heading"), timetable.periods(made, texts), texts)
        yield from _section(texts("cost.heading"), timetable.costs(made, texts), texts)


def _section(title: str, table: Table, texts: Texts) -> Iterator[str]:
    if not table.rows:
        return
    yield from ("", f"## {safe(title)}", "")
    yield _row([column.head for column in table.columns], table.columns, texts)
    yield "|" + "|".join(" ---: " if column.kind in _RIGHT else " --- " for column in table.columns) + "|"
    for row in (*table.rows, *([table.foot] if table.foot else [])):
        yield _row(row, table.columns, texts)


def _row(row: "tuple[Cell, ...] | list[str]", columns: tuple[Column, ...], texts: Texts) -> str:
    return "| " + " | ".join(_cell(cell, column, texts) for cell, column in zip(row, columns, strict=True)) + " |"


def _cell(cell: Cell, column: Column, texts: Texts) -> str:
    return safe(clip(tables.shown(cell, column, texts), MAX_CELL))


def safe(text: str) -> str:
    """Return a text that Markdown shows as it is: no markup, no line end, no link."""
    shown = _MARKUP.sub(r"\\\1", visible(clip(text)))
    return _LIST.sub(lambda found: f"{found[1] or found[3] or ''}\\{found[2] or found[4]}", shown)
