"""One unit's card of the printed report, as plain data."""

from collections.abc import Iterator
from typing import Any

from netaudit.report.sentences import moment
from netaudit.report.tables import kind
from netaudit.report.texts import Texts
from netaudit.report.views import Card, Evidence
from netaudit.report.visible import clip


def card_data(card: Card, texts: Texts) -> dict[str, Any]:
    """Return title, verdict, facts and groups of items (finding, excerpt, note, text)."""
    device = card.device
    label = f"{device.brand.name or device.brand.value or device.maker.name or ''} {device.model.value or ''}".strip()
    address = device.addresses[0] if device.addresses else ""
    sure = texts(f"grade.{device.maker.grade or 'unknown'}")
    if device.maker.value:
        sure += f", {texts.percent(device.maker.confidence)}"
    if device.maker.typed:
        sure += f", {texts('card.typed', who=clip(device.maker.typed, 120))}"
    return {
        "title": f"{card.no}. {clip(label, 80) or kind(card, texts)} {address}".strip(),
        "status": card.status, "word": texts(f"status.{card.status}"), "verdict_label": texts("card.verdict"),
        "confidence_label": texts("card.confidence"), "confidence": sure, "facts": list(_facts(card, texts)),
        "groups": [group for group in _groups(card, texts) if group["items"]],
    }  # fmt: skip


def _facts(card: Card, texts: Texts) -> Iterator[list[Any]]:
    device = card.device
    relabelled = f" ({texts('card.relabelled')})" if device.relabelled else ""
    known = texts("page.unknown")
    rows = (
        ("card.maker", clip(device.maker.name or device.maker.value or known, 120), False),
        ("card.brand", clip(device.brand.name or device.brand.value or known, 120) + relabelled, False),
        ("card.type", kind(card, texts), False),
        ("card.site", clip(card.site, 120) or texts("page.no_site"), False),
        ("card.model", clip(device.model.value or "", 160), False),
        ("card.serial", clip(device.serial.value or "", 120), True),
        ("card.firmware", clip(device.firmware.value or "", 120), False),
        ("card.macs", clip(", ".join(device.macs), 120), True),
        ("card.ports", clip(", ".join(map(str, device.ports)), 120), True),
        ("card.names", clip(", ".join(device.names), 160), False),
        ("card.traits", clip("; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in device.traits.items()), 300), False),
        ("card.replaced_by", _plan(card, texts), False),
        ("card.device", clip(device.device, 80), True),
    )
    yield from ([texts(key), text, mono] for key, text, mono in rows if text)


def _plan(card: Card, texts: Texts) -> str:
    if card.phase is None:
        return ""
    return texts("card.replaced_by_value", phase=card.phase, score=card.score or 0)


def _groups(card: Card, texts: Texts) -> Iterator[dict[str, Any]]:
    findings = [
        {"kind": "finding", "status": f.status, "word": texts(f"status.{f.status}"), "title": clip(f.title, 160),
         "text": clip(texts.say(f.why), 500)}
        for f in card.told_duties
    ]  # fmt: skip
    rest = [
        _note(f"{texts(f'status.{status}')}: {clip(', '.join(ids), 600)}") for status, ids in card.untold_duties.items()
    ]
    yield {"heading": texts("card.findings"), "items": [*findings, *rest]}
    clashes = [{"kind": "text", "text": clip(texts.say(item.text), 400)} for item in card.device.contradictions]
    yield {"heading": texts("card.contradictions"), "items": clashes}
    shown = [item for evidence in card.evidence for item in _evidence(evidence, texts)]
    more = [_note(texts("card.more", n=card.more_evidence))] if card.more_evidence else []
    nothing = [] if shown else [_note(texts("card.evidence_none"))]
    yield {"heading": texts("card.evidence"), "items": [*shown, *more, *nothing]}
    changes = [{"kind": "text", "text": clip(texts.tell(message), 600)} for message in card.changes]
    yield {"heading": texts("card.changes"), "items": changes}


def _evidence(item: Evidence, texts: Texts) -> Iterator[dict[str, Any]]:
    for hit in item.hits:
        source = f"{texts('card.signature')} {clip(hit.signature, 80)}, {clip(hit.layer, 40)}"
        yield {"kind": "text", "text": f"{texts(f'strength.{hit.strength}')}: {clip(hit.says, 200)} ({source})"}
    where = [item.kind, item.where, moment(item.at, texts), f"{texts('card.observation')} {item.observation[:16]}"]
    yield _note(" · ".join(clip(part, 80) for part in where if part))
    if item.excerpt:
        part = item.excerpt
        yield {"kind": "excerpt", "text": f"{part.front}{part.before}{part.hit}{part.after}{part.back}"}
    else:
        yield _note(texts("card.no_excerpt"))


def _note(text: str) -> dict[str, Any]:
    return {"kind": "note", "text": text}
