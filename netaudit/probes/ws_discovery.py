"""WS-Discovery: the Probe that ONVIF devices answer (facts/protocols.md section 2)."""

import re
import uuid
from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

PORT: Final = 3702
GROUP: Final = "239.255.255.250"
GROUP_V6: Final = "ff02::c"

_NVT_NAMESPACE: Final = "http://www.onvif.org/ver10/network/wsdl"
_DEVICE_NAMESPACE: Final = "http://www.onvif.org/ver10/device/wsdl"

# One line: a Hikvision family refuses a Probe with line breaks (edgexfoundry/device-onvif-camera issue 134).
_ENVELOPE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"{namespace}>'
    "<e:Header><w:MessageID>urn:uuid:{message}</w:MessageID>"
    '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
    '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>'
    "<e:Body><d:Probe>{types}</d:Probe></e:Body></e:Envelope>"
)

# The standard's later edition, which few devices speak: other namespaces, the same Probe.
_ENVELOPE_2009: Final = (
    _ENVELOPE.replace("http://schemas.xmlsoap.org/ws/2004/08/addressing", "http://www.w3.org/2005/08/addressing")
    .replace("http://schemas.xmlsoap.org/ws/2005/04/discovery", "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01")
    .replace("urn:schemas-xmlsoap-org:ws:2005:04:discovery", "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01")
)

# Found by local name at any depth: some servers put ProbeMatch straight into the Body.
_ANSWER: Final = re.compile(rb"<(?:[\w.-]+:)?(?:ProbeMatch|Hello)[\s/>]")
_ENVELOPE_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?Envelope[\s>]")


class WsDiscovery:
    """Separate probes, each with its own MessageID, because two Types in one Probe mean AND, not OR."""

    name: ClassVar[str] = "ws_discovery"
    version: ClassVar[int] = 1

    def announce(self) -> Sequence[Datagram]:
        """Ask for transmitters, for devices, for anything, and for transmitters with the prefix declared on Types.

        The fourth form is for devices that read prefixes literally (openhab/openhab-addons issue 9022), the fifth for
        those of the 2009/01 edition. Both groups are asked alike: the interface's version decides.
        """
        return [
            Datagram(payload, PORT, group, label=label)
            for group in (GROUP, GROUP_V6)
            for label, payload in _all_forms().items()
        ]

    def directed(self) -> Sequence[Datagram]:
        """Ask one address, also behind a router: the two forms that between them everything answers."""
        return [Datagram(payload, PORT, label=label) for label, payload in _common().items()]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep a ProbeMatch or a Hello as heard; our own Probe, empty matches and faults say nothing.

        The answer may come from any port, twice, late, and with our MessageID: none of that is held against it.
        """
        return [Heard("wsd.probe_match", message) for message in reply.messages if _is_answer(message)]


def _all_forms() -> dict[str, bytes]:
    forms = {**_common(), "tds:Device": _probe("tds", _DEVICE_NAMESPACE, "Device")}
    forms["dn:NetworkVideoTransmitter, own xmlns"] = _literal("dn", _NVT_NAMESPACE, "NetworkVideoTransmitter")
    forms["2009/01, no Types"] = _fill("", "", _ENVELOPE_2009)
    return forms


def _common() -> dict[str, bytes]:
    return {
        "dn:NetworkVideoTransmitter": _probe("dn", _NVT_NAMESPACE, "NetworkVideoTransmitter"),
        "no Types": _fill("", ""),
    }


def _probe(prefix: str, namespace: str, name: str) -> bytes:
    return _fill(f' xmlns:{prefix}="{namespace}"', f"<d:Types>{prefix}:{name}</d:Types>")


def _literal(prefix: str, namespace: str, name: str) -> bytes:
    return _fill("", f'<d:Types xmlns:{prefix}="{namespace}">{prefix}:{name}</d:Types>')


def _fill(namespace: str, types: str, envelope: str = _ENVELOPE) -> bytes:
    return envelope.format(namespace=namespace, message=uuid.uuid4(), types=types).encode()


def _is_answer(message: bytes) -> bool:
    return bool(_ENVELOPE_TAG.search(message) and _ANSWER.search(message))


PROBE = WsDiscovery()
