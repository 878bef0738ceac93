"""Judges the devices of a redacted pack again with its policies, and holds it against the complete pack if there."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from netaudit.cli.evidence_files import RULES, RUN
from netaudit.cli.formats import writers
from netaudit.cli.pack_files import redacted_pack
from netaudit.cli.rederive import Outcome, about, differences, results_of, rules_of
from netaudit.cli.results import OWNER
from netaudit.errors import DataError, NetauditError
from netaudit.evidence.pack.manifest import MANIFEST, OUTSIDE, sha256
from netaudit.evidence.run import read_run
from netaudit.identify.device import Device
from netaudit.identify.read_device import read_device
from netaudit.policy.engine import judge
from netaudit.policy.facts import read_facts
from netaudit.policy.finding import Finding
from netaudit.policy.owner import read_owner
from netaudit.policy.policies import load_policies
from netaudit.policy.relations import relations

_COMPARED: Final = ("status", "basis", "depends_on", "binds_owner", "deadline", "remedy")
_DEVICES: Final = "data/devices.jsonl"
_FINDINGS: Final = "data/findings.jsonl"


def rederive_redacted(folder: Path, files: Mapping[str, bytes]) -> Outcome:
    """Derive the findings of a redacted pack from its devices: all that can be done without the bytes."""
    try:
        devices = _devices(files.get(_DEVICES, b""))
        findings = _judged(folder, devices)
    except (NetauditError, OSError, ValueError) as error:
        return Outcome((f"the findings cannot be made again: {error}",))
    lines = b"".join(json.dumps(item.to_dict()).encode() + b"\n" for item in findings)
    wrong = tuple(differences(_FINDINGS, files.get(_FINDINGS, b""), lines, _COMPARED))
    notes = ("this pack is redacted: makers are not derived again, for the bytes heard are not in it",)
    return Outcome(wrong, notes, () if wrong else (f"{len(findings)} findings follow from {len(devices)} devices",))


def compare_with_complete(files: Mapping[str, bytes], complete: Path, sealed: Mapping[str, bytes]) -> Outcome:
    """Make the redacted pack again from the complete one, unpacked in `complete`, and compare every byte."""
    try:
        then = about(complete)
        again = redacted_pack(results_of(complete), [name for name in then["formats"] if name in writers()])
    except (NetauditError, OSError) as error:
        return Outcome((f"the complete pack cannot be used: {error}",))
    named = json.loads(files["data/pack.json"]).get("complete_manifest")
    if named != sha256(sealed[MANIFEST]):
        return Outcome((f"the redacted pack was made from another pack, with the manifest {str(named)[:64]}",))
    names = (files.keys() | again.files.keys()) - OUTSIDE
    wrong = tuple(
        f"{name}: is not what redaction gives" for name in sorted(names) if files.get(name) != again.files.get(name)
    )
    return Outcome(wrong, (), () if wrong else ("this is what redaction makes of the complete pack, byte for byte",))


def _devices(data: bytes) -> list[Device]:
    devices = []
    for number, line in enumerate(data.splitlines(), 1):
        where = f"{_DEVICES}:{number}"
        try:
            row: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(where, f"is not JSON: {error}", "one device a line") from error
        if not isinstance(row, dict):
            raise DataError(where, "is not a JSON object", "one device a line")
        devices.append(read_device(row, where))
    return devices


def _judged(folder: Path, devices: list[Device]) -> list[Finding]:
    knowledge = rules_of(folder)
    facts = read_facts(folder / RULES / "owner_facts.toml")
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    day = date.fromisoformat(read_run(folder / RUN).started[:10])
    owner = read_owner(folder / RUN / OWNER, facts)
    return judge(devices, load_policies(folder / RULES / "policies", facts), owner, known, day)
