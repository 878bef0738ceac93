"""netaudit policy ask: the questions that no scan can answer, one after the other."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from netaudit.cli.terminal import ask, say

if TYPE_CHECKING:
    from netaudit.policy.questions import Question


def run_ask(options: argparse.Namespace) -> int:
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
