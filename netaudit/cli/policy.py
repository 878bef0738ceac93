"""netaudit policy: the laws and policies, and the answers they turn on."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.terminal import ask, harmless, out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.policy.questions import Question

_EPILOG = """\
  netaudit policy list                 all policies: where, whom they bind, since when
  netaudit policy show US-NDAA19-889B  one of them, whole, with its sources and what is unverified
  netaudit policy ask                  answer what no scan can see; kept in owner.toml

Not legal advice: each policy carries its source, the day it was checked and what was not read.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", choices=("list", "show", "ask"))
    parser.add_argument("policy", nargs="?", help="for show: the policy's id")
    parser.add_argument("--owner", type=Path, default=Path("owner.toml"), help="your answers (default: %(default)s)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """List, show or ask."""
    return {"list": _list, "show": _show, "ask": _ask}[options.action](options)


def _list(_options: argparse.Namespace) -> int:
    from netaudit.policy.policies import load_policies

    rows = (
        (p.id, p.jurisdiction, "duty" if p.duty else "information", p.status, p.in_force_from or "-", p.title)
        for p in load_policies()
    )
    for line in table(("POLICY", "WHERE", "MEANS", "STATUS", "SINCE", "TITLE"), rows):
        out(line)
    return 0


def _show(options: argparse.Namespace) -> int:
    from netaudit.policy.policies import load_policies

    policy = next((p for p in load_policies() if p.id == options.policy), None)
    if policy is None:
        raise UsageError(f"there is no policy {options.policy!r}: `netaudit policy list` shows all")
    parts = (
        ("id", policy.id), ("title", policy.title), ("where", f"{policy.jurisdiction}; {policy.authority}"),
        ("text", policy.citation), ("status", policy.status_text), ("binds", policy.binds.whom),
        ("asks", policy.asks), ("test", policy.test.scope or policy.test.kind),
        ("names", "; ".join(entity.name for entity in policy.entities)), ("affiliates", policy.affiliates.text),
        ("components", policy.components.text), ("exemptions", policy.exemptions), ("reporting", policy.reporting),
        ("dates", "; ".join(f"{item.date} {item.part}" for item in policy.dates)),
        ("for an owner", "a duty" if policy.duty else f"information only: {policy.duty_why}"),
        ("confidence", policy.confidence), ("checked", str(policy.last_checked)),
        ("unverified", "; ".join(policy.unverified)), ("sources", "; ".join(policy.sources)),
    )  # fmt: skip
    for name, text in parts:
        if text:
            out(f"{name + ':':14}{harmless(text)}")
    return 0


def _ask(options: argparse.Namespace) -> int:
    """Ask question after question; every answer is kept at once, so that stopping loses nothing."""
    from netaudit.policy.facts import read_facts
    from netaudit.policy.owner import OwnerFacts, read_owner
    from netaudit.policy.policies import load_policies
    from netaudit.policy.questions import open_questions, owner_toml

    facts, policies = read_facts(), load_policies()
    owner = read_owner(options.owner, facts) if options.owner.exists() else OwnerFacts()
    left: set[str] = set()

    def next_question() -> "Question | None":
        return next((q for q in open_questions(policies, owner, facts) if q.fact.name not in left), None)

    say('Answer by number, several separated by blanks; an empty answer leaves the question open ("depends on ...").\n')
    while (question := next_question()) is not None:
        try:
            answer = _answer(question)
        except EOFError:
            say("Stopped; what you answered is kept.")
            break
        if not answer:
            left.add(question.fact.name)
            continue
        owner = replace(owner, owner={**owner.owner, question.fact.name: answer})
        draft = options.owner.with_name(options.owner.name + ".new")
        draft.write_text(owner_toml(owner), encoding="utf-8")
        draft.replace(options.owner)
    say(f"Your answers are in {options.owner}. Sites and single units can differ: see docs/how-to/owner-facts.md.")
    return 0


def _answer(question: "Question") -> tuple[str, ...]:
    fact = question.fact
    say(f"{fact.question}\n  Why: {fact.why} ({len(question.policies)} policies wait for it.)")
    values = list(fact.values)
    for number, name in enumerate(values, 1):
        say(f"  {number}  {fact.values[name]}")
    if fact.type == "date":
        text = ask("A day, YYYY-MM-DD")
        return (text,) if text else ()

    def complaint(text: str) -> str | None:
        good = all(word.isdigit() and 1 <= int(word) <= len(values) for word in text.split())
        few = fact.type == "choices" or len(text.split()) <= 1
        return None if good and few else f"a number from 1 to {len(values)}"

    text = ask("", check=complaint)
    say()
    return tuple(values[int(word) - 1] for word in text.split())
