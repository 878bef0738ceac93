"""Which questions to the owner are still open, and how his answers are written down as owner.toml."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netaudit.policy.binding import binds
from netaudit.policy.facts import Fact
from netaudit.policy.finding import Finding
from netaudit.policy.model import Policy
from netaudit.policy.owner import Answers, Exclusion, OwnerFacts


@dataclass(frozen=True, slots=True)
class Question:
    """One open question. `policies`: ids of the rules that wait for it. `devices`: units that wait for it."""

    fact: Fact
    policies: tuple[str, ...]
    devices: tuple[str, ...] = ()


def open_questions(policies: Sequence[Policy], facts: OwnerFacts, known: Sequence[Fact]) -> list[Question]:
    """Return what the owner has not answered yet and these policies turn on, whom-it-binds before what-it-reaches.

    A rule that the answers given already set aside asks nothing more. Facts that only a site or a unit can have are
    left out, since one answer cannot be right for all; `waiting` names the units that need them.
    """
    asking: dict[str, list[str]] = {}
    for policy in policies:
        for name in _open_facts(policy, facts):
            asking.setdefault(name, []).append(policy.id)
    return [
        Question(fact, tuple(asking[fact.name])) for fact in known if fact.name in asking and "owner" in fact.levels
    ]


def _open_facts(policy: Policy, facts: OwnerFacts) -> Iterable[str]:
    binding = binds(policy, facts)
    if binding.value is False:
        return ()
    if binding.value is None:
        return binding.missing
    # The certificate and the conditions are about units; a blanket answer of the owner settles them.
    whom = {name for row in policy.binds.any for name in row} | {"jurisdictions"}
    return (name for name in policy.facts_asked() if name not in whom and facts.value(name) is None)


def waiting(findings: Iterable[Finding], known: Sequence[Fact]) -> list[Question]:
    """Return the questions that would settle findings which depend, most waiting units first."""
    policies: dict[str, dict[str, None]] = {}
    devices: dict[str, dict[str, None]] = {}
    for finding in findings:
        for name in finding.depends_on:
            policies.setdefault(name, {})[finding.policy] = None
            devices.setdefault(name, {})[finding.device] = None
    rows = [Question(f, tuple(policies[f.name]), tuple(devices[f.name])) for f in known if f.name in policies]
    return sorted(rows, key=lambda row: -len(row.devices))


def owner_toml(facts: OwnerFacts) -> str:
    """Write the facts and decisions as the text of an owner.toml that reads back to the same."""
    head = [f"organisation = {_quoted(facts.organisation)}"] if facts.organisation else []
    parts = ["\n".join(["[owner]", *head, *_lines(facts.owner)])]
    parts += ["\n".join(["[[site]]", f"name = {_quoted(n)}", *_lines(a)]) for n, a in facts.sites.items()]
    parts += ["\n".join(["[[device]]", f"device = {_quoted(n)}", *_lines(a)]) for n, a in facts.devices.items()]
    parts += [exclusion_toml(item).rstrip("\n") for item in facts.exclusions]
    for change in facts.overrides:
        words = [f"{k} = {_quoted(getattr(change, k))}" for k in ("device", "reason", "by")]
        parts.append("\n".join(["[[priority]]", *words, f"points = {change.points}"]))
    return "\n\n".join(parts) + "\n"


def exclusion_toml(item: Exclusion) -> str:
    """Write one exclusion as a table of owner.toml."""
    keys = [k for k in ("device", "site", "policy", "reason", "by", "expires") if getattr(item, k)]
    return "\n".join(["[[exclusion]]", *(f"{k} = {_quoted(getattr(item, k))}" for k in keys)]) + "\n"


def _lines(answers: Answers) -> list[str]:
    # Several answers are a list; one is a plain string, whatever the question allows.
    return [
        f"{name} = {_quoted(values[0]) if len(values) == 1 else '[' + ', '.join(map(_quoted, values)) + ']'}"
        for name, values in answers.items()
    ]


def _quoted(text: str) -> str:
    """Return a TOML basic string; every control character is written as an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
