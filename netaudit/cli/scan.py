"""netaudit scan: the main job, from a written scope to a report."""

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import say
from netaudit.clock import now
from netaudit.errors import NetauditError, UsageError

RUNS = Path("netaudit-runs")
_EPILOG = """\
Asks every network of the scope file, names what answers, holds it against the policies, and writes the report.
Without root it works too, and says what it lost.

  netaudit scan --dry-run                  what would be sent to whom, packets and time; sends nothing
  netaudit scan                            scope.toml, default limits, into netaudit-runs/<time>/
  sudo netaudit scan --profile gentle      ten times slower than the default; with root also MAC addresses
  netaudit scan --resume                   go on with the last run that was interrupted
  netaudit scan --format jsonl | netaudit identify -

Profiles: gentle 50 packets/s and 5 a host, normal 500 and 10, fast 5000 and 40. [limits] in the scope file wins.
Ctrl-C ends cleanly: everything heard is kept, the report says that it is partial, --resume goes on.
Exit status: 0 nothing needs attention, 1 something does, 2 wrong use or bad input, 130 interrupted.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--scope", type=Path, help="who allowed what (default: scope.toml)")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"folder of the run (default: {RUNS}/<time>)")
    parser.add_argument("--format", choices=("jsonl",), help="write observations to standard output as they come in")
    parser.add_argument(
        "--profile", choices=("gentle", "normal", "fast"), default="normal", help="default: %(default)s"
    )
    parser.add_argument(
        "--engine",
        type=_engine,
        choices=("auto", "syn", "connect", "nmap"),
        default="auto",
        help="who sweeps: syn sends frames of its own (needs root or CAP_NET_RAW), connect opens ordinary connections, "
        "nmap runs nmap; auto (also: native) takes syn where it may, else connect (default: %(default)s)",
    )
    parser.add_argument(
        "--experimental",
        action="store_true",
        help="also ask by protocols that only one source describes, and network gear (marked in the evidence)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    parser.add_argument("--resume", action="store_true", help="go on with an interrupted run (--out, or the latest)")
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here or beside the scope)")
    add_store_option(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Scan, judge, report."""
    from netaudit.scope.load import load_scope

    if options.resume:
        options.out = options.out or _last_unfinished()
        options.scope = options.scope or options.out / "scope.toml"
        if not (options.out / "scope.toml").is_file():
            raise UsageError(f"{options.out} holds no run to resume: start one without --resume")
    path = options.scope or Path("scope.toml")
    if not path.exists():
        raise UsageError(f"{path} is not there: `netaudit init` writes it, or name another with --scope")
    scope = load_scope(path, options.profile)
    if options.dry_run:
        from netaudit.cli.dry_run import show

        return show(scope, experimental=options.experimental, as_json=bool(options.format))

    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.finish import finish
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.meanwhile import load_meanwhile
    from netaudit.cli.results import owner_file
    from netaudit.cli.run_scan import scan_into

    # Data files are read before the first packet: a mistake in them must not surface after an hour's scan.
    knowledge, owner, typed = knowledge_of(options), owner_file(options.owner, path), corrections_of(options)
    check_owner(owner)
    folder = options.out or RUNS / now().strftime("%Y%m%d-%H%M%S")
    load_meanwhile(scope)
    try:
        status = asyncio.run(scan_into(folder, scope, options, knowledge.digest))
        attention = finish(folder, knowledge, owner, typed, options.store)
    except KeyboardInterrupt:
        # A second Ctrl-C, or one while the report was written.
        _say_way_on(folder)
        raise
    return 130 if status == "partial" else 1 if attention else 0


def _say_way_on(folder: Path) -> None:
    """Say how to go on with a run that was broken off; nothing where there is none yet."""
    from netaudit.evidence.run import read_run

    with suppress(NetauditError, OSError):
        whole = read_run(folder).status == "complete"
        command = f"report --run {folder}" if whole else f"scan --resume --out {folder}"
        say(f"\nWhat was heard is kept: go on with `netaudit {command}`")


def _engine(name: str) -> str:
    """The older name of everything that is not nmap."""
    return "auto" if name == "native" else name


def _last_unfinished() -> Path:
    from netaudit.evidence.run import read_run

    folders = sorted(RUNS.glob("*/run.json"), reverse=True)
    for path in folders:
        info = read_run(path.parent)
        # What only listened has nothing to go on with.
        if info.status != "complete" and info.engine != "listen":
            return path.parent
    raise UsageError(f"no unfinished run in {RUNS}/: name its folder with --out")


def check_owner(owner: Path | None) -> None:
    """Read the owner's answers before the first packet. Raises DataError for a mistake in them."""
    from netaudit.policy.owner import read_owner

    if owner:
        read_owner(owner)
