"""netaudit schedule: regular scans and listening, as a readable file and timers of the machine."""

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.notices import NOTICES
from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say, table
from netaudit.clock import now
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.schedule.file import Job

SCHEDULE: Final = "schedule.toml"
_ACTIONS: Final = ("list", "add", "remove", "run", "systemd", "cron")
_EPILOG = f"""\
  netaudit schedule add nightly "daily 02:30"                      scan scope.toml every night
  netaudit schedule add weekly "mon,thu 02:30" --scope school.toml --options="--profile gentle"
  netaudit schedule add morning "daily 07:00" --do listen --options="--for 30m"
  netaudit schedule                       the jobs: last turn, next turn, what was missed
  netaudit schedule run nightly           one turn now: the run, then the notices
  netaudit schedule systemd               write a service and a timer for each job into systemd/
  sudo netaudit schedule systemd --user netaudit --out /etc/systemd/system     ... for the whole machine
  netaudit schedule cron                  print lines for a crontab instead
  netaudit schedule remove nightly

WHEN: "daily 02:30", "mon,thu 02:30", "monthly 1 02:30" or "hourly :15", in the machine's own time. --options are handed
to `netaudit scan` or `netaudit listen`. A turn is an ordinary run of that command, in the store like any other. While
one runs over a scope, no second of its kind starts. Turns that were missed (the machine slept, was off, or was busy)
are said at the next turn and by `netaudit schedule`. With {NOTICES} beside {SCHEDULE} people are told what changed
(`netaudit notices --help`).
Exit status: of `run` that of the scan; of the list 1 where a turn was missed or failed.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", nargs="?", choices=_ACTIONS, default="list", help="default: %(default)s")
    parser.add_argument("name", nargs="?", metavar="NAME", help="name of a job (add, remove, run)")
    parser.add_argument("when", nargs="?", metavar="WHEN", help='for add: "daily 02:30" and the like')
    parser.add_argument("--schedule", type=Path, default=Path(SCHEDULE), metavar="FILE", help="default: %(default)s")
    parser.add_argument("--do", choices=("scan", "listen"), default="scan", help="for add (default: %(default)s)")
    parser.add_argument("--scope", type=Path, default=Path("scope.toml"), help="for add (default: %(default)s)")
    parser.add_argument("--options", default="", metavar="WORDS", help="for add: more options of the command")
    parser.add_argument("--notices", type=Path, metavar="FILE", help=f"default: {NOTICES} beside the schedule")
    parser.add_argument("--out", type=Path, metavar="DIR", help="for systemd (default: systemd beside the schedule)")
    parser.add_argument("--user", default="", metavar="USER", help="for systemd: units of the machine, as this user")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Do what the action says."""
    if options.action in ("add", "remove", "run") and not options.name:
        raise UsageError(f"`netaudit schedule {options.action}` needs the name of a job")
    return {
        "list": _list, "add": _add, "remove": _remove, "run": _run, "systemd": _systemd, "cron": _cron,
    }[options.action](options)  # fmt: skip


def notices_file(options: argparse.Namespace) -> Path | None:
    """Return the settings of the notices: the file chosen, else the one beside the schedule, else None."""
    beside = options.schedule.resolve().parent / NOTICES
    return options.notices or (beside if beside.is_file() else None)


def job_of(options: argparse.Namespace) -> "Job":
    """Return the job that is named. Raises UsageError."""
    from netaudit.schedule.file import read_schedule

    jobs = read_schedule(options.schedule)
    job = next((job for job in jobs if job.name == options.name), None)
    if job is None:
        raise UsageError(f"there is no job {options.name!r}: {', '.join(job.name for job in jobs) or 'none at all'}")
    return job


