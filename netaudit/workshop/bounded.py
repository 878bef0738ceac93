"""Patterns that cannot explode: found by reading the parsed pattern, never by trying it out."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

_OPEN: Final = 1000
"""A repeat that may run longer than this counts as without end."""


def explosive(pattern: str) -> str:
    """Return why a pattern may take endless time on a hostile text, "" where it cannot. Raises re.error.

    Two shapes are refused: a repeat inside an open repeat, and two open repeats in a row.
    """
    from re import _parser  # type: ignore[attr-defined, unused-ignore]

    return next(_faults(_parser.parse(pattern), _parser, inside=False), "")


def _faults(tree: Any, parser: Any, *, inside: bool) -> Iterator[str]:
    repeats = (parser.MAX_REPEAT, parser.MIN_REPEAT)
    open_ones = [kind in repeats and value[1] > _OPEN for kind, value in tree if kind is not parser.AT]
    if any(left and right for left, right in pairwise(open_ones)):
        yield "two open repeats in a row"
    for kind, value in tree:
        if kind in repeats:
            if inside and value[1] > 1:
                yield "a repeat inside an open repeat"
            yield from _faults(value[2], parser, inside=inside or value[1] > _OPEN)
        else:
            for part in _parts(kind, value, parser):
                yield from _faults(part, parser, inside=inside)


def _parts(kind: Any, value: Any, parser: Any) -> list[Any]:
    if kind is parser.BRANCH:
        return list(value[1])
    if kind in (parser.SUBPATTERN, parser.ASSERT, parser.ASSERT_NOT):
        return [value[-1]]
    return [value] if kind is parser.ATOMIC_GROUP else []


def rooted(pattern: str) -> bool:
    """True for a pattern that is anchored, or holds a text of four letters that every look-alike would have to show."""
    # Names of groups and letters to choose from are no text that must be there.
    plain = re.sub(r"\(\?P[<=]\w+[>)]|\[\^?\]?[^\]]*\]", "\0", pattern)
    plain = re.sub(r"\\[dDsSwWbBAZ]", "\0", plain)
    plain = re.sub(r"\\(.)", r"\1", plain)
    literal = max(re.findall(r"[A-Za-z0-9_/ .<>=\"-]+", plain), key=len, default="")
    return pattern.startswith(("^", "(?:^", "(?m)^", "(?im)^", "(?i)^")) or pattern.endswith("$") or len(literal) >= 4
