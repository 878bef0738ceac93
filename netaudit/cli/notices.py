"""netaudit notices: what people were told, what could not be delivered, and trying again."""

import argparse
import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.notice.settings import Settings
    from netaudit.store.schema_told import DeliveryRow
    from netaudit.store.store import Store

NOTICES: Final = "notices.toml"
_ACTIONS: Final = ("list", "events", "check", "send", "retry", "test", "init")
_EPILOG = f"""\
  netaudit notices init           write {NOTICES}: what is told, to whom, by e-mail, webhook or syslog
  netaudit notices test           send a test message over every channel (or: test NAME)
  netaudit notices                messages that wait, that were given up (dead letters), and the latest sent ones
  netaudit notices retry 17       put a dead letter back and send it (without a number: all)
  netaudit notices send           send what is due now (the timer of `netaudit schedule systemd` does it)
  netaudit notices check          hold a run that you started by hand against the run before, and tell (--run RUN)
  netaudit notices events         what was told, the latest first

`netaudit schedule run` does check and send after each run. What is told: a unit that has to go is new, is back, stands
where another was removed, or is now known as such; a deadline nears or passes; less was heard or asked in a network; a
regular run failed or was missed. Each thing is told once. Only the hosts named in {NOTICES} are asked; no redirect is
followed. Secrets are named there (source), never written.
Exit status: 0 done, 1 something could not be delivered, 2 wrong use or bad input.
"""
_TEMPLATE = """\
# What netaudit tells, and to whom. Remove the # of what you use; `netaudit notices test` shows whether it arrives.
# source: env:NAME, keyring:SERVICE/USER, file:PATH (mode 600) or age:PATH#NAME. Secrets are never written here.
[tell]
language = "en"              # or "de"
appeared = true              # units that have to go: new, back, or now known as such
deadline_days = [90, 30, 7]  # so many days before a deadline
coverage_drop = 0.2          # a fifth less heard or asked in a network than in the run before
runs = true                  # regular runs that failed or were missed

[retry]
seconds = [2, 20, 300, 1800, 7200, 21600, 43200]  # pauses between tries; then a message is a dead letter

# [[mail]]
# name = "it"
# server = "mail.example.org"
# port = 587
# security = "starttls"      # or "tls", or "none" (then without a password)
# from = "netaudit@example.org"
# to = ["it@example.org", "facilities@example.org"]
# username = "netaudit"
# source = "env:NETAUDIT_MAIL"

# [[webhook]]                # signed as standardwebhooks.com describes
# name = "desk"
# url = "https://desk.example.org/netaudit"
# source = "file:~/.config/netaudit/webhook.key"

# [[syslog]]                 # RFC 5424
# name = "logs"
# server = "log.example.org"
# transport = "tls"          # or "tcp", "udp"
# facility = "local0"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", nargs="?", choices=_ACTIONS, default="list", help="default: %(default)s")
    parser.add_argument("names", nargs="*", metavar="WHICH", help="retry: numbers of messages; test: names of channels")
    parser.add_argument("--notices", type=Path, default=Path(NOTICES), metavar="FILE", help="default: %(default)s")
    parser.add_argument("--run", metavar="RUN", help="check: a run of the store (default: the latest)")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Do what the action says."""
    if options.names and options.action not in ("retry", "test"):
        raise UsageError(f"`netaudit notices {options.action}` takes no {' '.join(options.names)}")
    return {
        "list": _list, "events": _events, "check": _check, "send": _send, "retry": _retry, "test": _test, "init": _init,
    }[options.action](options)  # fmt: skip


def settings_of(path: Path) -> "Settings":
    """Read the settings. Raises UsageError where there are none, DataError for a mistake in them."""
    from netaudit.cli.tell import texts
    from netaudit.notice.settings import read_settings

    if not path.is_file():
        raise UsageError(f"{path} is not there: `netaudit notices init` writes it, or name another with --notices")
    settings = read_settings(path)
    texts(settings)
    return settings


