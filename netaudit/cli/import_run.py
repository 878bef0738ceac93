"""Import into a run: its log is opened or begun, its results are made anew."""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from netaudit import __version__
from netaudit.cli.import_account import show
from netaudit.cli.import_scope import scope_of
from netaudit.cli.terminal import say
from netaudit.clock import now, rfc3339
from netaudit.errors import NetauditError, UsageError
from netaudit.evidence.log import OBSERVATIONS, SCOPE, RunLog
from netaudit.evidence.run import RunInfo, RunStatus, read_run, write_run
from netaudit.intake.place import Placer
from netaudit.intake.reading import Account, read, sentences
from netaudit.scope.load import parse_scope
from netaudit.scope.model import Scope

RUNS = Path("netaudit-runs")


def import_into(accounts: Sequence[Account], refused: Sequence[str], options: argparse.Namespace) -> int:
    """Read the files into the run of --out, or a new one; conclude; return the exit status."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.places import beside_store
    from netaudit.cli.plan_inputs import PLACES
    from netaudit.cli.planning import planned_as_before
    from netaudit.cli.results import conclude, owner_file, write_results

    knowledge, typed = knowledge_of(options), corrections_of(options)
    folder = options.out or RUNS / now().strftime("%Y%m%d-%H%M%S")
    status, public = _read_into(folder, accounts, options, knowledge.digest)
    code = show(accounts, refused, public)
    if status == "partial":
        say(f"Interrupted: what was read is kept in {folder}; import the same files again to go on.")
        return 130
    try:
        results = conclude(folder, knowledge, owner_file(None), typed, decided_of(options.store))
        results = planned_as_before(results, beside_store(options.store, PLACES))
        write_results(results)
        _record(folder, options)
    except KeyboardInterrupt:
        say(f"Interrupted: everything was read and is kept in {folder}. To go on: netaudit report --run {folder}")
        return 130
    say(f"{len(results.devices)} devices are in {folder}. Next: netaudit report --run {folder}")
    return code


def _read_into(
    folder: Path, accounts: Sequence[Account], options: argparse.Namespace, knowledge: str
) -> tuple[RunStatus, int]:
    there = (folder / OBSERVATIONS).is_file()
    scope = parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE) if there else _new_scope(options)
    if there and (options.scope or options.network):
        raise UsageError(f"{folder} is a run and has its own scope: leave --scope and --network out")
    placer = Placer(scope)
    with RunLog.resume(folder, scope.raw) if there else RunLog.create(folder, scope.raw) as log:
        info = read_run(folder) if (folder / "run.json").is_file() else _begin(scope, log)
        write_run(folder, replace(info, status="running"))
        status: RunStatus = "complete" if info.status == "running" else info.status
        try:
            for account in accounts:
                account.source.progress = _progress(account)
                read(account, placer, log.observation)
        except KeyboardInterrupt:
            status = "partial"
        losses = tuple(dict.fromkeys((*info.losses, *sentences(accounts, placer))))
        write_run(folder, replace(
            info, ended=rfc3339(now()), status=status, losses=losses, chain_head=log.head, observations=log.count,
            attempts=log.attempt_count, knowledge_digest=knowledge,
        ))  # fmt: skip
    return status, placer.public


def _new_scope(options: argparse.Namespace) -> Scope:
    scope = scope_of(options)
    assert scope is not None
    return scope


def _begin(scope: Scope, log: RunLog) -> RunInfo:
    started, digest = now(), hashlib.sha256(scope.raw).hexdigest()
    return RunInfo(
        run=f"{started:%Y%m%d-%H%M%S}-{digest[:6]}", version=__version__, started=rfc3339(started), engine="import",
        scope_digest=digest, chain_head=log.head,
    )  # fmt: skip


def _record(folder: Path, options: argparse.Namespace) -> None:
    from netaudit.store.folder import read_folder
    from netaudit.store.store import Store

    try:
        with Store(options.store) as store:
            store.record(read_folder(folder))
    except (OSError, NetauditError) as error:
        say(f"The run is whole in {folder}, but it is not in the store: {error}")
        say(f"When that is mended: netaudit runs import {folder}")


def _progress(account: Account) -> Callable[[int], None]:
    """Report on standard error how far a long file has been read."""
    begun = shown = time.monotonic()
    pause = 0.2 if sys.stderr.isatty() else 5.0

    def report(position: int) -> None:
        nonlocal shown
        moment = time.monotonic()
        if moment - begun < 1 or moment - shown < pause:
            return
        shown = moment
        share = min(100, 100 * position // max(1, account.source.size))
        end = "\r" if sys.stderr.isatty() else "\n"
        sys.stderr.write(f"Reading {account.source.name}: {share} %, {account.told.total()} observations{end}")
        sys.stderr.flush()

    return report
