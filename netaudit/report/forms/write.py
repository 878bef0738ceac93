"""A filled form as Markdown, as a page to print and sign, and as JSON."""

import json
from collections.abc import Iterator
from typing import Any, Final

from netaudit.report.environment import environment, markup
from netaudit.report.forms.deadline import told
from netaudit.report.forms.fill import Filled, Row
from netaudit.report.html import TEMPLATES, content_policy, template_text
from netaudit.report.markdown import safe
from netaudit.report.sentences import found, missed, run_facts
from netaudit.report.texts import Texts
from netaudit.report.views import Report

SCHEMA: Final = "netaudit.form"


def clock(filled: Filled, texts: Texts) -> list[tuple[str, str]]:
    """Return the clock in words: from when it runs, until when, and what that rests on; nothing without a clock."""
    if filled.due is None:
        return []
    rows = [(texts("form.discovered"), told(filled.discovered))]
    if filled.assumed:
        rows.append((texts("form.assumed_label"), texts("form.assumed")))
    return [*rows, (texts("form.due"), told(filled.due)), (texts("form.due_note_label"), texts("form.due_note"))]


def notes(filled: Filled, report: Report, texts: Texts) -> list[str]:
    """Return what whoever signs has to know beside the fields."""
    out = [filled.form.note, found(report, texts), missed(report, texts)]
    if filled.waiting:
        out.append(texts("form.waiting", n=filled.waiting))
    out += [texts("form.unverified", text=text) for text in filled.form.unverified]
    return [*out, texts("form.advice")]


def basis(report: Report, texts: Texts) -> list[tuple[str, str]]:
    """Return what the form rests on: who ordered what, which networks were asked, when, how, with which rules."""
    granted = report.scope.authorisation
    ordered = texts(
        "sign.ordered_value", name=granted.authorised_by, role=granted.role, organisation=granted.organisation,
        reference=granted.reference, start=granted.valid_from.isoformat(), end=granted.valid_until.isoformat(),
    )  # fmt: skip
    return [(texts("sign.ordered"), ordered), *run_facts(report, texts)]


def render_markdown(filled: Filled, report: Report, texts: Texts) -> bytes:
    """Return the form as Markdown."""
    return ("\n".join(_lines(filled, report, texts)) + "\n").encode("utf-8")


def _lines(filled: Filled, report: Report, texts: Texts) -> Iterator[str]:
    form = filled.form
    yield from (f"# {safe(form.title)}", "", f"{safe(form.law)}. {safe(texts('form.to'))}: {safe(form.addressee)}", "")
    yield f"**{safe(texts('form.open', n=filled.open) if filled.open else texts('form.open_none'))}**"
    yield ""
    yield from (f"- {safe(head)}: {safe(text)}" for head, text in clock(filled, texts))
    yield ""
    yield from (_line(row, texts) for row in filled.rows)
    yield from ("", f"## {safe(texts('form.units', n=len(filled.units)) if filled.units else texts('form.no_units'))}")
    for unit in filled.units:
        mark = f" ({safe(texts('status.likely'))})" if unit.likely else ""
        yield from ("", f"### {unit.no}\\. {safe(unit.title)}{mark}", "")
        yield from (_line(row, texts) for row in unit.rows)
    yield from ("", f"## {safe(texts('form.notes'))}", "")
    yield from (f"- {safe(text)}" for text in notes(filled, report, texts))
    yield from ("", f"## {safe(texts('form.basis'))}", "")
    yield from (f"- {safe(head)}: {safe(text)}" for head, text in basis(report, texts))
    if report.evidence_digest:
        yield f"- EVIDENCE.sha256: `{report.evidence_digest}`"


def _line(row: Row, texts: Texts) -> str:
    mark = "" if row.state == "filled" else f"**\\[{safe(texts(f'form.state_{row.state}'))}\\]** "
    return f"- {safe(row.label)}: {mark}{safe(row.text)}"


def render_html(filled: Filled, report: Report, texts: Texts) -> bytes:
    """Return the form as one page that needs nothing else."""
    style = template_text("style.css")
    words = {key: text for key, text in texts.entries.items() if isinstance(text, str)}
    page = (
        environment(TEMPLATES)
        .get_template("form.html.j2")
        .render(
            f=filled, r=report, t=texts, w=words, clock=clock(filled, texts), notes=notes(filled, report, texts),
            basis=basis(report, texts), style=markup(style), policy=content_policy((style,), ()),
        )
    )  # fmt: skip
    return page.encode("utf-8")


def render_json(filled: Filled, report: Report, texts: Texts) -> bytes:
    """Return the form for machines (schema `netaudit.form`, version 1), in ASCII."""
    form = filled.form
    data = {
        "schema": SCHEMA, "schema_version": 1, "form": form.id, "law": form.law, "regime": form.regime,
        "run": report.run.run, "evidence_sha256": report.evidence_digest,
        "discovered_at": filled.discovered.isoformat(), "discovered_assumed": filled.assumed,
        "due_at": filled.due.isoformat() if filled.due else None, "open_fields": filled.open,
        "fields": _rows(filled.rows),
        "units": [{"no": u.no, "title": u.title, "likely": u.likely, "fields": _rows(u.rows)} for u in filled.units],
        "waiting": filled.waiting, "notes": notes(filled, report, texts),
    }  # fmt: skip
    return json.dumps(data, indent=1).encode("ascii") + b"\n"


def _rows(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [{"label": row.label, "state": row.state, "text": row.text} for row in rows]
