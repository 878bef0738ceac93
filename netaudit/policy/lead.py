"""What the findings of one device come to: the one status that leads."""

from collections.abc import Iterable
from typing import Final

from netaudit.policy.finding import STATUS_ORDER, Status

_RANK: Final = {status: rank for rank, status in enumerate(STATUS_ORDER)}


def rank(status: str) -> int:
    """Place of a status in the order from most to least in need of action."""
    return _RANK.get(status, len(_RANK))


def binds(duty: bool, binds_owner: bool | None) -> bool:
    """True when a policy lays a duty on camera owners and is not known to pass this owner by."""
    return duty and binds_owner is not False


def lead(statuses: Iterable[Status]) -> Status:
    """Return the status that needs action most, of the findings of policies that bind.

    A policy that could not be assessed leads only where none was: else a single rule without a list of makers would
    take the verdict of all others away.
    """
    known = list(statuses)
    assessed = [status for status in known if status != "not_assessed"]
    return min(assessed or known, key=rank, default="not_assessed")
