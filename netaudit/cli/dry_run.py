"""netaudit scan --dry-run: what would be sent to whom. Sends nothing."""

import json
from collections import Counter
from dataclasses import asdict

from netaudit.cli.terminal import duration, out, table
from netaudit.clock import now
from netaudit.net.interfaces import interfaces_in_scope, link_local, other_links
from netaudit.scan.catalogue import all_probes
from netaudit.scan.estimate import Estimate, estimate
from netaudit.scope.gate import Gate
from netaudit.scope.model import Scope


def show(scope: Scope, *, experimental: bool = False, as_json: bool = False) -> int:
    """Print the estimate. The gate is built first: an expired authorisation is refused here too."""
    Gate(scope, now().date())
    interfaces, losses = interfaces_in_scope(scope)
    catalogue = all_probes().chosen(experimental=experimental)
    sums = estimate(scope, (*interfaces, *link_local(interfaces)), catalogue, near=other_links(scope))
    if as_json:
        out(json.dumps(asdict(sums), ensure_ascii=False))
        return 0
    granted, limits = scope.authorisation, scope.limits
    out(f"Allowed by {granted.authorised_by}, {granted.organisation}, until {granted.valid_until}.")
    out(
        f"Limits: {limits.packets_per_second} packets/s in all; a host gets at most {limits.packets_per_host} "
        f"a second, {limits.connections_per_host} open connection(s), {limits.pause:g} s between two."
    )
    _networks(sums)
    for stray in scope.stray_exclusions():
        out(f"  The exclusion {stray} lies in no network of this scope: is it mistyped?")
    _requests(sums)
    if scope.agents:
        named = ", ".join(agent.label for agent in scope.agents)
        out(f"  to {named}: their tables by SNMP, a packet for 25 rows")
    for loss in (*losses, *sums.losses):
        out(f"Cannot be seen from here: {loss}")
    out(
        f"\nAbout {sums.packets} packets in {duration(sums.seconds)} if a fifth of the addresses live and a tenth are "
        f"cameras; {duration(sums.seconds_if_empty)} if nobody answers. Nothing was sent."
    )
    return 0


def _networks(sums: Estimate) -> None:
    out("\nTo whom:")
    rows = (
        (net.label, net.site or "-", net.reach, str(net.addresses), str(net.packets), duration(net.seconds))
        for net in sums.networks
    )
    for line in table(("NETWORK", "SITE", "REACHED BY", "ADDRESSES", "PACKETS", "TIME"), rows):
        out("  " + line)


def _requests(sums: Estimate) -> None:
    out("\nWhat:")
    spoken: Counter[tuple[str, str, int, bool]] = Counter()
    for item in sums.announcements:
        spoken[item.probe, item.group, item.port, item.experimental] += item.packets
    for (probe, group, port, experimental), packets in spoken.items():
        mark = " (experimental)" if experimental else ""
        out(f"  {probe}{mark}: {packets} packets to {group}{f' port {port}' if port else ' (no IP)'}")
    out(f"    in all, from {', '.join(dict.fromkeys(item.interface for item in sums.announcements)) or 'nowhere'}")
    out(f"  to each living host, by UDP: {', '.join(sums.directed)}")
    out(f"  to each living host, TCP connections to ports {', '.join(map(str, sums.tcp_ports))}")
    out(f"  where these are open: {', '.join(sums.questions)}")
    out(f"  behind routers, who lives is found by TCP ports {', '.join(map(str, sums.discovery_ports))}")
