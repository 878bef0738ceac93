"""The checks before a scan: facts of the machine and the scope in, findings out. Pure."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, TypeAlias

from netaudit.diagnose.check import Check, check
from netaudit.diagnose.machine import Machine
from netaudit.errors import ScopeError
from netaudit.net.interfaces import Interface
from netaudit.net.routes import route_to
from netaudit.scan.catalogue import all_probes
from netaudit.scan.ground import Ground, grounds
from netaudit.scope.gate import check_dates
from netaudit.scope.model import Network, Scope

Checker: TypeAlias = Callable[[Machine, Scope | None, date], Iterator[Check]]

_ENOUGH_FILES: Final = 4096
_STRICT: Final = 1
_MEGABYTE: Final = 1_000_000
# Measured on the virtual building: some 40 kB of log and report a device; an attempt at a silent address 0.3 kB.
_BYTES_LIVING: Final = 40_000
_BYTES_SILENT: Final = 300
_LIVE_SHARE: Final = 0.2


def examine(machine: Machine, scope: Scope | None, today: date) -> tuple[Check, ...]:
    """Return what every check found, in the order in which a person would put things right.

    Without a scope: what holds for this machine whatever is asked; ways, room and need of disk cannot be told.
    """
    return tuple(found for checker in _CHECKERS for found in checker(machine, scope, today))


def _authorisation(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    if scope is None:
        yield check("no_scope")
        return
    granted = scope.authorisation
    try:
        check_dates(scope, today)
    except ScopeError as error:
        yield check("not_authorised", error=error)
    else:
        yield check("authorised", by=granted.authorised_by, until=granted.valid_until)


def _clock(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    if machine.clock_kept is False:
        yield check("clock_free", today=today)
    else:
        yield check("clock", today=today, kept=", kept by a time service" if machine.clock_kept else "")


def _rights(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    yield check("raw" if machine.raw_right else "no_raw")


def _interfaces(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    for loss in machine.losses:
        yield check("interface_down", loss=loss)
    for here in machine.interfaces:
        yield check(_state_of(machine, here), here=here.label, name=here.name, network=here.network)
    if not machine.interfaces and not machine.losses:
        yield check("no_interface" if scope else "no_link")


def _state_of(machine: Machine, here: Interface) -> str:
    flags = machine.flags[here.name]
    if here.loopback:
        return "interface"
    if not flags.running:
        return "no_carrier"
    return "interface" if flags.multicast else "no_multicast"


def _ways(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    for network in scope.networks if scope else ():
        yield _way(machine, network)


def _way(machine: Machine, network: Network) -> Check:
    named = network.name or network.site
    about = f"{network.cidr} ({named})" if named else str(network.cidr)
    same = [one for one in machine.interfaces if one.version == network.cidr.version]
    here = next((one for one in same if network.cidr.overlaps(one.network)), None)
    if here is not None:
        return check("way_link", about=about, here=here.label)
    route = route_to(network.cidr.network_address, machine.routes)
    if route is None:
        return check("no_way", about=about)
    via = f"via {route.gateway} on {route.interface}" if route.gateway else f"on {route.interface}"
    return check("way_routed", about=about, via=via)


def _return_path(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    strict = [name for name, mode in machine.rp_filter.items() if mode == _STRICT and name != "lo"]
    if strict:
        yield check("rp_strict", names=", ".join(strict), name=strict[0])
    elif machine.rp_filter:
        yield check("rp_filter")


def _firewall(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    if machine.firewall is None:
        yield check("firewall_unread")
    elif machine.firewall:
        yield check("firewall_drops", chains=", ".join(machine.firewall))
    else:
        yield check("firewall")


def _ports(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    wanted = _wanted_ports()
    taken = sorted(wanted.keys() & machine.udp_ports.keys())
    for port in taken:
        holder = machine.udp_ports[port] or "another program"
        yield check("port_taken", port=port, holder=holder, probes=", ".join(wanted[port]))
    if not taken:
        yield check("ports", ports=", ".join(map(str, sorted(wanted))))


def _wanted_ports() -> dict[int, list[str]]:
    """Fixed local UDP ports to the probes whose answers come there."""
    wanted: dict[int, list[str]] = {}
    for probe in all_probes().chosen(experimental=False).segment:
        for port in {asked.bind for asked in (*probe.announce(), *probe.directed()) if asked.bind}:
            wanted.setdefault(port, []).append(probe.name)
    return wanted


def _tables(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    near = sum(len(part.addresses) for part in _ground(machine, scope) if part.reach == "link") if scope else 0
    if near:
        yield check("neighbours_full" if near > machine.room else "neighbours", near=near, room=machine.room)
    if machine.files < _ENOUGH_FILES:
        yield check("files", files=machine.files)


def _disk(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    free = machine.free_bytes // _MEGABYTE
    if scope is None:
        yield check("disk_free", free=free)
        return
    addresses = sum(len(part.addresses) for part in _ground(machine, scope))
    need = int(addresses * (_LIVE_SHARE * _BYTES_LIVING + _BYTES_SILENT))
    yield check(
        "disk_full" if machine.free_bytes < 2 * need else "disk",
        free=free,
        need=max(1, need // _MEGABYTE),
        addresses=addresses,
    )


def _ground(machine: Machine, scope: Scope) -> tuple[Ground, ...]:
    return grounds(scope, machine.interfaces)[0]


def _engines(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    there = {"syn": machine.raw_right, "connect": True, "nmap": "nmap" not in machine.missing}
    yield check(
        "engines",
        names=", ".join(name for name, usable in there.items() if usable),
        auto="syn" if machine.raw_right else "connect",
    )


def _libraries(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    found = machine.libraries
    if found is None:
        return
    if found.missing:
        yield check("libraries_missing", names=", ".join(found.missing))
    else:
        yield check("libraries", needed=found.needed)
    if found.extras:
        yield check("extras", names=", ".join(found.extras), first=found.extras[0])


def _tools(machine: Machine, scope: Scope | None, today: date) -> Iterator[Check]:
    if machine.in_container:
        yield check("container")
    for name, use in machine.missing.items():
        yield check("tool_missing", name=name, use=use)


_CHECKERS: Final[tuple[Checker, ...]] = (
    _authorisation, _clock, _rights, _interfaces, _ways, _return_path, _firewall, _ports, _tables, _disk, _engines,
    _libraries, _tools,
)  # fmt: skip
