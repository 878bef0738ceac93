"""Axis basic device information with the owner's login: one query (a POST that only asks), all properties.

Source: facts/protocols.md section 11 (VAPIX basicdeviceinfo.cgi).
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Reply, Request
from netaudit.probes.base import Heard, HostView
from netaudit.probes.web_login import NoLoginError, WebLogin, refused_there

PATH: Final = "/axis-cgi/basicdeviceinfo.cgi"
QUERY: Final = b'{"apiVersion":"1.0","method":"getAllProperties"}'
KIND: Final = "http.response"
MARK: Final = b'"propertyList"'


class AxisDevice:
    """Asks only where this path was heard before."""

    name: ClassVar[str] = "axis_device"
    version: ClassVar[int] = 1

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Hold the conversation; [] where the interface is not there. Raises LoginRefusedError."""
        where = refused_there(host, PATH)
        if where is None:
            return ()
        try:
            told = WebLogin(host.ip, *where, username, password, talk).post_json(PATH, QUERY)
        except NoLoginError:
            return ()
        if told is None or MARK not in told.body:
            return ()
        return [Heard(KIND, told.raw, target=told.target)]


PROBE = AxisDevice()
