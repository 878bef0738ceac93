"""IPv6 on our own links: neighbour discovery for every address of a small network, and for likely ones of a large."""

from collections.abc import Sequence
from ipaddress import IPv6Network

from netaudit.net.interfaces import Interface
from netaudit.net.wire import Wire
from netaudit.scan.ground import Ground
from netaudit.scan.journal import SWEEP
from netaudit.scan.session import Session
from netaudit.scan.tcp import Tally
from netaudit.scope.gate import plain_address
from netaudit.sweep.link_sweep import LinkSweep
from netaudit.sweep.nd import likely, nd_sweep

PROBE = "neighbour_discovery"
_ASKED = "no answer to 2 neighbour solicitations"


async def sweep_ground6(session: Session, ground: Ground) -> bool:
    """Ask for every address of a small network. False when we may not send frames."""
    interface = ground.interface
    assert interface is not None
    todo = [address for address in ground.addresses if not session.journal.finished(SWEEP, address)]
    swept = await _ask(session, interface, todo)
    if swept is None:
        return False
    for address in todo:
        if address in swept.unsent:
            session.journal.attempt(SWEEP, address, "not_sent", swept.unsent[address])
        elif address not in swept.found:
            session.journal.attempt(SWEEP, address, "silent", _ASKED)
        else:
            _meet(session, interface, address, swept.found[address])
    return True


async def sweep_likely6(session: Session) -> None:
    """Ask for the likely addresses of networks that are too large to walk. After the ARP sweep: it knows the MACs."""
    small = {ground.network.cidr for ground in session.grounds}
    for interface in session.interfaces:
        if interface.version != 6 or not interface.mac or session.journal.finished(PROBE, interface.label):
            continue
        addresses = [ip for cidr in _large(session, interface) if cidr not in small for ip in _likely(session, cidr)]
        wanted = [ip for ip in addresses if ip != interface.address and ip not in session.living]
        swept = await _ask(session, interface, wanted) if wanted else None
        if swept is None:
            continue
        for address, mac in swept.found.items():
            _meet(session, interface, address, mac)
        told = f"asked for {len(wanted)} likely addresses"
        session.journal.attempt(PROBE, interface.label, "answered" if swept.found else "silent", told)


def _large(session: Session, interface: Interface) -> list[IPv6Network]:
    nets = [network.cidr for network in session.gate.scope.networks if isinstance(network.cidr, IPv6Network)]
    own = interface.network
    assert isinstance(own, IPv6Network)
    # The smaller of the two: what is both on this link and in the scope.
    return [cidr if cidr.subnet_of(own) else own for cidr in nets if cidr.overlaps(own)]


def _likely(session: Session, network: IPv6Network) -> list[str]:
    macs = [host.mac for host in session.living.values() if host.mac]
    ipv4 = [host.ip for host in session.living.values() if host.mac and ":" not in host.ip]
    in_scope = session.gate.scope.network_of
    return [ip for ip in likely(network, macs, ipv4) if in_scope(plain_address(ip)) is not None]


async def _ask(session: Session, interface: Interface, addresses: Sequence[str]) -> LinkSweep | None:
    if not isinstance(session.transport, Wire) or not interface.mac:
        return None
    tally = Tally(session, "discover", len(addresses))
    try:
        return await nd_sweep(session.transport, interface, addresses, tally.moved)
    except OSError as error:
        session.lose(
            f"no right to ask for IPv6 neighbours on {interface.name} ({error.strerror}): hosts there were seen only "
            "where they answered on the segment"
        )
        return None


def _meet(session: Session, interface: Interface, address: str, mac: str) -> None:
    if session.meet(address, "nd", mac, interface.name):
        session.journal.keep_fact("link.mac", address, {"mac": mac}, SWEEP, interface.name, mac=mac)
        session.journal.attempt(SWEEP, address, "answered", "neighbour discovery")
