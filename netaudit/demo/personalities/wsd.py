"""WS-Discovery: a Probe is answered with ProbeMatches, to the group and to the device's own address (UDP 3702).

Settings: types, scopes (list), endpoint, xaddrs (list), metadata, prefix (namespace prefixes as the maker writes them).
Shapes: onvif/specs:doc/Core.xml; WS-Discovery, April 2005.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Answer, Peer, Stage

GROUP: Final = "239.255.255.250"
PORT: Final = 3702
_NAMESPACES: Final = (
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof" '
    'xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07" '
    'xmlns:wprt="http://schemas.microsoft.com/windows/2006/08/wdp/print"'
)
_BLANKS: Final = re.compile(r"\s+")


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Listen for probes."""
    await stage.udp(device, PORT, _answer(stage, device, spec), GROUP)


def _answer(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> Answer:
    def answer(data: bytes, sender: Peer) -> Sequence[tuple[bytes, Peer]]:
        probe = _parse(data)
        wanted = _wanted(probe)
        if probe is None or wanted is None:
            return ()
        stage.journal.note(device.address, "wsd", PORT, f"Probe {wanted}")
        if not wanted <= _types(spec["types"]):
            return ()
        return ((_match(_text(probe, "MessageID"), device, spec), sender),)

    return answer


def _parse(data: bytes) -> Element | None:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    return root


def _wanted(root: Element | None) -> set[str] | None:
    """Local names of the asked types; an empty set asks for everything, None is no probe."""
    if root is None or not any(element.tag.endswith("}Probe") for element in root.iter()):
        return None
    return _types(_text(root, "Types"))


def _types(text: str) -> set[str]:
    return {name.rpartition(":")[2] for name in _BLANKS.split(text.strip()) if name}


def _text(root: Element, name: str) -> str:
    return next((element.text or "" for element in root.iter() if element.tag.endswith("}" + name)), "")


def _match(relates_to: str, device: DemoDevice, spec: Mapping[str, Any]) -> bytes:
    xaddrs = " ".join(spec.get("xaddrs", (f"http://{device.values['http']}/onvif/device_service",)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" {_NAMESPACES}><env:Header>'
        f"<wsa:MessageID>urn:uuid:{uuid.uuid4()}</wsa:MessageID><wsa:RelatesTo>{escape(relates_to)}</wsa:RelatesTo>"
        "<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>"
        "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action>"
        '<d:AppSequence InstanceId="1" MessageNumber="1"/></env:Header><env:Body><d:ProbeMatches><d:ProbeMatch>'
        f"<wsa:EndpointReference><wsa:Address>{escape(spec['endpoint'])}</wsa:Address></wsa:EndpointReference>"
        f"<d:Types>{spec['types']}</d:Types><d:Scopes>{escape(' '.join(spec.get('scopes', ())))}</d:Scopes>"
        f"<d:XAddrs>{escape(xaddrs)}</d:XAddrs><d:MetadataVersion>{spec.get('metadata', 1)}</d:MetadataVersion>"
        "</d:ProbeMatch></d:ProbeMatches></env:Body></env:Envelope>"
    ).encode()