def _init(options: argparse.Namespace) -> int:
    if options.notices.exists():
        raise UsageError(f"{options.notices} exists already: edit it")
    options.notices.write_text(_TEMPLATE, encoding="utf-8")
    say(f"Wrote {options.notices}: name a channel in it, then `netaudit notices test`.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from netaudit.store import outbox
    from netaudit.store.store import Store

    with Store(options.store) as store, store.reading() as session:
        waiting = outbox.deliveries(session, (outbox.DEAD, outbox.WAITING), limit=10_000)
        rows = [*waiting, *outbox.deliveries(session, (outbox.SENT,), limit=50)]
    dead = sum(row.state == outbox.DEAD for row in rows)
    if options.format == "jsonl":
        for row in rows:
            out(json.dumps(_as_json(row), ensure_ascii=False))
        return 1 if dead else 0
    head = ("NUMBER", "STATE", "CHANNEL", "TO", "EVENTS", "TRIES", "MADE", "NEXT OR ENDED", "ERROR")
    for line in table(head, map(_cells, rows)):
        out(line)
    if dead:
        say(f"{dead} dead letters: when the cause is mended, `netaudit notices retry`.")
    return 1 if dead else 0


def _cells(row: "DeliveryRow") -> tuple[str, ...]:
    moment = row.ended or row.next
    return (
        str(row.id), row.state, row.channel, row.target, str(len(row.events)), str(row.attempts), row.made, moment,
        row.error,
    )  # fmt: skip


def _as_json(row: "DeliveryRow") -> dict[str, object]:
    return {
        "number": row.id, "state": row.state, "channel": row.channel, "to": row.target, "events": row.events,
        "tries": row.attempts, "made": row.made, "next": "" if row.ended else row.next, "ended": row.ended,
        "error": row.error, "id": row.token,
    }  # fmt: skip


def _events(options: argparse.Namespace) -> int:
    from netaudit.cli.formats import texts_of
    from netaudit.notice.message import Told, sentence
    from netaudit.store import outbox
    from netaudit.store.store import Store

    with Store(options.store) as store, store.reading() as session:
        rows = outbox.latest_events(session)
    texts = texts_of("en")
    for row in rows:
        words = sentence(Told(row.kind, row.key, row.run, row.at, row.details), texts)
        if options.format == "jsonl":
            told = {"number": row.id, "kind": row.kind, "at": row.at, "run": row.run, "text": words}
            out(json.dumps({**told, "values": row.details}, ensure_ascii=False))
        else:
            out(harmless(f"{row.id:>5}  {row.at[:19]}  {words}"))
    return 0


def _check(options: argparse.Namespace) -> int:
    from netaudit.cli.tell import news_of, post_news
    from netaudit.store.store import Store

    settings = settings_of(options.notices)
    with Store(options.store) as store:
        row = store.run(options.run)
        count = post_news(store, settings, news_of(store, row.run, settings), row.run, row.organisation)
        say(f"{count} new events in {row.run}.")
        return _sent(store, settings)


def _send(options: argparse.Namespace) -> int:
    from netaudit.store.store import Store

    settings = settings_of(options.notices)
    with Store(options.store) as store:
        return _sent(store, settings)


def _retry(options: argparse.Namespace) -> int:
    from netaudit.store import outbox
    from netaudit.store.store import Store

    settings = settings_of(options.notices)
    if not all(name.isascii() and name.isdigit() and len(name) < 10 for name in options.names):
        raise UsageError("name messages by their number: `netaudit notices` lists them")
    numbers = [int(name) for name in options.names]
    with Store(options.store) as store:
        with store.writing() as session:
            count = outbox.revive(session, numbers, rfc3339(now()))
        if count < max(len(set(numbers)), 0):
            say(f"{len(set(numbers)) - count} of these numbers are no dead letters.")
        return _sent(store, settings)


def _sent(store: "Store", settings: "Settings") -> int:
    from netaudit.cli.tell import send_waiting

    count = send_waiting(store, settings)
    say(f"{count.sent} sent, {count.waiting} waiting, {count.dead} given up.")
    return 1 if count.waiting or count.dead else 0


def _test(options: argparse.Namespace) -> int:
    from netaudit.cli.tell import texts
    from netaudit.notice.deliver import try_channel
    from netaudit.notice.message import Message

    settings = settings_of(options.notices)
    wanted = options.names or [channel.name for channel in settings.channels]
    if not wanted:
        raise UsageError(f"{options.notices} names no channel: [[mail]], [[webhook]] or [[syslog]]")
    failed = 0
    for name in wanted:
        channel = settings.channel(name)
        if channel is None:
            raise UsageError(f"{options.notices} has no channel {name!r}")
        for target in channel.targets:
            answer = try_channel(channel, target, Message(uuid.uuid4().hex, (), "", test=True), texts(settings))
            failed += bool(answer.error)
            out(harmless(f"{name}  {target}  {answer.error or 'sent'}"))
    return 1 if failed else 0
