"""The custody log: which evidence was collected when, by whom, with what, under whose authority, and handed to whom.

Fields after chain-of-custody practice (ISO/IEC 27037 and NIST SP 800-86 name the principles, not a file format).
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from netaudit.evidence.run import RunInfo
from netaudit.report.csv import safe_cell
from netaudit.scope.model import Scope

HAND_OVER: Final = ("from", "to", "when", "why", "medium", "hash_checked")
COLUMNS: Final = (
    "evidence_id", "event", "file", "sha256", "size", "created_at", "clock", "collected_by", "authority", "tool",
    "rules_sha256", "vantage", "redactions", *HAND_OVER,
)  # fmt: skip
_CLOCK: Final = "clock of the sensor; offset not recorded"
_REDACTIONS: Final = "secrets that a protocol leaks are cut out before anything is kept"


def custody(
    run: RunInfo, scope: Scope, evidence: Mapping[str, bytes], digests: Mapping[str, str],
    hand_overs: Iterable[Sequence[str]],
) -> bytes:  # fmt: skip
    """Return custody.csv: one row a file of evidence, then the hand-overs that people wrote down (HAND_OVER)."""
    granted = scope.authorisation
    authority = f"{granted.authorised_by}, {granted.role}, {granted.organisation}; {granted.reference}"
    rows: list[Sequence[str]] = [COLUMNS]
    for number, name in enumerate(sorted(name for name in evidence if not name.startswith("rules/")), 1):
        heard = name.startswith("run/")
        rows.append((
            f"E{number:04}", "collected" if heard else "attached", name, digests[name], str(len(evidence[name])),
            f"{run.started} to {run.ended or 'not ended'}" if heard else "see attachments.csv", _CLOCK,
            f"sensor {run.sensor}" if heard else "see attachments.csv", authority, f"netaudit {run.version}",
            run.knowledge_digest, "; ".join(run.interfaces), _REDACTIONS, *("" for _ in HAND_OVER),
        ))  # fmt: skip
    gap = ("",) * (len(COLUMNS) - len(HAND_OVER) - 2)
    rows += [(f"H{number:04}", "handed over", *gap, *row) for number, row in enumerate(hand_overs, 1)]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8")
