"""The sweep of one run by nmap: the same facts and attempts as the native one writes."""

from collections.abc import Sequence

from netaudit.scan.journal import INTERRUPTED, PORTS, SWEEP
from netaudit.scan.session import Session
from netaudit.scan.sweeping import addresses_in_turn, port_fields
from netaudit.sweep.live_host import LiveHost
from netaudit.sweep.nmap import nmap_sweep


async def sweep_by_nmap(session: Session) -> None:
    """Let nmap find the living hosts and their ports. Raises UsageError where nmap is not installed."""
    todo = [ip for ip in addresses_in_turn(session, session.grounds) if not session.journal.finished(SWEEP, ip)]
    todo = [ip for ip in todo if ":" not in ip]
    if not todo:
        return
    noted: set[str] = set()
    away = {ip for ground in session.grounds if ground.reach == "routed" for ip in ground.addresses}

    def heard(hosts: Sequence[LiveHost]) -> None:
        for host in hosts:
            if host.ip not in noted:
                noted.add(host.ip)
                _note(session, host.ip, host, away, whole=True)
        session.beat("discover", len(noted), len(todo))

    end = await nmap_sweep(session.gate, todo, session.ports, heard)
    if not end.whole:
        session.lose(f"nmap ended before its time ({end.message or 'killed'}): hosts it had not reached are unknown")
    for ip in todo:
        if ip not in noted:
            _note(session, ip, None, away, whole=end.whole)


def _note(session: Session, ip: str, host: LiveHost | None, away: set[str], *, whole: bool) -> None:
    loopback = ip.startswith("127.")
    if host is not None and (host.open_ports or not loopback):
        _meet(session, host)
        session.journal.attempt(SWEEP, ip, "answered", "nmap")
    elif whole and ip in away:
        session.mute[ip] = "nmap"
    elif whole:
        session.journal.attempt(SWEEP, ip, "silent", "it refused every port" if loopback else "not up, says nmap")
    else:
        session.journal.attempt(SWEEP, ip, "not_scheduled", f"{INTERRUPTED}: nmap ended before its time")


def _meet(session: Session, host: LiveHost) -> None:
    links = {ip: part.interface.name for part in session.grounds if part.interface for ip in part.addresses}
    interface = links.get(host.ip, "") if host.mac else ""
    if not session.meet(host.ip, "nmap", host.mac, interface):
        return
    if host.mac:
        session.journal.keep_fact("link.mac", host.ip, {"mac": host.mac}, "nmap", interface, mac=host.mac)
    known = session.living[host.ip]
    session.living[host.ip] = LiveHost(
        host.ip, known.how, known.mac, known.interface, host.open_ports, host.closed_ports
    )
    alive = bool(host.open_ports or host.closed_ports)
    if alive:
        fields = port_fields(host.open_ports, host.closed_ports)
        session.journal.keep_fact(PORTS, host.ip, fields, "nmap", interface)
    session.journal.attempt(PORTS, host.ip, "answered" if alive else "silent", "nmap")
