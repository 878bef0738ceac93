"""All files of a pack: the evidence, and everything that is made from it. The same evidence gives the same files."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from netaudit import __version__
from netaudit.cli.custody import CUSTODY, read_hand_overs
from netaudit.cli.evidence_files import RUN, evidence_files, evidence_list
from netaudit.cli.formats import writers
from netaudit.cli.plan_inputs import PLANNING
from netaudit.cli.redaction import redacted_owner, redacted_report, redacted_results
from netaudit.cli.report_files import build
from netaudit.cli.results import OWNER, Results, judged_files
from netaudit.evidence.pack.manifest import HASH_LIST, MANIFEST, hash_list, manifest, sha256
from netaudit.evidence.run import run_json
from netaudit.policy.questions import owner_toml
from netaudit.report import findings_csv
from netaudit.report.pack.custody import custody
from netaudit.report.pack.raw_copies import raw_copies
from netaudit.report.pack.readme import readme
from netaudit.report.pack.rule_lines import rule_lines
from netaudit.report.pack.scope_texts import scope_texts

ABOUT: Final = "data/pack.json"
SCAN: Final = "data/scan.json"
EVIDENCE: Final = "EVIDENCE.sha256"
NAMES: Final = {"csv": "devices.csv", "json": "data/report.json", "xlsx": "replacement_plan.xlsx"}
"""Where a report format lies in a pack, if not at report.<format>."""
_MAKERS: Final = {"xlsx": "xlsxwriter", "pdf": "typst", "html": "jinja2"}
_PLANNER: Final = "planner"
_OF_PLAN: Final = ("report.", "replacement_plan.", "devices.csv", "data/report.json", "data/plan.json")


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a pack by name, without manifest and what is made over it."""

    files: dict[str, bytes]

    @property
    def sealed(self) -> dict[str, bytes]:
        """All files with the manifest and the list of hashes."""
        hashes = {name: sha256(data) for name, data in self.files.items()}
        listed = manifest(hashes)
        return {**self.files, MANIFEST: listed, HASH_LIST: hash_list(hashes, sha256(listed))}


def pack_files(results: Results, formats: Sequence[str]) -> Pack:
    """Return the complete pack. `formats`: the report's formats in it."""
    report = build(results)
    evidence = evidence_files(results)
    hashes = {name: sha256(data) for name, data in evidence.items()}
    known = writers()
    files = {
        **evidence,
        EVIDENCE: evidence_list(evidence),
        ABOUT: about(formats, redacted=False, planned=PLANNING in results.inputs),
        "findings.csv": findings_csv.render(report),
        "custody.csv": custody(results.info, results.scope, evidence, hashes, read_hand_overs(results.folder)),
        **{NAMES.get(name, f"report.{name}"): known[name](report) for name in formats},
        **{f"data/{name}": data for name, data in judged_files(results).items()},
        **raw_copies(results.devices, results.observations),
        **scope_texts(results.scope, results.info.scope_digest),
        **rule_lines(_rules_in(evidence)),
        SCAN: run_json(results.info),
    }
    hand_overs = results.folder / CUSTODY
    if hand_overs.is_file():
        files[f"{RUN}/{CUSTODY}"] = hand_overs.read_bytes()
    files["README.txt"] = readme(report, files, redacted=False)
    return Pack(files)


def redacted_pack(results: Results, formats: Sequence[str]) -> Pack:
    """Return the pack for wider sharing: verdicts, policies and signatures, no bytes heard, no address, no name.

    It names the manifest of the complete pack, from which anybody who holds that can make it again.
    """
    complete = sha256(pack_files(results, formats).sealed[MANIFEST])
    report = redacted_report(results)
    rules = _rules_in(evidence_files(results))
    known = writers()
    files = {
        **rules,
        EVIDENCE: evidence_list(rules),
        ABOUT: about(formats, redacted=True, planned=PLANNING in results.inputs, complete_manifest=complete),
        "findings.csv": findings_csv.render(report),
        **{NAMES.get(name, f"report.{name}"): known[name](report) for name in formats},
        **{f"data/{name}": data for name, data in judged_files(redacted_results(results, report)).items()},
        f"{RUN}/{OWNER}": owner_toml(redacted_owner(results)).encode(),
        f"{RUN}/run.json": run_json(report.run),
        **rule_lines(rules),
        SCAN: run_json(report.run),
    }
    files["README.txt"] = readme(report, files, redacted=True)
    return Pack(files)


def _rules_in(evidence: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in evidence.items() if name.startswith("rules/")}


def about(formats: Collection[str], *, redacted: bool, planned: bool = False, **more: Any) -> bytes:
    """Return data/pack.json: which kind of pack it is, and which programs made what is in it."""
    made = {"netaudit": __version__, **{name: _version(lib) for name, lib in _MAKERS.items()}}
    if planned:
        made[_PLANNER] = _version("ortools") or "none"
    text = {
        "schema": "netaudit.pack", "schema_version": 1, "redacted": redacted, "formats": list(formats),
        "made_with": made, **more,
    }  # fmt: skip
    return json.dumps(text, indent=1).encode() + b"\n"


def made_alike(then: dict[str, Any], name: str) -> bool:
    """True when the file of a report was made by the same versions that are installed here."""
    now = {"netaudit": __version__, **{kind: _version(lib) for kind, lib in _MAKERS.items()}}
    kind = name.rpartition(".")[2]
    planner = then.get(_PLANNER, "")
    if planner and planner != (_version("ortools") or "none") and name.startswith(_OF_PLAN):
        return False
    return all(then.get(key) == now[key] for key in {"netaudit", kind} & now.keys())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
