"""Who lives, and which camera ports are open: the native sweep of one run."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from netaudit.net.interfaces import Interface
from netaudit.net.routes import route_to
from netaudit.net.turned_away import TURNED_AWAY
from netaudit.net.wire import Wire
from netaudit.scan.ground import Ground, Reach
from netaudit.scan.journal import PORTS, SWEEP, UNTRIED
from netaudit.scan.link6 import sweep_ground6, sweep_likely6
from netaudit.scan.no_way import why_unsent
from netaudit.scan.session import Session
from netaudit.scan.tcp import Tally, try_ports
from netaudit.sweep.arp import arp_sweep, neighbours
from netaudit.sweep.connect import PortsOf
from netaudit.sweep.link_sweep import LinkSweep
from netaudit.sweep.order import mixed

_BLOCK_SECONDS: Final = 60
_LEAST_BLOCK: Final = 1024
_PACKETS_AN_ADDRESS: Final = 6


async def sweep(session: Session, met: Callable[[], None] = lambda: None) -> None:
    """Find out who lives: ARP and neighbour discovery on own links, TCP elsewhere. Every address ends as an attempt.

    `met`: called where the ports of those behind routers that answered can be tried already, while the silent are asked
    again.
    """
    _plan(session)
    by_arp = [ground for ground in session.grounds if ground.reach == "link" and _has_mac(ground)]
    refused = await asyncio.gather(*(_sweep_link(session, ground) for ground in by_arp))
    await sweep_likely6(session)
    without_arp = [ground for ground, went in zip(by_arp, refused, strict=True) if not went]
    others = [ground for ground in session.grounds if ground not in by_arp]
    if without_arp:
        # Every silent neighbour holds a place in the kernel's table too.
        session.transport.mind_neighbours(frozenset(addresses_in_turn(session, without_arp)))
        await _sweep_tcp(session, without_arp, session.ports.discovery)
    away = [ground for ground in others if ground.reach != "loopback"]
    await _sweep_tcp(session, away, session.ports.discovery, met)
    # On loopback a refusal costs nothing, and a demo without privileges has moved to higher ports.
    await _sweep_tcp(session, [ground for ground in others if ground.reach == "loopback"], session.ports.every)
    _read_neighbours(session)


def _plan(session: Session) -> None:
    """Say before the first step how much there is to walk: an address of a link once, of others each port.

    Where no route leads nothing is sent, and no time is spent.
    """
    ports = {"link": 1, "routed": len(session.ports.discovery), "loopback": len(session.ports.every)}
    for ground in session.grounds:
        if ground.reach == "routed" and session.routes and not _leads_to(session, ground):
            continue
        todo = sum(not session.journal.finished(SWEEP, address) for address in ground.addresses)
        session.planned[ground.reach] = session.planned.get(ground.reach, 0) + todo * ports[ground.reach]
        session.addresses_away += len(ground.addresses) if ground.reach == "routed" else 0


def _leads_to(session: Session, ground: Ground) -> bool:
    return route_to(ground.network.cidr.network_address, session.routes) is not None


async def sweep_open_ports(session: Session, *, shown: bool = True) -> None:
    """Try the camera ports, that were not tried yet, of every living host without a finished port list.

    `shown`: in the progress line; not beside another phase, which is shown there.
    """
    session.crowded = session.transport.mind_neighbours(_near(session))
    todo = [ip for ip in session.living if not session.journal.finished(PORTS, ip)]
    plan = {ip: _untried(session, ip) for ip in todo}
    plan = {ip: ports for ip, ports in plan.items() if ports}
    found = await try_ports(session, plan, Tally(session, "ports", sum(map(len, plan.values())), shown=shown))
    for ip, result in found.items():
        _tried(session, ip).join(result)
    for ip in todo:
        _conclude_ports(session, ip)
    _read_neighbours(session)


def addresses_in_turn(session: Session, grounds: Iterable[Ground]) -> Iterator[str]:
    """Addresses of these grounds, mixed, so that no subnet takes the whole rate; in the same order for one run."""
    return mixed([ground.addresses for ground in grounds], session.options.seed)


def port_fields(opened: Iterable[int], closed: Iterable[int]) -> dict[str, tuple[str, ...]]:
    """Fields of a tcp.ports observation."""
    return {"open": _texts(opened), "closed": _texts(closed)}


def _blocks(session: Session, addresses: Sequence[str]) -> Iterator[Sequence[str]]:
    """A minute's worth at a time: what a block found is in the journal before the next begins, and outlives a kill."""
    size = max(_LEAST_BLOCK, session.gate.scope.limits.packets_per_second * _BLOCK_SECONDS // _PACKETS_AN_ADDRESS)
    return (addresses[start : start + size] for start in range(0, len(addresses), size))


def _has_mac(ground: Ground) -> bool:
    return ground.interface is not None and bool(ground.interface.mac)


async def _sweep_link(session: Session, ground: Ground) -> bool:
    """ARP on one link, or its IPv6 counterpart. False when we may not send frames."""
    interface = ground.interface
    assert interface is not None
    if interface.version == 6:
        return await sweep_ground6(session, ground)
    todo = [address for address in ground.addresses if not session.journal.finished(SWEEP, address)]
    if not todo or not isinstance(session.transport, Wire):
        return not todo
    tally = Tally(session, "discover", len(todo))
    for block in _blocks(session, tuple(mixed([todo], session.options.seed))):
        try:
            swept = await arp_sweep(session.transport, interface, block, tally.moved)
        except OSError as error:
            session.lose(
                f"{_why_no_arp(error)} on {interface.name} ({error.strerror}): hosts there were looked for by TCP, and "
                "MACs come from the kernel's own table; hosts that drop TCP and answer no discovery were not seen"
            )
            return False
        for address in block:
            _note_arp(session, interface, address, swept)
    return True


def _why_no_arp(error: OSError) -> str:
    return "no right to send ARP" if isinstance(error, PermissionError) else "ARP could not be sent"


def _note_arp(session: Session, interface: Interface, address: str, swept: LinkSweep) -> None:
    mac = swept.found.get(address)
    if address in swept.unsent:
        session.journal.attempt(SWEEP, address, "not_sent", swept.unsent[address])
    elif mac is None:
        session.journal.attempt(SWEEP, address, "silent", "no answer to 2 ARP requests")
    elif session.meet(address, "arp", mac, interface.name):
        session.journal.keep_fact("link.mac", address, {"mac": mac}, SWEEP, interface.name, mac=mac)
        session.journal.attempt(SWEEP, address, "answered", "ARP")


async def _sweep_tcp(
    session: Session, grounds: Sequence[Ground], ports: Sequence[int], met: Callable[[], None] = lambda: None
) -> None:
    todo = [a for a in addresses_in_turn(session, grounds) if not session.journal.finished(SWEEP, a)]
    if not todo:
        return
    loopback = frozenset(a for ground in grounds if ground.reach == "loopback" for a in ground.addresses)
    away = {a for ground in grounds if ground.reach == "routed" for a in ground.addresses}
    reach: Reach = "loopback" if loopback else "routed"
    tally = Tally(session, "discover", len(todo) * len(ports), loopback, reach)

    def answered() -> None:
        for address in session.living.keys() & tally.found.keys():
            session.tried[address] = tally.found[address]
        met()

    blocks = list(_blocks(session, todo))
    for block in blocks:
        plan = dict.fromkeys(block, tuple(ports))
        soon = answered if len(blocks) == 1 else lambda: None
        found = await try_ports(session, plan, tally, alive_is_enough=True, met=soon)
        for address in block:
            _note_tcp(session, address, found.pop(address, PortsOf()), away=address in away)


def _note_tcp(session: Session, address: str, result: PortsOf, *, away: bool) -> None:
    if address in session.living:
        session.tried[address] = result
        session.journal.attempt(SWEEP, address, "answered", "TCP")
    elif not result.tried:
        session.journal.attempt(
            SWEEP, address, "not_sent", f"{why_unsent(session, address)}: TCP {_listed(result.unsent)}"
        )
    elif away:
        session.mute[address] = f"TCP {_listed(result.silent)}"
    else:
        reason = "it refused every port" if result.closed else f"no answer on TCP {_listed(result.silent)}"
        session.journal.attempt(SWEEP, address, "silent", reason)


def _conclude_ports(session: Session, ip: str) -> None:
    result, host = _tried(session, ip), session.living[ip]
    session.living[ip] = replace(host, open_ports=frozenset(result.open), closed_ports=frozenset(result.closed))
    if result.alive:
        session.journal.keep_fact(PORTS, ip, port_fields(result.open, result.closed), PORTS, host.interface)
    unsent = _unsent_ports(session, ip, result)
    status = "answered" if result.alive else "silent" if result.tried else "not_sent"
    session.journal.attempt(PORTS, ip, status, unsent)  # type: ignore[arg-type]


def _unsent_ports(session: Session, ip: str, result: PortsOf) -> str:
    ports = result.unsent - result.tried
    why = f" ({TURNED_AWAY})" if ip in session.transport.turned_away else ""
    return f"{UNTRIED}: {_listed(ports)}{why}" if ports else ""


def _read_neighbours(session: Session) -> None:
    """MACs that the kernel learned while we talked: all there is where ARP could not be sent."""
    links = {ground.interface.name for ground in session.grounds if ground.reach == "link" and ground.interface}
    bare = [
        host for host in session.living.values() if not host.mac and (not host.interface or host.interface in links)
    ]
    if not links or not bare:
        return
    for ip, mac in neighbours(host.ip for host in bare).items():
        session.living[ip] = replace(session.living[ip], mac=mac)
        session.journal.keep_fact("link.mac", ip, {"mac": mac}, "neighbours", session.living[ip].interface, mac=mac)


def _near(session: Session) -> frozenset[str]:
    links = [ground.addresses for ground in session.grounds if ground.reach == "link"]
    return frozenset(ip for addresses in links for ip in addresses if ip in session.living)


def _tried(session: Session, ip: str) -> PortsOf:
    return session.tried.setdefault(ip, PortsOf())


def _untried(session: Session, ip: str) -> tuple[int, ...]:
    """Ports to try. The kernel repeats a lost packet of a connection by itself; after frames silence is asked again."""
    known = _tried(session, ip)
    done = known.settled if session.by_frames else known.tried
    return tuple(port for port in session.ports.every if port not in done)


def _texts(ports: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(port) for port in sorted(ports))


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(_texts(ports))
