"""The results of a run for wider sharing: what the redacted report shows, as files that can be judged again."""

from dataclasses import replace

from netaudit.cli.report_files import build
from netaudit.cli.results import Results
from netaudit.evidence.log import OBSERVATIONS
from netaudit.policy.owner import OwnerFacts
from netaudit.report.redact import WITHHELD, Cutter, key_of, redact
from netaudit.report.views import Report


def redacted_report(results: Results) -> Report:
    """Return the redacted report of a run."""
    owner = results.owner
    people = {item.by for item in owner.exclusions} | {item.by for item in owner.overrides}
    # A reason may name anybody; findings tell it without its full stop.
    reasons = {item.reason.rstrip(".") for item in owner.exclusions}
    words = sorted((word for word in people | reasons if word), key=lambda word: (-len(word), word))
    return redact(build(results), _key(results), words)


def redacted_results(results: Results, report: Report) -> Results:
    """Return the results as the redacted report shows them."""
    cards = report.by_device
    named = Cutter(_key(results))
    order = [cards[named.name(device.device)] for device in results.devices]
    found = {(item.device, item.policy): item for card in order for item in (*card.duties, *card.information)}
    findings = [found[named.name(item.device), item.policy] for item in results.findings]
    return replace(results, devices=[card.device for card in order], findings=findings, plan=report.plan)


def redacted_owner(results: Results) -> OwnerFacts:
    """Return the owner's answers with pseudonyms for devices and without names of people."""
    named, owner = Cutter(_key(results)), results.owner
    return replace(
        owner,
        devices={named.name(device): answers for device, answers in owner.devices.items()},
        exclusions=tuple(
            replace(item, device=named.name(item.device) if item.device else "", by=WITHHELD, reason=WITHHELD)
            for item in owner.exclusions
        ),
        overrides=tuple(
            replace(item, device=named.name(item.device), by=WITHHELD, reason=WITHHELD) for item in owner.overrides
        ),
    )


def _key(results: Results) -> bytes:
    return key_of((results.folder / OBSERVATIONS).read_bytes())
