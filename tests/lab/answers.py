"""What every responder of the laboratory answers, on its own link and across the router: the table of the tests.

Where a program is silent, the reason is its own doing, and stands in its row.
"""

from dataclasses import dataclass
from typing import Final

LINK_ONLY: Final = "avahi drops a question whose sender is not on its own link (RFC 6762, section 11)"
LAN_ONLY: Final = "the program answers searches from the subnets of its own interfaces only"
OWN_TYPE_ONLY: Final = "wsdd answers only a search for wsdp:Device, which looks for computers; we do not send it"


@dataclass(frozen=True, slots=True)
class Answer:
    """One protocol of one responder. `link`, `across`: "" where it answers there, else why it is silent."""

    ip: str
    probe: str
    kind: str
    link: str = ""
    across: str = ""


ANSWERS: Final = (
    # ipycam
    Answer("10.77.0.11", "ws_discovery", "wsd.probe_match"),
    Answer("10.77.0.11", "http_front", "http.response"),
    Answer("10.77.0.11", "http_identity", "http.response"),
    Answer("10.77.0.11", "onvif_pre_auth", "onvif.pre_auth"),
    Answer("10.77.0.11", "onvif_device", "onvif.device_information"),
    # avahi, python-zeroconf
    Answer("10.77.0.12", "mdns", "mdns.service", across=LINK_ONLY),
    Answer("10.77.0.13", "mdns", "mdns.service"),
    # wsdd, and WSDiscovery's publisher
    Answer("10.77.0.14", "ws_discovery", "wsd.probe_match", link=OWN_TYPE_ONLY, across=OWN_TYPE_ONLY),
    Answer("10.77.2.11", "ws_discovery", "wsd.probe_match"),
    # minidlna, miniupnpd on the router, async-upnp-client
    Answer("10.77.0.15", "ssdp", "ssdp.reply", across=LAN_ONLY),
    Answer("10.77.0.15", "upnp_description", "upnp.description", across=LAN_ONLY),
    Answer("10.77.0.1", "ssdp", "ssdp.reply", across=LAN_ONLY),
    Answer("10.77.0.22", "ssdp", "ssdp.reply"),
    Answer("10.77.0.22", "upnp_description", "upnp.description"),
    # gst-rtsp-server, rtsp-streaming-server
    Answer("10.77.0.16", "rtsp", "rtsp.response"),
    Answer("10.77.0.21", "rtsp", "rtsp.response"),
    # snmpsim
    Answer("10.77.0.17", "snmp_system", "snmp.system"),
    # nginx, lighttpd (twice), openssl s_server
    Answer("10.77.0.18", "http_front", "http.response"),
    Answer("10.77.0.18", "http_front", "tls.certificate"),
    Answer("10.77.0.19", "http_front", "http.response"),
    Answer("10.77.2.12", "http_front", "http.response"),
    Answer("10.77.0.20", "http_front", "tls.certificate"),
    # Our own answers, as the protocol sheet records them: no third-party program speaks these.
    Answer("10.77.0.23", "sadp", "sadp.reply"),
    Answer("10.77.0.23", "dhip", "dhip.reply"),
    Answer("10.77.0.23", "dahua_legacy", "dahua_legacy.reply"),
    Answer("10.77.0.23", "reolink", "reolink.reply"),
    Answer("10.77.0.23", "ubnt", "ubnt.reply"),
    Answer("10.77.0.23", "tdp", "tdp.reply"),
)
