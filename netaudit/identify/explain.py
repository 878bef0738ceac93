"""Why a device is called what it is called: from the verdict down to the bytes that were heard, in readable text."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from netaudit.evidence.observation import Observation
from netaudit.identify.advice import advice
from netaudit.identify.conflict import layer_name
from netaudit.identify.device import Answer, Device, Reason
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.raw_view import raw_lines, visible

SECRET_NAME: Final = re.compile(r"passw|passwd|pwd|secret|salt|token|community|credential|private_?key", re.IGNORECASE)
"""Names of fields whose values are never shown."""
_QUESTIONS: Final = ("type", "maker", "brand", "model", "firmware", "serial", "soc")


def explain(device: Device, observations: Iterable[Observation], knowledge: Knowledge | None = None) -> str:
    """Return the whole chain of evidence as text. `observations`: any that include the device's own.

    With `knowledge` the advice names the makers known behind the label. All untrusted text is escaped.
    """
    wanted = {reason.observation for reason in device.reasons}
    found = {item.id: item for item in observations if item.id in wanted}
    lines = [*_head(device), "", *_answers(device), *_contradictions(device)]
    weighty = [reason for reason in device.reasons if reason.strength != "nothing"]
    lines += ["", "Because:" if weighty else "Because: nothing that was heard tells who made it."]
    shown: set[str] = set()
    for number, reason in enumerate(weighty, 1):
        lines += _reason(number, reason, found.get(reason.observation), shown)
    lines += _worthless(device)
    if open_ones := advice(device, knowledge):
        lines += ["", "What would settle it:", *(f"  - {line}" for line in open_ones)]
    return "\n".join(lines) + "\n"


def _head(device: Device) -> Iterator[str]:
    where = ", ".join(visible(text) for text in device.addresses) or "no address"
    yield f"Device {device.device} at {where}" + (f", site {visible(device.site)}" if device.site else "")
    yield f"  MAC: {', '.join(device.macs) or 'none came'}"
    if device.ports:
        yield f"  open ports: {', '.join(map(str, device.ports))}"
    if device.names:
        yield f"  calls itself: {', '.join(visible(name) for name in device.names)}"
    times = "once" if len(device.observations) == 1 else f"{len(device.observations)} times"
    yield f"  heard {times}, from {visible(device.first_seen)} to {visible(device.last_seen)}"


def _answers(device: Device) -> Iterator[str]:
    for question in _QUESTIONS:
        answer: Answer = getattr(device, question)
        if answer.value is None or answer.value == "unknown":
            yield f"  {question:<9} not known"
            continue
        grade = f"{answer.grade}, " if answer.grade else ""
        name = visible(answer.name or answer.value)
        typed = f", typed by {visible(answer.typed)}" if answer.typed else ""
        yield f"  {question:<9} {name} ({grade}confidence {answer.confidence:.3f}{typed})"
    words: dict[bool | None, str] = {
        True: "yes: the label is not the maker's own",
        False: "no: the label is the maker's own",
    }
    yield f"  relabelled {words.get(device.relabelled, 'not known: maker and label must both be known')}"
    for name, value in device.traits.items():
        yield f"  {name.replace('_', ' ')}: {visible(value)} (read from the model code)"


def _contradictions(device: Device) -> Iterator[str]:
    if device.contradictions:
        yield ""
        yield "Contradictions:"
    for item in device.contradictions:
        yield f"  {visible(item.text, 1000)}"


def _reason(number: int, reason: Reason, observation: Observation | None, shown: set[str]) -> Iterator[str]:
    said = ", ".join(f"{question} {visible(value)}" for question, value in reason.says.items()) or "nothing by itself"
    yield f"  {number}. {layer_name(reason.layer)} says {said} ({reason.strength}; signature {reason.signature})"
    yield f'     saw "{visible(reason.saw)}"'
    if observation is None:
        yield f"     in observation {reason.observation[:16]}, which is not among the lines given"
        return
    yield f"     in observation {observation.id[:16]}: {_source(observation)}"
    if observation.id in shown:
        yield "       | (shown above)"
        return
    shown.add(observation.id)
    if observation.raw is not None:
        yield from (f"       | {line}" for line in raw_lines(observation.raw))
    else:
        for name, value in observation.fields.items():
            text = value if isinstance(value, str) else ", ".join(value)
            # Lists of others may hold what our own readers cut out.
            yield f"       | {visible(name)}: {'(hidden)' if SECRET_NAME.search(name) else visible(text)}"


def _source(observation: Observation) -> str:
    target, via = observation.target, observation.via
    place = visible(str(target.get("ip") or target.get("host") or "no address"))
    port = f":{target['port']}" if isinstance(target.get("port"), int) else ""
    probe = f" by {visible(str(via['probe']))}" if via.get("probe") else ""
    kind, origin, at = (visible(text) for text in (observation.kind, observation.origin, observation.at))
    return f"{kind} of {place}{port}, {origin}{probe}, {at}"


def _worthless(device: Device) -> Iterator[str]:
    rows = [reason for reason in device.reasons if reason.strength == "nothing"]
    if rows:
        yield ""
        yield "Heard, but worth nothing:"
    for reason in rows:
        yield f'  - {layer_name(reason.layer)}: "{visible(reason.saw)}" ({reason.signature})'
