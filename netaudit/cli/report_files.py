"""The report of a run's results: its view model, and the files in the formats that were asked for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from netaudit.cli.evidence_files import evidence_digest
from netaudit.cli.formats import PieceWriter
from netaudit.cli.results import Results
from netaudit.cli.whole_file import replace_file
from netaudit.evidence.log import ATTEMPTS, read_attempts
from netaudit.policy.model import Policy
from netaudit.report.views import PolicyView, Report


def build(results: Results) -> Report:
    """Build the report's view model."""
    from netaudit.report.model import build_report

    views = [_policy_view(policy) for policy in results.policies]
    attempts = read_attempts(results.folder / ATTEMPTS)
    return build_report(
        results.info, results.scope, results.devices, results.findings, results.plan, results.observations,
        attempts, views, {fact.name: fact.question for fact in results.facts}, evidence_digest(results),
        results.floors,
    )  # fmt: skip


def write_report(
    report: Report, folder: Path, formats: Sequence[str] | Mapping[str, PieceWriter], out: Path | None = None
) -> list[Path]:
    """Write the report, format by format, into a run's folder; return the paths.

    `formats`: names, or writers by name. `out` names the file where there is one format only.
    """
    from netaudit.cli.formats import chosen

    writers = formats if isinstance(formats, Mapping) else chosen(formats)
    paths = []
    for name, write in writers.items():
        path = out or folder / f"report.{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, write(report))
        paths.append(path)
    return paths


def _policy_view(policy: Policy) -> PolicyView:
    return PolicyView(
        id=policy.id, title=policy.title, jurisdiction=policy.jurisdiction, duty=policy.duty,
        status=policy.status_text, citation=policy.citation, asks=policy.asks,
        dates=tuple((item.date, item.part) for item in policy.dates), checked=str(policy.last_checked),
        unverified=policy.unverified,
    )  # fmt: skip
