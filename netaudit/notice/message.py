"""A message about some events, before any channel gives it its form. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netaudit.report.texts import Texts
from netaudit.report.told import event_text

MOST: Final = 200
"""Events that one message spells out; `netaudit notices events` has the others."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `at`: when it was found (RFC 3339, UTC); `run`: which run brought it, "" where none did."""

    kind: str
    key: str
    run: str
    at: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """`token`: the same for every try of this message to this target. `test`: sent to see whether it arrives."""

    token: str
    events: Sequence[Told]
    organisation: str
    test: bool = False


def sentence(event: Told, texts: Texts) -> str:
    """Return an event in words; verdicts among its values become words."""
    return event_text(event.kind, event.values, texts)


def subject(message: Message, texts: Texts) -> str:
    """Return one line: the event itself where there is one, else how many."""
    if message.test:
        return texts("notice.test")
    if len(message.events) == 1:
        return sentence(message.events[0], texts)
    return texts("notice.subject", n=len(message.events), organisation=message.organisation or "netaudit")


def body(message: Message, texts: Texts) -> str:
    """Return the whole message as plain text."""
    if message.test:
        return texts("notice.test_body") + "\n"
    lines = [f"- {sentence(event, texts)}" for event in message.events[:MOST]]
    if len(message.events) > MOST:
        lines.append(texts("notice.more", n=len(message.events) - MOST))
    runs = sorted({event.run for event in message.events if event.run})
    lines += ["", *(texts("notice.run", run=run) for run in runs), texts("notice.why")]
    return "\n".join(lines) + "\n"
