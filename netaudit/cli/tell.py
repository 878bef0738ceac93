"""From a run in the store to messages about it: what is new since the run before, each thing once."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.clock import now, rfc3339
from netaudit.errors import NetauditError

if TYPE_CHECKING:
    from netaudit.notice.deliver import Count
    from netaudit.notice.events import Look
    from netaudit.notice.settings import Settings
    from netaudit.report.texts import Texts
    from netaudit.store.outbox import News
    from netaudit.store.schema import RunRow
    from netaudit.store.store import Store


def news_of(store: "Store", name: str, settings: "Settings") -> "list[News]":
    """Return what a run of the store brought. Raises UsageError or DataError where its folder cannot be read."""
    from netaudit.notice.events import events, newcomers

    row = store.run(name)
    here = read_look(Path(row.folder))
    before = _before(store, row, here)
    known = _known(store, newcomers(here, before), before) if before else set()
    return list(events(here, before, settings.tell, known, now().date()))


def post_news(store: "Store", settings: "Settings", news: "Iterable[News]", run: str, organisation: str) -> int:
    """Keep what was not told before, with a message to everybody; return how many events that are."""
    from dataclasses import replace

    from netaudit.store import outbox

    at = rfc3339(now())
    named = [replace(item, values={**item.values, "organisation": organisation}) for item in news]
    targets = [(channel.name, target) for channel in settings.channels for target in channel.targets]
    return outbox.tell(store, named, targets, run, at)


def send_waiting(store: "Store", settings: "Settings", patience: float | None = None) -> "Count":
    """Send what is due; say what could not be sent."""
    from netaudit.cli.terminal import harmless, say
    from netaudit.notice.deliver import PATIENCE, deliver

    def failed(sentence: str) -> None:
        say(f"Not sent: {harmless(sentence, 400)}")

    return deliver(store, settings, texts(settings), PATIENCE if patience is None else patience, failed)


def texts(settings: "Settings") -> "Texts":
    """Return the texts of the language that the settings name. Raises UsageError."""
    from netaudit.cli.formats import texts_of

    return texts_of(settings.tell.language)


def read_look(folder: Path) -> "Look":
    """Read one run's folder. Raises UsageError or DataError (file:line)."""
    from netaudit.evidence.kept_lines import kept
    from netaudit.evidence.log import ATTEMPTS, SCOPE, read_attempts
    from netaudit.evidence.run import read_run
    from netaudit.identify.read_device import read_device
    from netaudit.notice.events import Look
    from netaudit.report.limits import build_limits
    from netaudit.report.progress.snapshot import snapshot
    from netaudit.scope.load import parse_scope

    rows = enumerate(kept(folder, "devices.jsonl"), 1)
    devices = [read_device(row, f"{folder / 'devices.jsonl'}:{number}") for number, row in rows]
    findings = list(kept(folder, "findings.jsonl"))
    scope = parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE)
    limits = build_limits(scope, read_attempts(folder / ATTEMPTS), devices)
    return Look(snapshot(read_run(folder), scope, devices, findings), findings, limits)


def _before(store: "Store", row: "RunRow", here: "Look") -> "Look | None":
    """The last whole run before this one over some of the same networks: a scan, or listening where there is none."""
    earlier = [
        other
        for other in store.runs()
        if other.started < row.started and other.status == "complete" and other.organisation == row.organisation
    ]
    earlier.sort(key=lambda other: other.info.get("engine") == "listen")
    for other in earlier:
        found = _readable(Path(other.folder))
        if found and _overlap(found, here):
            return found
    return None


def _readable(folder: Path) -> "Look | None":
    """A folder that was moved or thinned out is no run to compare with; the next earlier one may be."""
    try:
        return read_look(folder)
    except (NetauditError, OSError):
        return None


def _overlap(one: "Look", other: "Look") -> bool:
    mine, theirs = ({network.cidr for network in look.snapshot.scope.networks} for look in (one, other))
    return bool(mine & theirs)


def _known(store: "Store", devices: Iterable[str], before: "Look") -> set[str]:
    """Which of these devices a run saw before the one that is compared with."""
    from sqlalchemy import select

    from netaudit.store.schema import UnitRow

    started = before.snapshot.info.started
    with store.reading() as session:
        query = select(UnitRow.device).where(UnitRow.device.in_(list(devices)), UnitRow.first_seen < started)
        return set(session.scalars(query))
