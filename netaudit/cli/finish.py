"""What follows the last packet, of a scan and of listening alike: conclusions, reports, the store, a few words."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.decided import decided_of
from netaudit.cli.formats import DEFAULT
from netaudit.cli.places import beside_store
from netaudit.cli.plan_inputs import PLACES
from netaudit.cli.planning import planned_as_before
from netaudit.cli.report_files import build, write_report
from netaudit.cli.results import conclude, write_results
from netaudit.cli.terminal import say
from netaudit.errors import NetauditError

if TYPE_CHECKING:
    from netaudit.evidence.observation import Observation
    from netaudit.identify.knowledge import Knowledge
    from netaudit.report.views import Report


def finish(
    folder: Path, knowledge: "Knowledge", owner: Path | None, typed: "Sequence[Observation]", store: str | Path | None
) -> bool:
    """Judge the log of a run, report on it and keep it. True where something needs attention.

    Each step lets go of what the next does not need: the log, the findings and a page of some thousand devices would
    otherwise be in memory at the same time.
    """
    # What the wire left in cycles: identification pauses the collector and would make its own beside it.
    gc.collect()
    results = conclude(folder, knowledge, owner, typed, decided_of(store))
    results = planned_as_before(results, beside_store(store, PLACES))
    write_results(results)
    report, attention, asked = build(results), results.needs_attention, bool(results.owner.owner)
    del results
    paths = write_report(report, folder, DEFAULT)
    said = _summary(report, folder, asked=asked)
    del report
    record(folder, store)
    say()
    for line in (*said, f"Report: {paths[0].resolve()}"):
        say(line)
    sys.stderr.flush()
    return attention


def record(folder: Path, where: str | Path | None) -> None:
    """Put the run into the store; a store that cannot be written is said, and harms nothing."""
    from netaudit.store.folder import read_folder
    from netaudit.store.store import Store

    try:
        with Store(where) as store:
            store.record(read_folder(folder))
    except (OSError, NetauditError) as error:
        say(f"The run is whole in {folder}, but it is not in the store: {error}")
        say(f"When that is mended: netaudit runs import {folder}")


def _summary(report: "Report", folder: Path, *, asked: bool) -> list[str]:
    """What came out, in a few lines. `asked`: the owner has answered questions of policies."""
    answer, run = report.answer, report.run
    lines = [f"Not seen: {loss}" for loss in run.losses]
    lines.append(
        f"{len(report.cards)} devices: {answer.units - answer.unidentified} cameras, recorders and the like, "
        f"{answer.unidentified} that did not say what they are, {answer.others} others. "
        f"{answer.covered} covered, {answer.likely} likely covered, {answer.human} need a human; "
        f"{answer.relabelled} are sold under another label than their maker's."
    )
    if run.status != "complete" and run.engine != "listen":
        lines.append(f"This run is {run.status}: go on with `netaudit scan --resume --out {folder}`")
    if not asked:
        lines.append('Some policies turn on facts only you know: `netaudit policy ask` (until then: "depends on ...").')
    return lines
