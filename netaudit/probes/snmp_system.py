"""SNMP: who are you? Only with a community or a user that the owner gave for the device (sheet, section 24).

GET of few leaves, in version 2c or 3; nothing is walked, nothing set, no community and no user guessed.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from netaudit.evidence import kinds
from netaudit.evidence.ber import GET_REQUEST, INTEGER, NULL, OCTETS, SEQUENCE, element, oid
from netaudit.evidence.fields import first, text
from netaudit.evidence.kinds.snmp import LEAVES
from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.net.usm import Usm
from netaudit.probes import snmp_message
from netaudit.probes.base import Heard, HostView
from netaudit.probes.snmp_agent import AgentSilentError, SpeechV3
from netaudit.probes.snmp_message import Value

PORT: Final = 161
KIND: Final = "snmp.system"
MAX_COMMUNITY: Final = 64

_CAMERA: Final = "1.3.6.1.4.1.39165."
# Hikvision's cameras have neither sysDescr nor sysObjectID (recorded replies): their leaves are asked at once.
FIRST: Final = tuple(leaf for leaf in LEAVES if leaf.startswith(("1.3.6.1.2.1.1.", _CAMERA)))
# By the root that sysObjectID names.
_MORE: Final = ("1.3.6.1.4.1.50001", "1.3.6.1.4.1.1004849")
_V2C: Final = element(INTEGER, b"\1")


class SnmpSystem:
    """Sends one GET, and a second one to recorders whose maker keeps the serial number elsewhere."""

    name: ClassVar[str] = "snmp_system"
    version: ClassVar[int] = 1

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Ask with `password` as the community (`username` is not used in version 2c); [] where nothing answers."""
        if not 0 < len(password.encode()) <= MAX_COMMUNITY:
            return ()
        heard = _ask(password, FIRST, 1, talk)
        root = first(kinds.read(KIND, heard[0].raw or b""), "sysObjectID") if heard else ""
        for maker in _MORE:
            if f"{root}.".startswith(f"{maker}."):
                heard += _ask(password, [leaf for leaf in LEAVES if leaf.startswith(f"{maker}.")], 2, talk)
        return heard

    def ask_as(self, host: HostView, user: Usm, talk: Callable[[Request], Reply]) -> Sequence[Heard]:
        """Ask the same as a user of version 3; [] where nothing answers. Raises LoginRefusedError.

        The fields alone are kept: what came over the wire is encrypted, and what is opened has nothing more.
        """
        speech = SpeechV3(user, talk)
        found = _fields(speech, FIRST)
        root = found.get("sysObjectID", "")
        for maker in _MORE:
            if f"{root}.".startswith(f"{maker}."):
                found |= _fields(speech, [leaf for leaf in LEAVES if leaf.startswith(f"{maker}.")])
        return [Heard(KIND, fields=found, target={"port": PORT, "transport": "udp"})] if found else ()


def get_request(community: str, leaves: Sequence[str], number: int) -> bytes:
    """Build a GET of these object identifiers; `number` (1 to 127) tells its answer from others."""
    variables = b"".join(element(SEQUENCE, oid(leaf) + element(NULL, b"")) for leaf in leaves)
    no_error = element(INTEGER, b"\0") * 2
    request = element(GET_REQUEST, element(INTEGER, bytes([number])) + no_error + element(SEQUENCE, variables))
    return element(SEQUENCE, _V2C + element(OCTETS, community.encode()) + request)


def _ask(community: str, leaves: Sequence[str], number: int, talk: Callable[[Request], Reply]) -> list[Heard]:
    reply = talk(Datagram(get_request(community, leaves, number), PORT, label=f"GET of {len(leaves)} leaves"))
    # The community is blanked here, once more where observations are made: the raw answer repeats it.
    answers = [kinds.redact(KIND, message) for message in reply.messages]
    target = {"port": PORT, "transport": "udp"}
    return [Heard(KIND, answer, target=target) for answer in answers if kinds.read(KIND, answer)]


def _fields(speech: SpeechV3, leaves: Sequence[str]) -> dict[str, str]:
    names = {snmp_message.oid(leaf): LEAVES[leaf] for leaf in leaves}
    try:
        rows = speech.ask("get", names).rows
    except AgentSilentError:
        return {}
    shown = {names[row]: _shown(value) for row, value in rows if row in names}
    return {name: value for name, value in shown.items() if value}


def _shown(value: Value) -> str:
    if isinstance(value, bytes):
        return text(value).strip("\0 \r\n\t")
    if isinstance(value, tuple):
        return ".".join(map(str, value))
    return "" if value is None else str(value)


PROBE = SnmpSystem()
