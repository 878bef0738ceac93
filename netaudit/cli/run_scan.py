"""Run a scan into a folder: open the log, show progress, write run.json at both ends."""

import argparse
import hashlib
import signal
import socket
import sys
from asyncio import current_task, get_running_loop
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from netaudit import __version__
from netaudit.cli.credentials import maker_finder, secrets_of
from netaudit.cli.terminal import ProgressLine, say
from netaudit.clock import now, rfc3339
from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import Observation, to_line
from netaudit.evidence.run import RunInfo, RunStatus, read_run, write_run
from netaudit.net.routes import read_routes, routes_towards
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.gate import Gate
from netaudit.scope.model import Scope


class Tee:
    """The run's log; with --format jsonl every new observation also goes to standard output."""

    def __init__(self, log: RunLog, *, stream: bool) -> None:
        self._log = log
        self._stream = stream
        self.observations: Sequence[Observation] = log.observations
        self.attempts: Sequence[Mapping[str, Any]] = log.attempts

    def observation(self, observation: Observation) -> bool:
        """Append, and pass on what is new."""
        new = self._log.observation(observation)
        if new and self._stream:
            try:
                sys.stdout.write(to_line(observation) + "\n")
                sys.stdout.flush()
            except BrokenPipeError:
                # The reader went away; the log is what counts.
                self._stream = False
        return new

    def attempt(self, record: Mapping[str, Any]) -> None:
        """Append one attempt."""
        self._log.attempt(record)


async def scan_into(folder: Path, scope: Scope, options: argparse.Namespace, knowledge_digest: str) -> RunStatus:
    """Scan into `folder` (new, or an interrupted run with --resume); return how the run ended."""
    gate = Gate(scope, now().date())
    with RunLog.resume(folder, scope.raw) if options.resume else RunLog.create(folder, scope.raw) as log:
        info = _begin(folder, scope, options, knowledge_digest, log)
        write_run(folder, info)
        say(f"Scanning {', '.join(str(network.cidr) for network in scope.networks)} into {folder} ...")
        for stray in scope.stray_exclusions():
            say(f"The exclusion {stray} lies in no network of this scope: is it mistyped?")
        line, tee = ProgressLine(), Tee(log, stream=bool(options.format))
        end_on_terminate()
        outcome = await run_scan(_settings(options, info, scope), gate, tee, line)
        line.close()
        write_run(folder, _ended(info, outcome, log))
    return outcome.status


def _begin(folder: Path, scope: Scope, options: argparse.Namespace, knowledge_digest: str, log: RunLog) -> RunInfo:
    started = now()
    digest = hashlib.sha256(scope.raw).hexdigest()
    if options.resume and (folder / "run.json").exists():
        before = read_run(folder)
        return replace(before, status="running", version=__version__, knowledge_digest=knowledge_digest)
    return RunInfo(
        run=f"{started:%Y%m%d-%H%M%S}-{digest[:6]}", version=__version__, started=rfc3339(started),
        engine=options.engine, profile=options.profile, sensor=socket.gethostname(), scope_digest=digest,
        knowledge_digest=knowledge_digest, chain_head=log.head, routes=_routes(scope),
    )  # fmt: skip


def _routes(scope: Scope) -> tuple[str, ...]:
    towards = routes_towards((network.cidr for network in scope.networks), read_routes())
    return tuple(route.text for route in towards)


def _ended(info: RunInfo, outcome: RunOutcome, log: RunLog) -> RunInfo:
    losses = outcome.losses
    if log.relinked:
        losses += (f"{log.relinked} lines at the end of the log had lost their link in a crash and were linked again",)
    return replace(
        info, ended=rfc3339(now()), status=outcome.status, losses=losses, interfaces=outcome.interfaces,
        chain_head=log.head, observations=log.count, attempts=log.attempt_count, packets=info.packets + outcome.packets,
    )  # fmt: skip


def _settings(options: argparse.Namespace, info: RunInfo, scope: Scope) -> ScanOptions:
    secrets = secrets_of(scope)
    return ScanOptions(
        engine=options.engine, sensor=info.sensor, seed=info.run, secret=lambda credential: secrets[credential.name],
        maker_of=maker_finder(scope, options),
        experimental=options.experimental, tables_only=getattr(options, "tables_only", False),
    )  # fmt: skip


def end_on_terminate() -> None:
    """SIGTERM (a service manager, a shutdown) ends as cleanly as Ctrl-C."""
    task = current_task()
    if task is not None:
        get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
