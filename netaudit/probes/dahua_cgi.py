"""The CGI interface with the owner's login (Dahua platform): who it is, and the cameras of a recorder. GET only.

Sources: facts/protocols.md sections 5 and 23; public clients of magicBox.cgi and configManager.cgi (getConfig).
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from netaudit.evidence import kinds
from netaudit.evidence.kinds.dahua_channels import read_channels
from netaudit.net.exchange import Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.probes.isapi import channel_heard
from netaudit.probes.web_login import NoLoginError, WebLogin, refused_there

ASKED_BEFORE: Final = "/cgi-bin/magicBox.cgi?action=getDeviceType"
SYSTEM: Final = (
    "/cgi-bin/magicBox.cgi?action=getSystemInfo",
    "/cgi-bin/magicBox.cgi?action=getSoftwareVersion",
    "/cgi-bin/magicBox.cgi?action=getVendor",
    ASKED_BEFORE,
)
REMOTE: Final = "/cgi-bin/configManager.cgi?action=getConfig&name=RemoteDevice"
KIND: Final = "dahua_cgi.system_info"


class DahuaCgi:
    """Asks only where this interface asked for a login before."""

    name: ClassVar[str] = "dahua_cgi"
    version: ClassVar[int] = 1

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Hold the conversation; [] where the interface is not there. Raises LoginRefusedError."""
        where = refused_there(host, ASKED_BEFORE)
        if where is None:
            return ()
        web = WebLogin(host.ip, *where, username, password, talk)
        try:
            return _conversation(web)
        except NoLoginError:
            return ()


def _conversation(web: WebLogin) -> list[Heard]:
    heard = []
    for path in SYSTEM:
        told = web.get(path)
        if told is None and not web.succeeded:
            break
        if told is not None and kinds.read(KIND, told.body):
            heard.append(Heard(KIND, told.body, target=told.target))
    listed = web.get(REMOTE) if heard else None
    if listed is not None:
        heard += [channel_heard(told, "", listed) for told in read_channels(listed.body)]
    return heard


PROBE = DahuaCgi()
