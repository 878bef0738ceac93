"""The report as one HTML page that needs nothing else: no network, no other file, no script of somebody else.

Everything that a device said passes `visible` and Jinja's escaping on its way out, wherever a template shows it.
"""

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from netaudit.report import json as json_format
from netaudit.report import sentences
from netaudit.report.environment import environment, markup
from netaudit.report.evidence_view import MANY
from netaudit.report.figures import page_values, timetable_values
from netaudit.report.floors import SHAPES, statuses_on
from netaudit.report.pause import cycles_kept
from netaudit.report.qr import qr_path, qr_text
from netaudit.report.texts import Texts, load_texts
from netaudit.report.views import FloorView, Report

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
_BOOT: Final = 'document.documentElement.className="js"'
_NOTHING: Final = "'none'"
_PIECE: Final = 64 * 1024
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/]+={0,2}")
PAGE_ROWS: Final = 100
"""Rows of a long table that a screen shows at a time; print and pages without script show all."""


def prepare() -> None:
    """Compile the templates of the page now, for whom time is dearer later."""
    made = environment(TEMPLATES)
    for name in made.list_templates(filter_func=lambda name: name.startswith(("_", "report.html"))):
        made.get_template(name)


def render(report: Report, texts: Texts | None = None) -> bytes:
    """Return the page as UTF-8. The same report gives the same bytes."""
    return b"".join(pieces(report, texts))


def pieces(report: Report, texts: Texts | None = None) -> Iterator[bytes]:
    """Yield what `render` returns, some ten thousand letters at a time."""
    with cycles_kept():
        yield from _encoded(_page(report, texts or load_texts()))


def _page(report: Report, texts: Texts) -> Iterator[str]:
    style, script = template_text("style.css"), template_text("report.js")
    footer = _footer(report, texts)
    return (
        environment(TEMPLATES)
        .get_template("report.html.j2")
        .generate(
            r=report,
            t=texts,
            w=_words(texts),
            page_rows=PAGE_ROWS,
            schema=json_format.SCHEMA,
            schema_version=str(json_format.SCHEMA_VERSION),
            **page_values(report),
            boot=markup(_BOOT),
            style=markup(style),
            footer=markup(footer),
            script=markup(script),
            qr=_code(report),
            shapes=SHAPES,
            floor_statuses=statuses_on,
            picture_of=_picture,
            found=sentences.found(report, texts),
            plan_prices=sentences.prices(report, texts),
            plan_parts=tuple(map(texts.say, sentences.plan_parts(report))),
            due=sentences.due,
            named=sentences.named,
            **timetable_values(report, texts),
            policy=content_policy((style, footer), (_BOOT, script), pictures=bool(report.floors)),
            machine=map(markup, _machine(report)),
        )
    )


def _encoded(page: Iterator[str]) -> Iterator[bytes]:
    """Encode the page as it comes: one letter beyond Latin makes a whole text two or four times as large in memory."""
    some: list[str] = []
    letters = 0
    for word in page:
        some.append(word)
        letters += len(word)
        if letters >= _PIECE:
            yield "".join(some).encode("utf-8")
            some, letters = [], 0
    yield "".join(some).encode("utf-8")


def _code(report: Report) -> tuple[int, Any] | None:
    """Return width and path of the QR code; None where the digest of the evidence is not known."""
    if not report.evidence_digest:
        return None
    size, path = qr_path(qr_text(report.evidence_digest, report.run.run))
    return size, markup(path)


def _picture(floor: FloorView) -> Any:
    """Return the picture of a floor as it is: a text cut to what people read would be no picture."""
    if not _PICTURE.fullmatch(floor.data):
        raise ValueError(f"no picture: {floor.data[:60]}")
    return markup(floor.data)


def _words(texts: Texts) -> dict[str, Any]:
    """Return the texts that take no values, escaped once: a card shows thirty of them, and there may be 10,000."""
    from markupsafe import escape

    return {key: escape(text) for key, text in texts.entries.items() if isinstance(text, str)}


@cache
def template_text(name: str) -> str:
    """Return a file of the templates' folder as it stands."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _footer(report: Report, texts: Texts) -> str:
    """Return the style that prints run and scope on every sheet, so that paper and file stay tied together."""
    line = texts("print.footer", run=report.run.run[:40], date=report.date, scope=report.scope_digest[:16])
    # The text becomes part of a style sheet: nothing but plain characters may enter it.
    return f'@page{{@bottom-left{{content:"{re.sub(r"[^A-Za-z0-9 .,:_-]", " ", line)}"}}}}'


def _machine(report: Report) -> Iterator[str]:
    """Yield the report as JSON for the page; packed where it is so long that a browser would feel it."""
    if len(report.cards) <= MANY:
        yield from map(_for_script, json_format.text_pieces(report))
        return
    packed = base64.b64encode(_gzipped(json_format.text_pieces(report))).decode("ascii")
    head = {"schema": json_format.SCHEMA, "schema_version": json_format.SCHEMA_VERSION, "encoding": "gzip+base64"}
    yield json.dumps({**head, "data": packed})


def _gzipped(text: Iterator[str]) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as file:
        file.writelines(piece.encode("ascii") for piece in text)
    return out.getvalue()


def _for_script(text: str) -> str:
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def content_policy(styles: tuple[str, ...], scripts: tuple[str, ...], *, pictures: bool = False) -> str:
    """Return the policy that lets only these styles and scripts run, by their hashes; pictures only from the page."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {' '.join(map(_hash, styles))}",
            f"script-src {' '.join(map(_hash, scripts)) or _NOTHING}",
            *(["img-src data:"] if pictures else []),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
