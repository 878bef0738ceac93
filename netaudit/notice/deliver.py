"""Sending what waits in the outbox: tries, pauses that grow, and the dead-letter list at the end of them."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from netaudit.clock import now, rfc3339
from netaudit.errors import ScopeError
from netaudit.notice.door.https import send_hook
from netaudit.notice.door.smtp import send_mail
from netaudit.notice.door.stream import Answer
from netaudit.notice.door.syslog import send_syslog
from netaudit.notice.forms import hook_body, hook_headers, mail, syslog
from netaudit.notice.message import Message, Told
from netaudit.notice.settings import Channel, Mail, Settings, Syslog
from netaudit.report.texts import Texts
from netaudit.scope.secrets import resolve
from netaudit.store import outbox
from netaudit.store.schema_told import DeliveryRow
from netaudit.store.store import Store

PATIENCE: Final = 90.0
"""Seconds that a command waits for second tries; later ones are for `netaudit notices send`."""
# Longer than any one try takes, so that nobody else takes the same message meanwhile.
_LEASE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the messages that were tried."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0

    def plus(self, state: str) -> Self:
        """Return the count with one more. A message that waits is not counted: it is tried again, or still there."""
        return type(self)(self.sent + (state == outbox.SENT), self.waiting, self.dead + (state == outbox.DEAD))


def deliver(
    store: Store, settings: Settings, texts: Texts, patience: float = PATIENCE, said: Callable[[str], None] = print
) -> Count:
    """Send what is due, and wait up to `patience` seconds for what is due soon. `said`: told of each failure."""
    count, end = Count(), time.monotonic() + patience
    while True:
        moment = now()
        with store.writing() as session:
            row = outbox.take(session, rfc3339(moment), rfc3339(moment + _LEASE))
        if row is not None:
            state, error = _try(store, settings, texts, row)
            if error:
                said(f"{row.channel} ({row.target}): {error}")
            count = count.plus(state)
            continue
        pause = _pause(store, moment)
        if pause is None or pause > end - time.monotonic():
            break
        time.sleep(max(pause, 0.01))
    with store.reading() as session:
        waiting = len(outbox.deliveries(session, (outbox.WAITING,), limit=1_000_000))
    return Count(count.sent, waiting, count.dead)


def try_channel(channel: Channel, target: str, message: Message, texts: Texts) -> Answer:
    """Send one message over a channel, now."""
    moment = now()
    try:
        if isinstance(channel, Syslog):
            lines = syslog(message, channel, texts, socket.gethostname(), os.getpid(), rfc3339(moment))
            return send_syslog(channel, lines)
        secret = resolve(channel.credential) if channel.credential else ""
        if isinstance(channel, Mail):
            return send_mail(channel, secret, mail(message, channel, target, texts, moment), target)
        data = hook_body(message, texts)
        return send_hook(channel, data, hook_headers(message.token, data, secret, moment))
    except ScopeError as error:
        # The secret may be there tomorrow. The sentence names its source, never the secret.
        return Answer(str(error))


def _try(store: Store, settings: Settings, texts: Texts, row: DeliveryRow) -> tuple[str, str]:
    channel = settings.channel(row.channel)
    if channel is None or row.target not in channel.targets:
        answer = Answer("notices.toml has no such channel or address any more", final=True)
    else:
        answer = try_channel(channel, row.target, _message(store, row), texts)
    moment = now()
    state, due = _next(answer, row.attempts, settings, moment)
    with store.writing() as session:
        outbox.settle(session, row.id, state, rfc3339(due), rfc3339(moment), answer.error)
    return state, answer.error


def _next(answer: Answer, attempts: int, settings: Settings, moment: datetime) -> tuple[str, datetime]:
    if not answer.error:
        return outbox.SENT, moment
    if answer.final or attempts > len(settings.waits):
        return outbox.DEAD, moment
    return outbox.WAITING, moment + timedelta(seconds=settings.waits[attempts - 1])


def _message(store: Store, row: DeliveryRow) -> Message:
    with store.reading() as session:
        rows = outbox.events_of(session, row.events)
    told = [Told(event.kind, event.key, event.run, event.at, event.details) for event in rows]
    organisation = next((str(event.values.get("organisation", "")) for event in told), "")
    return Message(row.token, told, organisation)


def _pause(store: Store, moment: datetime) -> float | None:
    with store.reading() as session:
        due = outbox.earliest(session)
    return (datetime.fromisoformat(due) - moment).total_seconds() if due else None
