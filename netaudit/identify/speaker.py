"""What a signature says of its matches: resolved once, where only texts (a serial, a model) differ between them."""

import re
from collections.abc import Mapping
from typing import Final

from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.resolve import TEXT_QUESTIONS, ballots, fill, is_empty_word, statements
from netaudit.identify.signature import Signature

LONGEST_SAW: Final = 200
"""Characters of the text that matched, as it is told."""
_TEXTS: Final = frozenset(TEXT_QUESTIONS)


def said(like: Hit, saw: str, own: Mapping[str, str]) -> Hit:
    """Return a hit like another one; `own`: question to the text that is this match's own."""
    says = {**like.says, **own}
    texts = tuple([Vote(question, says[question], layer, strength) for question, _, layer, strength in like.texts])
    return Hit(like.signature, says, like.strength, saw, like.layer, like.votes, texts)


class Speaker:
    """One signature's way of speaking.

    `own`: the templates of what differs from match to match; `first`: the first hit where all else stays the same.
    """

    def __init__(self, signature: Signature, layer: str, knowledge: Knowledge) -> None:
        self.signature = signature
        self.own = {question: text for question, text in signature.says.items() if "{" in text}
        self.first: Hit | None = None
        self._layer = layer
        self._knowledge = knowledge

    def hit(self, match: re.Match[str], value: str) -> Hit:
        """Return the hit of a match in a value."""
        saw = match[0][:LONGEST_SAW] or value[:LONGEST_SAW]
        first = self.first
        if first is None:
            return self._resolve(match, saw)
        own: dict[str, str] = {}
        for question, template in self.own.items():
            own[question] = text = fill(template, match)
            if not text or is_empty_word(text):
                return self._resolve(match, saw)
        return said(first, saw, own) if own else Hit(first.signature, first.says, first.strength, saw, first.layer,
                                                     first.votes, first.texts)  # fmt: skip

    def _resolve(self, match: re.Match[str], saw: str) -> Hit:
        signature = self.signature
        says = statements(signature, match, self._knowledge)
        votes, texts = ballots(says, self._layer, signature.strength)
        hit = Hit(signature.id, says, signature.strength, saw, self._layer, votes, texts)
        if self.own.keys() <= says.keys() & _TEXTS:
            self.first = hit  # ids do not depend on texts: the next match says the same of them
        return hit
