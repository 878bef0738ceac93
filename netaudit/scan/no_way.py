"""Why a packet did not even leave: said once for a network, and in the attempt of each address."""

from typing import Final

from netaudit.net.routes import route_to
from netaudit.net.turned_away import TURNED_AWAY
from netaudit.scan.session import Session
from netaudit.scope.gate import plain_address

NO_ROUTE: Final = "no route leads there from this machine"


def not_let_out(count: int) -> str:
    """Say of a run that our own kernel would not send to so many hosts."""
    hosts = "1 host was" if count == 1 else f"{count} hosts were"
    return (
        f"{hosts} not asked all there is, because this machine did not let the packets out: its neighbour table is "
        "full (all containers and network namespaces share one; an administrator can raise "
        "net.ipv4.neigh.default.gc_thresh3), or a firewall here drops them; then go on with --resume"
    )


def why_unsent(session: Session, address: str) -> str:
    """Return why our own kernel took no packet for this address; a missing route is also said for the whole run."""
    if address in session.transport.turned_away:
        return TURNED_AWAY
    if route_to(plain_address(address), session.routes) is not None:
        return "could not be sent"
    network = session.journal.network_label(address)
    session.lose(
        f"{network}: {NO_ROUTE}: give it a route or an address in that network, or scan from a machine that has one"
    )
    return NO_ROUTE
