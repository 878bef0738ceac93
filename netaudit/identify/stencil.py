"""What a signature says of all values of one shape: cut out at the same places, without looking for the pattern again.

Values that differ in digits only have one shape, and a pattern that is blind to digits finds the same places in them.
"""

import re
from typing import Self

from msgspec import Struct

from netaudit.identify.hit import Hit
from netaudit.identify.resolve import fill, is_empty_word
from netaudit.identify.speaker import LONGEST_SAW, Speaker, said


class Stencil(Struct, frozen=True):
    """The hit of one signature on the values of one shape.

    `like`: what stays the same; `saw`: the place of the text that matched; `own`: question to the place of its text.
    """

    like: Hit
    saw: slice
    own: tuple[tuple[str, slice], ...]

    def hit(self, value: str) -> Hit:
        """Return the hit on one value."""
        like = self.like
        if not self.own:
            return Hit(like.signature, like.says, like.strength, value[self.saw], like.layer, like.votes, like.texts)
        return said(like, value[self.saw], {question: value[place] for question, place in self.own})

    @classmethod
    def of(cls, shape: str, speaker: Speaker) -> Self | None:
        """Return the stencil of a signature that is blind to digits; None where each value must be resolved anew.

        A text that is cleaned before it is said (of blanks at its ends, of what cannot be printed) has no plain place.
        """
        match, like = speaker.signature.pattern.search(shape), speaker.first
        if match is None or like is None:
            return None
        own = [(question, _place(template, match)) for question, template in speaker.own.items()]
        places = tuple([(question, place) for question, place in own if place is not None])
        return cls(like, _saw(match), places) if len(places) == len(own) else None


def _place(template: str, match: re.Match[str]) -> slice | None:
    """Return where the text of a template stands; None where it is more than one group as it stands."""
    text = fill(template, match)
    name = template[1:-1]
    if is_empty_word(text) or name not in match.re.groupindex or match[name] != text:
        return None
    return slice(*match.span(name))


def _saw(match: re.Match[str]) -> slice:
    begin, end = match.span()
    return slice(begin, min(end, begin + LONGEST_SAW)) if end > begin else slice(0, LONGEST_SAW)
