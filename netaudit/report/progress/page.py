"""Progress as one HTML page that needs nothing else, and as JSON and Markdown."""

import json
from collections.abc import Sequence
from typing import Any, Final

from netaudit.report.environment import environment, markup
from netaudit.report.html import TEMPLATES, content_policy, template_text
from netaudit.report.markdown import safe
from netaudit.report.progress.changes import Change, Changes
from netaudit.report.progress.snapshot import Unit
from netaudit.report.progress.trend import HEIGHT, WIDTH, Point, picture
from netaudit.report.progress.wording import answer, lines, summary, trend_table
from netaudit.report.texts import Texts

SCHEMA: Final = "netaudit.progress"


def render_html(steps: Sequence[Changes], points: Sequence[Point], texts: Texts) -> bytes:
    """Return the page: alarms, the picture with its table, and what happened from run to run, the latest first."""
    style = template_text("style.css")
    page = (
        environment(TEMPLATES)
        .get_template("progress.html.j2")
        .render(
            t=texts, w={key: text for key, text in texts.entries.items() if isinstance(text, str)},
            organisation=steps[-1].after.scope.authorisation.organisation, date=steps[-1].after.date,
            answer=answer(steps[-1], texts), alarms=[texts.tell(item) for step in steps for item in step.alarms],
            picture=picture(points), width=WIDTH, height=HEIGHT, trend=trend_table(points, texts),
            steps=[(step, summary(step, texts), lines(step, texts)) for step in reversed(steps)],
            style=markup(style), policy=content_policy((style,), ()),
        )
    )  # fmt: skip
    return page.encode("utf-8")


def render_markdown(steps: Sequence[Changes], points: Sequence[Point], texts: Texts) -> bytes:
    """Return the same as Markdown."""
    out = [f"# {safe(texts('progress.title'))}", "", f"**{safe(answer(steps[-1], texts))}**", ""]
    out += [f"> {safe(texts.tell(item))}" for step in steps for item in step.alarms]
    head, rows = trend_table(points, texts)
    out += ["", _row(head), _row(["---"] * len(head)), *(_row([safe(cell) for cell in row]) for row in rows)]
    for step in reversed(steps):
        out += ["", f"## {safe(texts('diff.title', old=step.before.date, new=step.after.date))}", ""]
        out += [f"- {safe(word)}: {count}" for word, count in summary(step, texts)]
        table = [[safe(x) for x in (row.word, row.site, row.unit, row.detail)] for row in lines(step, texts)]
        names = [texts(f"diff.{name}") for name in ("what", "where", "unit", "detail")]
        out += ["", _row(names), _row(["---"] * 4), *map(_row, table)] if table else []
    return ("\n".join(out) + "\n").encode("utf-8")


def render_json(steps: Sequence[Changes], points: Sequence[Point], texts: Texts) -> bytes:
    """Return the same for machines (schema `netaudit.progress`, version 1), in ASCII."""
    data = {
        "schema": SCHEMA, "schema_version": 1,
        "runs": [
            {"run": p.run, "date": p.date, "units": p.units, "left": p.left, "open": p.open, "counts": p.counts}
            for p in points
        ],
        "steps": [
            {
                "before": step.before.info.run, "after": step.after.info.run,
                "alarms": [{"kind": item.key.partition(".")[2], **item.values} for item in step.alarms],
                "changes": [_change(row, texts) for row in step.rows if row.kind != "same"],
                "same": step.count("same"),
            }
            for step in steps
        ],
    }  # fmt: skip
    return json.dumps(data, indent=1).encode("ascii") + b"\n"


def _change(row: Change, texts: Texts) -> dict[str, Any]:
    return {
        "kind": row.kind, "old": _unit(row.old), "new": _unit(row.new),
        "what": [{"of": item.key.partition(".")[2], **item.values} for item in row.what],
    }  # fmt: skip


def _unit(unit: Unit | None) -> dict[str, Any] | None:
    if unit is None:
        return None
    device = unit.device
    return {
        "device": device.device, "addresses": list(device.addresses), "site": device.site, "status": unit.status,
        "maker": device.maker.value, "brand": device.brand.value, "model": device.model.value,
        "serial": device.serial.value,
    }  # fmt: skip


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
