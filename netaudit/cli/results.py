"""From the folder of a run to everything concluded from it, and back into the folder."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from netaudit.cli.corrections import CORRECTIONS, read_corrections, to_bytes
from netaudit.cli.plan_inputs import keep_planning
from netaudit.cli.whole_file import replace_file
from netaudit.evidence.json_line import json_line
from netaudit.evidence.log import OBSERVATIONS, SCOPE, read_observations
from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunInfo, read_run
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import Knowledge
from netaudit.plan.hangs import behind, hangs
from netaudit.plan.model import Plan
from netaudit.plan.plan import make_plan
from netaudit.plan.planning import load_planning
from netaudit.policy.decided import with_decided
from netaudit.policy.engine import judge
from netaudit.policy.facts import Fact, read_facts
from netaudit.policy.finding import Finding
from netaudit.policy.model import Policy
from netaudit.policy.owner import Exclusion, OwnerFacts, parse_owner
from netaudit.policy.policies import load_policies
from netaudit.policy.relations import relations
from netaudit.report.floors import FloorPlan
from netaudit.scope.load import parse_scope
from netaudit.scope.model import Scope
from netaudit.toml_file import parse_toml, read_toml_bytes

OWNER: Final = "owner.toml"
_WORDS: Final = 4096
ATTENTION: Final = frozenset({"covered", "likely", "depends"})


@dataclass(frozen=True, slots=True)
class Results:
    """A run with all that follows from it. `inputs`: what the plan rests on beside the log, by its name in a pack."""

    folder: Path
    info: RunInfo
    scope: Scope
    owner: OwnerFacts
    owner_raw: bytes
    policies: tuple[Policy, ...]
    observations: Mapping[str, Observation]
    devices: Sequence[Device]
    findings: Sequence[Finding]
    plan: Plan
    knowledge: Knowledge
    facts: Sequence[Fact]
    corrections: Sequence[Observation] = ()
    floors: Sequence[FloorPlan] = ()
    inputs: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def needs_attention(self) -> bool:
        """True where a unit is covered, may be, or depends on an answer; or the run is not whole."""
        acts = any(finding.duty and finding.status in ATTENTION for finding in self.findings)
        return acts or self.info.status != "complete"


def conclude(
    folder: Path, knowledge: Knowledge, owner: Path | None = None, typed: Sequence[Observation] = (),
    decided: Sequence[Exclusion] | None = None,
) -> Results:  # fmt: skip
    """Identify, judge and plan from the log of a run. Pure but for reading: the same files give the same results.

    `typed`: statements of people; those that the run was judged with before count as well. `decided`: exclusions of
    the store, in the place of those that the answers brought from there; None leaves the answers as they are.
    """
    info, scope = read_run(folder), parse_scope((folder / SCOPE).read_bytes(), path=folder / SCOPE)
    answers = owner or _kept(folder)
    # Policies and planning come from where the signatures come from: a pack brings its own.
    rules = knowledge.folders[0]
    asked = read_facts(rules / "owner_facts.toml")
    raw = read_toml_bytes(answers) if answers else b""
    if decided is not None:
        raw = with_decided(raw, decided)
    facts = parse_owner(parse_toml(raw, answers or folder / OWNER), asked) if raw or answers else OwnerFacts()
    observations = {item.id: item for item in read_observations(folder / OBSERVATIONS)}
    statements = {item.id: item for item in (*_typed_before(folder), *typed)}
    devices = identify([*observations.values(), *statements.values()], knowledge)
    used = {name for device in devices for name in device.observations if name in statements}
    statements = {name: item for name, item in statements.items() if name in used}
    observations |= statements
    policies = load_policies(rules / "policies", asked)
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    # The day of the run, not today: the same log judged twice gives the same bytes.
    day = date.fromisoformat(info.started[:10])
    findings = judge(devices, policies, facts, known, day)
    above = behind(devices, hangs(devices, observations))
    plan = make_plan(devices, findings, facts, load_planning(rules / "planning"), day, above)
    corrections = tuple(statements.values())
    return Results(
        folder, info, scope, facts, raw, policies, observations, devices, findings, plan, knowledge, asked, corrections
    )  # fmt: skip


def owner_file(chosen: Path | None, scope: Path | None = None) -> Path | None:
    """Return the owner's answers: the file chosen, else owner.toml here or beside the scope file, else None."""
    if chosen:
        return chosen
    places = [Path(OWNER), *([scope.parent / OWNER] if scope else [])]
    return next((place for place in places if place.is_file()), None)


def _kept(folder: Path) -> Path | None:
    """The answers that the run was judged with before: none given now must not mean none at all."""
    path = folder / OWNER
    return path if path.is_file() else None


def _typed_before(folder: Path) -> Sequence[Observation]:
    path = folder / CORRECTIONS
    return read_corrections(path) if path.is_file() else ()


def write_results(results: Results) -> None:
    """Write devices, findings, plan and what they rest on into the run's folder, each file whole or not at all."""
    for name, pieces in _judged_pieces(results).items():
        replace_file(results.folder / name, pieces)
    if results.owner_raw:
        replace_file(results.folder / OWNER, [results.owner_raw])
    if results.corrections:
        replace_file(results.folder / CORRECTIONS, [to_bytes(results.corrections)])
    keep_planning(results.folder, results.inputs)


def judged_files(results: Results) -> dict[str, bytes]:
    """Return devices, findings and plan as files: everything that was concluded, by file name."""
    return {name: b"".join(pieces) for name, pieces in _judged_pieces(results).items()}


def _judged_pieces(results: Results) -> dict[str, Iterable[bytes]]:
    """The same a piece at a time: the findings of some thousand devices are more than all else in memory together."""
    return {
        "devices.jsonl": _lines(device.to_dict() for device in results.devices),
        "findings.jsonl": _lines(finding.to_dict() for finding in results.findings),
        "plan.json": _plan_pieces(results.plan),
    }


def _plan_pieces(plan: Plan) -> Iterator[bytes]:
    words = json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(plan.to_dict())
    while some := "".join(islice(words, _WORDS)):
        yield some.encode("utf-8", "surrogatepass")
    yield b"\n"


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield json_line(row) + b"\n"
