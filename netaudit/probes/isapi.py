"""ISAPI with the owner's login (Hikvision platform): who it is, and which cameras hang on a recorder. GET only.

Sources: facts/protocols.md sections 4b and 23; public ISAPI clients (Hikvision ISAPI, ContentMgmt/InputProxy).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final

from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields
from netaudit.evidence.kinds.isapi_channels import read_channels, read_status
from netaudit.net.exchange import Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.probes.web_login import NoLoginError, Spoken, WebLogin, refused_there

INFO: Final = "/ISAPI/System/deviceInfo"
CHANNELS: Final = "/ISAPI/ContentMgmt/InputProxy/channels"
STATUS: Final = "/ISAPI/ContentMgmt/InputProxy/channels/status"
KIND: Final = "isapi.device_info"
CHANNEL: Final = "recorder.channel"


class Isapi:
    """Asks only where this path asked for a login before: a wrong guess of the maker would count as a wrong login."""

    name: ClassVar[str] = "isapi"
    version: ClassVar[int] = 1

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Hold the conversation; [] where the interface is not there. Raises LoginRefusedError."""
        where = refused_there(host, INFO)
        if where is None:
            return ()
        web = WebLogin(host.ip, *where, username, password, talk)
        try:
            info = web.get(INFO)
            if info is None or not kinds.read(KIND, info.body):
                return ()
            heard = [Heard(KIND, info.body, target=info.target)]
            return [*heard, *channels_of(web.get(CHANNELS), web)]
        except NoLoginError:
            return ()


def channels_of(listed: Spoken | None, web: WebLogin) -> Iterable[Heard]:
    """Read the channels of a recorder, and whether each has its camera now."""
    found = read_channels(listed.body) if listed else []
    if not found or listed is None:
        return ()
    states = web.get(STATUS)
    online = read_status(states.body) if states else {}
    return [channel_heard(told, online.get(str(told["channel"]), ""), listed) for told in found]


def channel_heard(told: Fields, status: str, listed: Spoken) -> Heard:
    """Make the finding of one channel."""
    fields = {**told, **({"status": status} if status else {})}
    return Heard(CHANNEL, fields=fields, target=listed.target)


PROBE = Isapi()
