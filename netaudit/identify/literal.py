"""A literal that every match of a pattern must contain: a cheap test before the expensive one."""

import re
from typing import Any, Final

_SHORTEST: Final = 3


def required_literal(pattern: re.Pattern[str]) -> str:
    """Return the longest text, casefolded, that any match contains; "" when none of three letters is certain."""
    try:
        from re import _parser  # type: ignore[attr-defined]

        tree: Any = _parser.parse(pattern.pattern, pattern.flags)
        runs = _runs(tree, _parser)
    except Exception:  # only an optimisation, on a private interface: without it every match is still found
        return ""
    best = max(runs, key=len, default="")
    return best if len(best) >= _SHORTEST else ""


def _runs(tree: Any, parser: Any) -> list[str]:
    """Collect runs of literals in sequence; whatever is optional or a choice ends a run."""
    runs: list[str] = []
    run = ""
    for kind, value in tree:
        character = chr(value) if kind is parser.LITERAL else ""
        if character and character.isascii():
            run += character.casefold()
            continue
        runs.append(run)
        run = ""
        if kind is parser.SUBPATTERN or (kind is parser.MAX_REPEAT and value[0] > 0):
            runs.extend(_runs(value[-1], parser))
    return [*runs, run]
