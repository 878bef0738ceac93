"""What was not seen and why: coverage of every network, and the addresses at which nothing was heard."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

from netaudit.identify.device import Device
from netaudit.report.addresses import Finder, excluded_addresses, holds, own_addresses, parse_target, ranges
from netaudit.scope.model import Address, Net, Network, Scope

OUTCOMES: Final = ("answered", "refused", "error", "timeout", "silent", "not_sent", "not_scheduled")
"""Statuses of an attempt, from the one that tells most about an address to the one that tells least."""
NEVER_ASKED: Final = frozenset({"not_sent", "not_scheduled", "no_attempt"})
MAX_RANGES: Final = 24
MAX_REASONS: Final = 6
_RANK: Final = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class NetworkCoverage:
    """One network of the scope. `addresses`: None where too many to count. `missed`: outcome to addresses."""

    cidr: str
    name: str
    site: str
    addresses: int | None
    excluded: int
    heard: int
    missed: Mapping[str, int]

    @property
    def not_reached(self) -> int:
        """Addresses at which nothing was heard, for whatever reason."""
        return sum(self.missed.values())


@dataclass(frozen=True, slots=True)
class NotSeen:
    """Addresses with the same outcome. `ranges` are capped, `more` says how many were left off."""

    outcome: str
    addresses: int
    ranges: tuple[str, ...]
    more: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """How often one probe met each outcome."""

    probe: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything this run could not see. `hidden`: recorder device id to channels that hang behind it."""

    networks: tuple[NetworkCoverage, ...]
    groups: tuple[NotSeen, ...]
    probes: tuple[ProbeRow, ...]
    hidden: tuple[tuple[str, int], ...]
    losses: tuple[str, ...]
    outside: int

    @property
    def not_reached(self) -> int:
        """Addresses of the scope at which nothing was heard, for whatever reason."""
        return sum(network.not_reached for network in self.networks)

    @property
    def never_asked(self) -> int:
        """Those of them to which nothing was sent."""
        return sum(count for network in self.networks for what, count in network.missed.items() if what in NEVER_ASKED)


@dataclass(slots=True)
class _Tally:
    """Best outcome of every address that was tried, and outcomes of whole blocks."""

    best: dict[Address, int]
    why: dict[Address, str]
    blocks: list[tuple[Net, str, str]]
    probes: dict[str, Counter[str]]


def build_limits(
    scope: Scope, attempts: Iterable[Mapping[str, Any]], devices: Sequence[Device], losses: Sequence[str] = ()
) -> Limits:
    """Hold what was heard against what the scope allows. Attempts are lines of attempts.jsonl."""
    finder = Finder(scope.networks)
    heard, outside = _heard(devices, finder)
    tally = _read(attempts)
    heard |= {address for address, best in tally.best.items() if OUTCOMES[best] == "answered"}
    missed = {address: best for address, best in tally.best.items() if address not in heard}
    placed = _place(missed, finder)
    groups: dict[str, Counter[str]] = {}
    networks = []
    here = Counter(finder.index(address) for address in heard)
    for index, network in enumerate(scope.networks):
        coverage = _coverage(network, scope.networks, here[index], placed.get(index, {}), tally.blocks, groups)
        networks.append(coverage)
    return Limits(
        networks=tuple(networks),
        groups=_groups(networks, placed, tally, groups),
        probes=tuple(_probe_row(name, tally.probes[name]) for name in sorted(tally.probes)),
        hidden=_hidden(devices),
        losses=tuple(losses),
        outside=outside,
    )


def _heard(devices: Sequence[Device], finder: Finder) -> tuple[set[Address], int]:
    heard: set[Address] = set()
    outside = 0
    for device in devices:
        parsed = [parse_target(address) for address in device.addresses]
        inside = [at for at in parsed if isinstance(at, IPv4Address | IPv6Address) and finder.index(at) is not None]
        heard.update(inside)
        outside += bool(device.addresses) and not inside
    return heard, outside


