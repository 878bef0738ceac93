"""Listen into a folder: open the log, show progress, write run.json at both ends."""

import argparse
import hashlib
import socket
from dataclasses import replace
from pathlib import Path
from typing import Final

from netaudit import __version__
from netaudit.cli.run_scan import Tee, end_on_terminate
from netaudit.cli.terminal import ProgressLine, duration, say
from netaudit.clock import now, rfc3339
from netaudit.evidence.log import RunLog
from netaudit.evidence.run import RunInfo, RunStatus, write_run
from netaudit.listen.links import links_of
from netaudit.listen.options import ListenOptions
from netaudit.listen.run import run_listen
from netaudit.scope.gate import Gate
from netaudit.scope.model import Scope

_SILENT: Final = "Nothing is sent and no group is joined. A switch with IGMP snooping may keep groups back: --join."
_JOINS: Final = "netaudit sends nothing; the kernel reports to the network which groups it joined (IGMP, MLD): --join."


async def listen_into(folder: Path, scope: Scope, options: argparse.Namespace, knowledge_digest: str) -> RunStatus:
    """Listen into a new folder; return how it ended. Raises UsageError where there is nothing to listen on."""
    gate, chosen = Gate(scope, now().date()), _settings(options)
    # Asked before anything is written: a wrong interface must leave no folder behind.
    links, _ = links_of(scope, chosen.interfaces)
    with RunLog.create(folder, scope.raw) as log:
        info = _begin(scope, chosen.sensor, knowledge_digest, log)
        write_run(folder, info)
        until = f"for {duration(chosen.seconds)}" if chosen.seconds else "until Ctrl-C"
        say(f"Listening on {', '.join(link.label for link in links)} {until} into {folder} ...")
        say(_JOINS if chosen.join else _SILENT)
        line, tee = ProgressLine(), Tee(log, stream=bool(options.format))
        end_on_terminate()
        outcome = await run_listen(chosen, gate, tee, line, lambda loss: say(f"Note: {loss}"))
        line.close()
        ended = replace(
            info, ended=rfc3339(now()), status=outcome.status, losses=outcome.losses, interfaces=outcome.interfaces,
            chain_head=log.head, observations=log.count, attempts=log.attempt_count,
        )  # fmt: skip
        write_run(folder, ended)
    return outcome.status


def _begin(scope: Scope, sensor: str, knowledge_digest: str, log: RunLog) -> RunInfo:
    started = now()
    digest = hashlib.sha256(scope.raw).hexdigest()
    return RunInfo(
        run=f"{started:%Y%m%d-%H%M%S}-{digest[:6]}", version=__version__, started=rfc3339(started), engine="listen",
        sensor=sensor, scope_digest=digest, knowledge_digest=knowledge_digest, chain_head=log.head,
    )  # fmt: skip


def _settings(options: argparse.Namespace) -> ListenOptions:
    return ListenOptions(
        options.seconds, tuple(options.interface), options.join, options.everything, sensor=socket.gethostname()
    )
