"""Writes the one sentence of a finding. All words that a reader sees about a verdict stand here or in the data."""

from netaudit.identify.device import Device
from netaudit.policy.model import Policy
from netaudit.policy.owner import Exclusion
from netaudit.policy.rule import Case, Hit

# Sentences that need no facts.
NO_EVIDENCE = "Unknown: the device has a maker, but no observation behind it is recorded."
NO_TEST = "Not assessed: netaudit holds no list for this rule; a person has to read it."


def information(case: Case, hit: Hit | None) -> str:
    """Say what an instrument without a duty means: nothing to do."""
    named = f" For your information: {hit.because}." if hit and hit.reach == "yes" else ""
    return f"Information, no duty for a camera owner: {case.policy.duty_why}.{named}"


def not_bound(hit: Hit) -> str:
    """Say that the owner's own answers set the rule aside."""
    named = f" For your information: {hit.because}." if hit.reach == "yes" else ""
    return f"Not assessed: by the owner's answers this rule does not bind the organisation.{named}"


def not_yet(policy: Policy) -> str:
    """Say that the rule is not in force on the day of judging."""
    return f"Not assessed: the rule is in force only from {policy.in_force_from}."


def other_equipment(device: Device) -> str:
    """Say why a unit of another kind is not judged."""
    kind = (device.type.value or "unknown").replace("_", " ")
    return f"Not assessed: a unit of type {kind} is not the kind of equipment that netaudit holds against this rule."


def unknown(because: str) -> str:
    """Say that nothing may be concluded, which is not the same as clear."""
    return f"Unknown: {because}. Nothing may be concluded from that, in neither direction."


def not_covered(because: str) -> str:
    """Say what sets the unit outside the rule."""
    return f"Not covered: {because}."


def depends(hit: Hit, missing: tuple[str, ...], sure: bool) -> str:
    """Name the facts that would decide."""
    doubt = "" if sure else " The maker is not confirmed either."
    return f"Depends on {', '.join(missing)} (owner.toml): {hit.because}.{doubt}"


def covered(hit: Hit, doubts: tuple[str, ...], contained: str) -> str:
    """Say by whom the rule reaches the unit, and how sure that is."""
    stay = f" It may stay with controls: {contained}." if contained else ""
    if doubts:
        return f"Likely covered: {hit.because}; not confirmed, since {' and '.join(doubts)}.{stay}"
    return f"Covered: {hit.because}.{stay}"


def excluded(item: Exclusion, before: str) -> str:
    """Name the decision and what it sets aside."""
    return f"Excluded by {item.by} until {item.expires}: {item.reason.rstrip('.')}. Without that: {before}"


def ran_out(item: Exclusion) -> str:
    """Say that an exclusion no longer counts."""
    return f" An exclusion by {item.by} ran out on {item.expires} and is not applied."