def _read(attempts: Iterable[Mapping[str, Any]]) -> _Tally:
    tally = _Tally({}, {}, [], {})
    for attempt in attempts:
        status, reason = str(attempt.get("status", "")), str(attempt.get("reason") or "")
        if status not in _RANK:
            continue
        tally.probes.setdefault(str(attempt.get("probe", "")), Counter())[status] += 1
        target = parse_target(str(attempt.get("target", "")))
        if isinstance(target, IPv4Address | IPv6Address):
            # Of equal outcomes the last reason in the alphabet stands: the order of the log must not matter.
            told = (-_RANK[status], reason)
            if told > (-tally.best.get(target, len(OUTCOMES)), tally.why.get(target, "")):
                tally.best[target], tally.why[target] = _RANK[status], reason
        elif target is not None and status != "answered":
            tally.blocks.append((target, status, reason))
    return tally


def _probe_row(probe: str, counts: Counter[str]) -> ProbeRow:
    return ProbeRow(probe, {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]})


def _place(missed: Mapping[Address, int], finder: Finder) -> dict[int, dict[Address, str]]:
    placed: dict[int, dict[Address, str]] = {}
    for address, best in missed.items():
        index = finder.index(address)
        if index is not None:
            placed.setdefault(index, {})[address] = OUTCOMES[best]
    return placed


def _coverage(
    network: Network,
    networks: Sequence[Network],
    heard: int,
    missed: Mapping[Address, str],
    blocks: Sequence[tuple[Net, str, str]],
    groups: dict[str, Counter[str]],
) -> NetworkCoverage:
    total = own_addresses(network, networks)
    counts = Counter(missed.values())
    if total is not None:
        left = max(total - heard - len(missed), 0)
        for block, status, reason in blocks:
            taken = min(left, _untried(block, network, missed))
            counts[status] += taken
            groups.setdefault(status, Counter())[reason] += taken
            left -= taken
        counts["no_attempt"] = left
    named = {outcome: counts[outcome] for outcome in (*OUTCOMES, "no_attempt") if counts[outcome]}
    excluded = excluded_addresses(network) if total is not None else 0
    return NetworkCoverage(str(network.cidr), network.name, network.site, total, excluded, heard, named)


def _untried(block: Net, network: Network, missed: Mapping[Address, str]) -> int:
    if block.version != network.cidr.version or not block.overlaps(network.cidr):
        return 0
    inside = min(block.num_addresses, network.cidr.num_addresses)
    return max(inside - sum(holds(block, address) for address in missed), 0)


def _groups(
    networks: Sequence[NetworkCoverage],
    placed: Mapping[int, Mapping[Address, str]],
    tally: _Tally,
    reasons: dict[str, Counter[str]],
) -> tuple[NotSeen, ...]:
    total: Counter[str] = Counter()
    for network in networks:
        total.update(network.missed)
    members: dict[str, list[Address]] = {}
    for group in placed.values():
        for address, outcome in group.items():
            members.setdefault(outcome, []).append(address)
            reasons.setdefault(outcome, Counter())[tally.why[address]] += 1
    return tuple(
        _not_seen(outcome, total[outcome], members.get(outcome, []), reasons.get(outcome, Counter()))
        for outcome in (*OUTCOMES, "no_attempt")
        if total[outcome]
    )


def _not_seen(outcome: str, count: int, members: Sequence[Address], reasons: Counter[str]) -> NotSeen:
    written = ranges(members)
    # Equal counts fall into the order of the alphabet, so that the same input gives the same bytes.
    common = sorted(((why, n) for why, n in reasons.items() if why and n), key=lambda item: (-item[1], item[0]))
    return NotSeen(
        outcome, count, tuple(written[:MAX_RANGES]), max(len(written) - MAX_RANGES, 0), tuple(common[:MAX_REASONS])
    )


def _hidden(devices: Sequence[Device]) -> tuple[tuple[str, int], ...]:
    out = []
    for device in devices:
        channels = device.traits.get("channels", "")
        if device.type.value == "recorder" and channels.isascii() and channels.isdigit():
            out.append((device.device, int(channels[:6])))
    return tuple(sorted(out))
