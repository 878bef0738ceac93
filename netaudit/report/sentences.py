"""The answer in sentences, the same in every format."""

import re
from typing import Final

from netaudit.report.texts import Texts
from netaudit.report.views import Report

# What an id of a device can look like; a full stop at its end is that of the sentence.
_WORD: Final = re.compile(r"[\w@:-]+(?:[.][\w@:-]+)*")


def found(report: Report, texts: Texts) -> str:
    """Return the sentence that answers "is there covered equipment?", never more sure than the run allows."""
    answer, reference = report.answer, report.scope.authorisation.reference
    if answer.covered:
        sites = texts("answer.sites", n=answer.covered_sites)
        return texts("answer.covered", n=answer.covered, sites=sites)
    if answer.likely:
        return texts("answer.none_proven", n=answer.likely)
    if not answer.units:
        return texts("answer.nothing_heard", scope=reference, date=report.date)
    if not any(card.duties for card in report.units):
        return texts("answer.not_judged", n=answer.units)
    if waiting := answer.counts.get("depends"):
        return texts("answer.open", n=waiting)
    if unknown := answer.counts.get("unknown"):
        return texts("answer.none_known", n=unknown)
    return texts("answer.none_found", scope=reference, date=report.date)


def people(report: Report, texts: Texts) -> str:
    """Return how many units wait for a person."""
    return texts("answer.human", n=report.answer.human) if report.answer.human else texts("answer.human_none")


def missed(report: Report, texts: Texts) -> str:
    """Return how many addresses were not reached."""
    count = report.answer.not_reached
    return texts("answer.missed", n=count) if count else texts("answer.missed_none")


def heard(report: Report, texts: Texts) -> str:
    """Return what was heard in all, and how many units carry another company's label."""
    answer = report.answer
    parts = [texts("answer.seen", n=answer.units - answer.unidentified)]
    if answer.unidentified:
        parts.append(texts("answer.unidentified", n=answer.unidentified))
    parts.append(f" {texts('answer.others', n=answer.others)}" if answer.others else ".")
    if answer.relabelled:
        parts.append(f" {texts('answer.relabelled', n=answer.relabelled)}")
    return "".join(parts)


def prices(report: Report, texts: Texts) -> str:
    """Return where the prices of the plan come from."""
    made = report.plan.timetable
    if report.redacted:
        return texts("plan.price_withheld")
    return texts("plan.price_given" if made and made.priced else "plan.price")


def named(text: str, report: Report, texts: Texts) -> str:
    """Return a sentence of the plan with the numbers of units where it has their ids."""

    def number(found: re.Match[str]) -> str:
        card = report.by_device.get(found.group())
        return texts("plan.number", no=card.no) if card else found.group()

    return _WORD.sub(number, text)


def plan_parts(report: Report) -> tuple[str, ...]:
    """Return the name of every part that can add points, in the order of the rules; what a unit lacks adds nothing."""
    return tuple(dict.fromkeys(part.label for view in report.phases for row in view.rows for part in row.parts))


def due(deadline: str, on: str, texts: Texts) -> str:
    """Return a deadline as people say it: "by" a day, or "overdue since" one that is over on the report's day."""
    if not deadline:
        return texts("plan.no_deadline")
    return texts("plan.overdue" if deadline < on else "plan.due", date=deadline)


def warnings(report: Report, texts: Texts) -> list[str]:
    """Return what makes the answer less than whole: an unfinished run, and what the run lost."""
    partial = [texts("answer.partial", status=report.run.status)] if report.run.status != "complete" else []
    redacted = [texts("answer.redacted")] if report.redacted else []
    return redacted + partial + [texts.say(loss) for loss in report.limits.losses]


def run_facts(report: Report, texts: Texts) -> list[tuple[str, str]]:
    """Return what an auditor asks of a list made by a machine: who, when, with what, over what, how many rows."""
    run, granted = report.run, report.scope.authorisation
    unknown = texts("page.unknown")
    checked = min((row.policy.checked for row in report.policies if row.policy.checked), default="")
    policies = texts("run.policies_value", n=len(report.policies), first=checked)
    nets = ", ".join(network.cidr for network in report.limits.networks)
    ended = moment(run.ended, texts) or texts("run.not_ended")
    rows = texts("run.rows_value", observations=run.observations, attempts=run.attempts, packets=run.packets)
    used = texts("run.version_value", version=run.version, knowledge=run.knowledge_digest[:16] or unknown)
    interfaces = ", ".join(run.interfaces) or unknown
    return [
        (texts("run.scope"), f"{granted.reference}, {nets}"),
        (texts("run.dates"), texts("run.dates_value", start=moment(run.started, texts), end=ended)),
        (texts("run.how"), texts("run.how_value", engine=run.engine, profile=run.profile, interfaces=interfaces)),
        (texts("run.who"), run.sensor or unknown),
        (texts("run.rows"), rows),
        (texts("run.version"), used),
        (texts("run.policies"), policies if checked else texts("run.policies_none")),
    ]


def moment(text: str, texts: Texts) -> str:
    """Write an RFC 3339 moment in UTC for people; anything else stays as it is."""
    if len(text) < 20 or text[10] != "T" or not text.endswith("Z"):
        return text
    return texts("print.moment", day=text[:10], time=text[11:19])
