"""Why a packet did not even leave: said once for a network, and in the attempt of each address."""

from typing import Final

from netaudit.net.routes import route_to
from netaudit.scan.session import Session
from netaudit.scope.gate import plain_address

NO_ROUTE: Final = "no route leads there from this machine"


def why_unsent(session: Session, address: str) -> str:
    """Return why our own kernel took no packet for this address; a missing route is also said for the whole run."""
    if route_to(plain_address(address), session.routes) is not None:
        return "could not be sent"
    network = session.journal.network_label(address)
    session.lose(
        f"{network}: {NO_ROUTE}: give it a route or an address in that network, or scan from a machine that has one"
    )
    return NO_ROUTE
