"""What would change a verdict: the missing fact, the look at the label, the contradiction to settle."""

from collections.abc import Iterator, Sequence

from netaudit.identify.device import Device
from netaudit.policy.finding import Finding, Status
from netaudit.report.message import Message, say
from netaudit.report.verdict import binding


def what_would_change(device: Device, status: Status, findings: Sequence[Finding]) -> tuple[Message, ...]:
    """Return the ways in which this verdict could become another one, most useful first."""
    return (
        *_missing_facts(findings),
        *(say("change.contradiction", text=item.text) for item in device.contradictions),
        *_maker(device),
        *_verdict(status),
    )


def _missing_facts(findings: Sequence[Finding]) -> Iterator[Message]:
    facts = sorted({fact for item in findings if binding(item) for fact in item.depends_on})
    if facts:
        yield say("change.facts", facts=", ".join(facts))


def _maker(device: Device) -> Iterator[Message]:
    if device.maker.value is None:
        yield say("change.maker_unknown")
    elif device.maker.grade not in ("confirmed", None):
        yield say("change.maker_unsure")
    layers = {reason.layer for reason in device.reasons if reason.strength != "nothing"}
    if len(layers) == 1:
        yield say("change.one_layer", layer=next(iter(layers)))


def _verdict(status: Status) -> Iterator[Message]:
    if status == "covered":
        yield say("change.covered")
    elif status == "not_covered":
        yield say("change.not_covered")
    elif status == "excluded":
        yield say("change.excluded")
    elif status == "not_assessed":
        yield say("change.not_assessed")
