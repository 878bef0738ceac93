"""One turn of a job: an ordinary run, alone, recorded as a turn; then the notices."""

import argparse
import contextlib
import io
import socket
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.terminal import harmless, say
from netaudit.clock import now, rfc3339
from netaudit.errors import NetauditError, UsageError
from netaudit.schedule.alone import alone
from netaudit.schedule.file import Job
from netaudit.schedule.when import due
from netaudit.store import turns
from netaudit.store.outbox import News
from netaudit.store.schema_told import TurnRow
from netaudit.store.store import Store

if TYPE_CHECKING:
    from netaudit.notice.settings import Settings

_OUTCOMES: Final = {0: "done", 1: "done", 130: "partial"}
# A timer may begin a little late; a turn is missed when its time is over by more.
_GRACE: Final = timedelta(minutes=10)
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands. `missed`: due times since the last turn at which nothing started; `next`: RFC 3339."""

    last: TurnRow | None
    missed: int
    next: str


def place_of(schedule: Path) -> str:
    """Return what tells the jobs of this file from those of the same name elsewhere in one store."""
    return f"{socket.gethostname()}:{schedule}"


def standing(store: Store, place: str, job: Job, moment: datetime) -> Standing:
    """Return where a job stands at a moment."""
    with store.reading() as session:
        last = turns.latest(session, place, job.name)
    late = _due_until(job, last, moment - _GRACE)
    return Standing(last, len(late), rfc3339(next(due(job.when, moment))))


def run_job(job: Job, schedule: Path, where: str | None, notices: Path | None) -> int:
    """Run one turn. Returns the exit status of the run; 1 where another run is at work, or the notices are wrong."""
    from netaudit.cli.notices import settings_of

    try:
        settings = settings_of(notices) if notices else None
    except NetauditError as error:
        # Nobody sits before the screen: a mistake there must not cost the run of the night.
        settings, wrong = None, str(error)
        say(f"Notices: {wrong}")
    else:
        wrong = ""
    place = place_of(schedule)
    with Store(where) as store:
        started = now()
        with alone(store.place.folder, job, f"{job.name} of {schedule}, begun {rfc3339(started)}") as other:
            if other is not None:
                say(f"Not started: {harmless(other)} is at work over {job.scope}.")
                with store.writing() as session:
                    turns.refuse(session, place, job.name, rfc3339(started), other)
                return 1
            status, news, run = _turn(store, place, job, started)
        if settings:
            _tell(store, settings, news, run)
    return max(status, 1) if wrong else status


def command_of(job: Job, out: Path, where: str | None) -> list[str]:
    """Return the words of the run. Raises UsageError for options that do not fit into a regular run."""
    from netaudit.cli import parser_for

    words = [job.do, "--scope", str(job.scope), "--out", str(out), *(["--store", where] if where else [])]
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parsed = parser_for([job.do]).parse_args([*words, *job.options])
    except SystemExit:
        problem = said.getvalue().strip().rpartition("\n")[2]
        raise UsageError(f"the options of {job.name} are not those of `netaudit {job.do}`: {problem}") from None
    if (parsed.scope, parsed.out, parsed.store) != (job.scope, out, where) or parsed.format:
        raise UsageError(f"scope, folder, store and format of {job.name} are not for its options")
    if getattr(parsed, "dry_run", False) or getattr(parsed, "resume", False):
        raise UsageError(f"{job.name}: a regular run is a whole one, without --dry-run and --resume")
    if job.do == "listen" and parsed.seconds is None:
        raise UsageError(f'{job.name} would listen for ever: say how long, e.g. --options="--for 30m"')
    return [*words, *job.options]


def _turn(store: Store, place: str, job: Job, started: datetime) -> tuple[int, list[News], str]:
    """Run and record; return exit status, what there is to tell of the turn, and the name of the run ("" for none)."""
    out = job.out / f"{started:%Y%m%d-%H%M%S}-{job.name}"
    with store.writing() as session:
        broken = turns.break_off(session, place, job.name, rfc3339(started))
        last, good = turns.latest(session, place, job.name), turns.last_good(session, place, job.name)
        late = _due_until(job, last, started)
        # The latest of them is the one that begins now.
        missed = max(len(late) - 1, 0)
        turn = turns.begin(session, place, job.name, late[-1] if late else "", rfc3339(started), missed).id
    # The same failure again and again is one event, until a turn goes well.
    news = [_failed(job, (place, good), row.started, row.told) for row in broken]
    if missed:
        say(f"{missed} turns of {job.name} were missed, the last on {late[-2]}.")
        news.append(News("missed", (place, job.name, late[-2]), {"job": job.name, "n": missed, "due": late[-2][:16]}))
    status, told = _command(job, out, store.place.where)
    run = _name(out)
    outcome = _OUTCOMES.get(status, "failed")
    with store.writing() as session:
        turns.end(session, turn, rfc3339(now()), outcome, run, told)
    if outcome == "failed":
        news.append(_failed(job, (place, good), rfc3339(started), told))
    return status, news, run


def _command(job: Job, out: Path, where: str) -> tuple[int, str]:
    """Run the command as somebody would type it; return its exit status and, where it failed, why."""
    from netaudit.cli import parser_for

    try:
        words = command_of(job, out, where)
        options: argparse.Namespace = parser_for(words).parse_args(words)
        return int(options.command(options)), ""
    except NetauditError as error:
        say(f"netaudit: {error}")
        return 2, str(error)
    except KeyboardInterrupt:
        return 130, "interrupted"
    except Exception as error:
        # A mistake of ours: it is shown in full, and the turn must still be closed and told.
        sys.excepthook(type(error), error, error.__traceback__)
        return 2, f"{type(error).__name__}: {error}"


def _name(out: Path) -> str:
    from netaudit.evidence.run import read_run

    try:
        return read_run(out).run
    except (NetauditError, OSError):
        return ""


def _failed(job: Job, since: tuple[str, str], started: str, why: str) -> News:
    return News(
        "failed", (job.name, *since, why), {"job": job.name, "started": started[:16], "why": why or "no reason"}
    )


def _due_until(job: Job, last: TurnRow | None, until: datetime) -> list[str]:
    """Due times since the last turn began (or since the job was added) up to a moment, RFC 3339."""
    since = datetime.fromisoformat(last.started) if last else job.since
    if since is None:
        return []
    found: list[str] = []
    for moment in takewhile(lambda moment: moment <= until, due(job.when, since)):
        found.append(rfc3339(moment))
        if len(found) >= _MOST:
            break
    return found


def _tell(store: Store, settings: "Settings", news: list[News], run: str) -> None:
    """Tell what the turn brought; what goes wrong here is said, and harms the run no more."""
    from netaudit.cli.tell import news_of, post_news, send_waiting

    try:
        row = store.run(run) if run else None
        found = news_of(store, run, settings) if row else []
        own = news if settings.tell.runs else []
        count = post_news(store, settings, [*own, *found], run, row.organisation if row else "")
        sent = send_waiting(store, settings)
        say(f"Notices: {count} new events; {sent.sent} messages sent, {sent.waiting} waiting, {sent.dead} given up.")
    except (NetauditError, OSError) as error:
        say(f"Notices: {error}")
