"""What a signature says of its matches: resolved once, where only texts (a serial, a model) differ between them."""

import re
from typing import Final

from netaudit.identify.hit import Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.resolve import TEXT_QUESTIONS, ballots, fill, is_empty_word, statements
from netaudit.identify.signature import Signature

Said = tuple[dict[str, str], tuple[Vote, ...], tuple[Vote, ...]]
"""Statements, votes for ids, votes for texts."""

_TEXTS: Final = frozenset(TEXT_QUESTIONS)


class Speaker:
    """One signature's way of speaking. `_own`: what differs from match to match; `_first`: what the first one said."""

    def __init__(self, signature: Signature, layer: str, knowledge: Knowledge) -> None:
        self._signature = signature
        self._layer = layer
        self._knowledge = knowledge
        self._own = {question: text for question, text in signature.says.items() if "{" in text}
        self._first: Said | None = None

    def say(self, match: re.Match[str]) -> Said:
        """Return what this match says."""
        first = self._first
        if first is None or not self._own:
            return first or self._resolve(match)
        own: dict[str, str] = {}
        for question, template in self._own.items():
            own[question] = text = fill(template, match)
            if not text or is_empty_word(text):
                return self._resolve(match)
        says, votes, texts = first
        return (
            {**says, **own},
            votes,
            tuple([vote._replace(value=own.get(vote.question, vote.value)) for vote in texts]),
        )

    def _resolve(self, match: re.Match[str]) -> Said:
        says = statements(self._signature, match, self._knowledge)
        said = (says, *ballots(says, self._layer, self._signature.strength))
        if self._own.keys() <= says.keys() & _TEXTS:
            self._first = said  # ids do not depend on texts: the next match says the same of them
        return said
