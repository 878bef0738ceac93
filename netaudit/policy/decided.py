"""Exclusions decided on the page, joined to the owner's answers, so that a run and its pack hold both. Pure."""

from collections.abc import Iterable
from typing import Final

from netaudit.policy.owner import Exclusion
from netaudit.policy.questions import exclusion_toml

MARK: Final = b"\n# Decided on the page (netaudit serve). Made anew at each judging: change it there, not here.\n"


def with_decided(answers: bytes, exclusions: Iterable[Exclusion]) -> bytes:
    """Return the bytes of an owner.toml with these exclusions at its end, in the place of those it had from there."""
    own = answers.partition(MARK)[0]
    tables = "\n".join(exclusion_toml(item) for item in exclusions)
    return own + MARK + tables.encode() if tables else own
