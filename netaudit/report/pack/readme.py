"""README.txt of a pack: what it is, and how to verify it without netaudit on three systems."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from netaudit.report.views import Report
from netaudit.report.visible import visible

_TEMPLATE: Final = Path(__file__).resolve().parents[1] / "templates" / "pack_readme.txt"
_CONTENTS: Final = {
    "report.html": "the report: one page that needs nothing else",
    "report.pdf": "the report for printing",
    "report.md": "the summary as text",
    "replacement_plan.xlsx": "inventory, findings, plan and evidence as a workbook",
    "devices.csv": "one row a device",
    "findings.csv": "one row a device and policy, for policies that bind or may bind",
    "data/": "JUDGED: devices, findings and plan for machines; everything in it can be made again from run/ and rules/",
    "raw/": "RAW, for people: every answer as received, by device; raw/index.csv says what each file is",
    "run/": "RAW, for machines: the log as the scan wrote it, chained by hashes; scope, attempts, the owner's answers",
    "run/planning.toml": "the planning file that the plan rests on; its price files are in run/planning/",
    "run/places.json": "what people typed about the units; floor plans are in run/floors/",
    "policy/": "the same policies and signatures as JSON lines, one each; they follow from rules/",
    "rules/": "signatures, policies and MAC registries, exactly as used",
    "attachments/": "photographs, invoices and letters by device; attachments.csv says who attached what, and when",
    "scope/": "who allowed the run, what could be asked, what was left out",
    "custody.csv": "what was collected by whom under whose authority, and to whom it was handed",
    "EVIDENCE.sha256": "hashes of run/, rules/ and attachments/",
    "MANIFEST.sha256": "hashes of all files, as sha256sum writes them",
    "MANIFEST.sha256.txt": "the same as a table with the algorithm, and the hash of the list (the form CMMC asks for)",
}


def readme(report: Report, names: Collection[str], *, redacted: bool) -> bytes:
    """Return the text. `names`: the files that are in the pack."""
    here = [
        (name, text) for name, text in _CONTENTS.items()
        if name.startswith("MANIFEST") or name in names or any(name[-1] == "/" and n.startswith(name) for n in names)
    ]  # fmt: skip
    granted = report.scope.authorisation
    text = _TEMPLATE.read_text(encoding="utf-8").format(
        organisation=visible(granted.organisation),
        reference=visible(granted.reference),
        run=visible(report.run.run),
        started=report.run.started,
        ended=report.run.ended or "not ended",
        version=report.run.version,
        kind=_REDACTED if redacted else "Complete.",
        contents="\n".join(f"  {name:22}{text}" for name, text in here),
    )
    return text.encode("utf-8")


_REDACTED: Final = """REDACTED for wider sharing:
addresses, serial numbers, names and all bytes heard are left out; devices have pseudonyms.
`netaudit verify` can derive the findings again from the named makers, but not the makers from bytes.
Whoever holds the complete pack can prove that this one was made from it:
netaudit verify THIS.zip --complete COMPLETE.zip"""