def _add(options: argparse.Namespace) -> int:
    from netaudit.cli.run_schedule import command_of
    from netaudit.schedule.file import add_job, read_schedule
    from netaudit.schedule.when import EXPECTED, parse_when
    from netaudit.scope.load import load_scope

    try:
        when = parse_when(options.when or "")
    except ValueError:
        raise UsageError(f"{options.when!r} is no time for a job: {EXPECTED}") from None
    if not options.scope.is_file():
        raise UsageError(f"{options.scope} is not there: `netaudit init` writes it, or name another with --scope")
    load_scope(options.scope)
    folder = options.schedule.resolve().parent
    scope = Path(os.path.relpath(options.scope.resolve(), folder))
    before = options.schedule.read_bytes() if options.schedule.exists() else None
    add_job(options.schedule, options.name, options.do, scope, when.text, now(), shlex.split(options.options))
    try:
        command_of(read_schedule(options.schedule)[-1], folder, None)
    except UsageError:
        # What the command itself refuses must not stay in the file.
        options.schedule.unlink() if before is None else options.schedule.write_bytes(before)
        raise
    say(f"{options.name} is in {options.schedule}. Timers: `netaudit schedule systemd` or `netaudit schedule cron`.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    from netaudit.schedule.file import remove_job

    remove_job(options.schedule, options.name)
    say(f"{options.name} is out of {options.schedule}. Its timer, if there is one: `systemctl --user disable --now "
        f"netaudit-{options.name}.timer`")  # fmt: skip
    return 0


def _run(options: argparse.Namespace) -> int:
    from netaudit.cli.run_schedule import run_job

    return run_job(job_of(options), options.schedule.resolve(), options.store, notices_file(options))


def _list(options: argparse.Namespace) -> int:
    from netaudit.cli.run_schedule import place_of, standing
    from netaudit.schedule.file import read_schedule
    from netaudit.store.store import Store

    jobs = read_schedule(options.schedule)
    rows, wrong = [], 0
    with Store(options.store) as store:
        for job in jobs:
            state = standing(store, place_of(options.schedule.resolve()), job, now())
            last = f"{_local(state.last.started)} {state.last.outcome}" if state.last else "never"
            wrong += bool(state.missed) or bool(state.last and state.last.outcome in ("failed", "broken"))
            told = (job.name, job.do, str(job.scope), job.when.text, last, _local(state.next), str(state.missed))
            rows.append(told)
    for line in table(("NAME", "DOES", "SCOPE", "WHEN", "LAST", "NEXT", "MISSED"), rows):
        out(line)
    if not jobs:
        say(f"{options.schedule} holds no job: `netaudit schedule add NAME WHEN`")
    return 1 if wrong else 0


def _local(moment: str) -> str:
    from datetime import datetime

    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


def _systemd(options: argparse.Namespace) -> int:
    from netaudit.schedule.file import read_schedule
    from netaudit.schedule.units import Unit, unit_files, unit_for

    folder = options.schedule.resolve().parent
    target = options.out or folder / "systemd"
    jobs = read_schedule(options.schedule)
    units = [
        unit_for(job.name, f"{job.do} of {job.scope.name}", job.when, _words(options, job), folder, options.user)
        for job in jobs
    ]
    if settings := notices_file(options):
        words = [*_program(), "notices", "send", "--notices", str(settings.resolve()), *_store(options)]
        # What could not be sent is tried again by this one, between the turns.
        units.append(Unit("notices", "netaudit: notices that wait", words, folder, "*-*-* *:00/15:00", options.user))
    if any(job.name == "notices" for job in jobs):
        raise UsageError("the name notices is taken by netaudit's own timer: give the job another")
    files = {name: text for unit in units for name, text in unit_files(unit).items()}
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
        out(str(target / name))
    timers = " ".join(shlex.quote(str(target.resolve() / name)) for name in files if name.endswith(".timer"))
    if options.user:
        say("Now: systemctl daemon-reload && systemctl enable --now " + timers)
    else:
        say(f"Now: systemctl --user link {shlex.quote(str(target.resolve()))}/netaudit-*.service")
        say(f"and: systemctl --user enable --now {timers}")
        say("and, so that timers run while nobody is logged in: loginctl enable-linger")
    return 0


def _cron(options: argparse.Namespace) -> int:
    from netaudit.schedule.file import read_schedule
    from netaudit.schedule.units import cron_line

    folder = options.schedule.resolve().parent
    for job in read_schedule(options.schedule):
        out(cron_line(job.when, _words(options, job), folder))
    if settings := notices_file(options):
        words = [*_program(), "notices", "send", "--notices", str(settings.resolve()), *_store(options)]
        out(f"*/15 * * * * {shlex.join(words)}".replace("%", "\\%"))
    return 0


def _words(options: argparse.Namespace, job: "Job") -> list[str]:
    words = [*_program(), "schedule", "run", job.name, "--schedule", str(options.schedule.resolve())]
    if options.notices:
        words += ["--notices", str(options.notices.resolve())]
    return words + _store(options)


def _program() -> list[str]:
    return [sys.executable, "-m", "netaudit"]


def _store(options: argparse.Namespace) -> list[str]:
    """The store as a timer needs it: a timer has not the environment of this shell."""
    from urllib.parse import urlsplit

    where = options.store or os.environ.get("NETAUDIT_STORE")
    if not where:
        return []
    if "://" not in where:
        return ["--store", str(Path(where).resolve())]
    if urlsplit(where).password:
        raise UsageError("a unit can be read by everybody: put the password into ~/.pgpass instead of the URL")
    return ["--store", where]
