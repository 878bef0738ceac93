"""One documented answer of each small search protocol, and where the device sends it."""

import struct
from typing import Final, NamedTuple

from tests.evidence.kinds.test_binary_replies import IP, MAC, UBNT, laid, tvt, xm
from tests.probes.soap_server import RECORDED

BROADCAST: Final = "255.255.255.255"


class Answer(NamedTuple):
    """What a device of one protocol does. `to`: "" the asker's address; `to_port`: 0 the asker's port."""

    probe: str
    kind: str
    port: int
    reply: bytes
    to: str = ""
    to_port: int = 0
    groups: tuple[str, ...] = ()
    asked: bytes = b""
    """How the queries begin that this device answers; other devices may share the port."""


def _tagged(tags: list[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tags)


LEGACY = (
    laid(120, {0: b"\xb3\0\x18", 56: IP, 94: b"\x50\0", 98: b"\x89\x93"}) + b"90:02:a9:00:00:01MODEL12\r\nName:x\r\n"
)
REOLINK = laid(388, {50: b"\1", 58: b"IPC", 80: MAC, 104: b"\xaa\xaa\0\0", 108: b"192.0.2.7", 132: b"Gate"})
IPRO = bytes.fromhex("000101a9000ed42dc52a8d13000000000000000000000000 20111e11231f1e1913000002 0202") + bytes(10)
IPRO += _tagged([(0x20, IP), (0xA7, b"WV-X22700-V2L"), (0xA9, b"3.67")]) + b"\xff\xff\0\0"
FOSCAM = laid(0x58, {0: b"MO_I\1", 0x17: b"0018AE000001", 0x24: b"Gate", 0x39: IP, 0x55: b"\0\x50"})
VSTARCAM = laid(300, {0: b"DH\1\x08", 4: b"192.0.2.7", 0x54: MAC, 0x5C: b"VSTA000001", 236: b"admin", 260: b"hunter2"})
TDP = bytes(16) + b'{"result":{"device_type":"SMART.IPCAMERA","device_model":"C200","owner":"hunter2"},"error_code":0}'
HANWHA = laid(262, {0: b"\x0b", 0x13: b"00:09:18:00:00:01", 0x25: b"192.0.2.7", 0x6D: b"SNB-6004"})
VIVOTEK = b"\1\x4a\x5d\x8f\x1c\4\xff\2\6" + MAC + b"\3\4" + IP + b"\x09\6FD8134"
HID = b"discovered;077;00:06:8E:00:00:00;Door;192.0.2.7;1;EH400;2.3.1.603;04/23/2012;"
LANTRONIX = b"\0\0\0\xf7" + bytes(20) + MAC
MICROCHIP = b"RELAY-HALL\r\n00:04:A3:00:00:01\r\n80\r\nIPX800_V4\r\n"
MNDP = bytes(4) + _tagged([(1, MAC), (5, b"core"), (8, b"MikroTik")])
GIGE = laid(256, {0: b"\0\0\0\3\0\xf8\0\1", 0x12: MAC, 0x2C: IP, 0x50: b"Basler", 0x70: b"acA1300-60gm", 0x90: b"1.0"})
SADP = (
    b'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Types>inquiry</Types>'
    b"<DeviceDescription>DS-2CD2385G1-I</DeviceDescription></ProbeMatch>"
)
DHIP = (
    bytes.fromhex("2000000044484950")
    + bytes(24)
    + (b'{"mac":"4c:11:bf:c2:0b:9d","method":"client.notifyDevInfo","params":{"deviceInfo":{"Vendor":"Dahua"}}}\n')
)
SSDP = (
    b"HTTP/1.1 200 OK\r\nLOCATION: http://%s:49152/rootdesc1.xml\r\nSERVER: Linux, UPnP/1.0\r\n"
    b"ST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n"
)

ANSWERS: Final = (
    Answer("sadp", "sadp.reply", 37020, SADP, "239.255.255.250", 37020, ("239.255.255.250",)),
    Answer("dhip", "dhip.reply", 37810, DHIP, groups=("239.255.255.251",)),
    Answer("dahua_legacy", "dahua_legacy.reply", 5050, LEGACY, to_port=5050),
    Answer("xm", "xm.reply", 34569, xm({"NetWork.NetCommon": {"SN": "ab"}, "Ret": 100}), BROADCAST, 34569),
    Answer("tvt", "tvt.reply", 23456, tvt(8), "234.55.55.56", 23456, ("234.55.55.55",)),
    Answer("reolink", "reolink.reply", 2000, REOLINK, to_port=3000),
    Answer("ubnt", "ubnt.reply", 10001, UBNT, to_port=10001, groups=("233.89.188.1",)),
    Answer("ipro", "ipro.reply", 10670, IPRO, BROADCAST, 10669),
    Answer("sony", "sony.reply", 2380, b"\2MAC:00-18-ae-00-00-01\xffMODEL:SNC-EM600\xff\3", BROADCAST, 2380),
    Answer("tdp", "tdp.reply", 20002, TDP),
    Answer("foscam", "foscam.reply", 10000, FOSCAM, to_port=10000, asked=b"MO_I"),
    Answer("vstarcam", "vstarcam.reply", 8600, VSTARCAM, to_port=8600),
    Answer("hanwha", "hanwha.reply", 7701, HANWHA, to_port=7711),
    Answer("vivotek", "vivotek.reply", 10000, VIVOTEK, asked=b"\1\x4a\x5d"),
    Answer("bosch", "bosch.reply", 1757, laid(32, {0: bytes.fromhex("9939a427"), 8: MAC, 0x10: IP}), to_port=1758),
    Answer(
        "vision_360", "vision_360.reply", 3600, b"DISCOVER TYPE=IPDOME KEY='00:0c:52:00:00:01' ID=7\n", BROADCAST, 3600
    ),
    Answer("gige_vision", "gige_vision.reply", 3956, GIGE),
    Answer("hid", "hid.reply", 4070, HID),
    Answer("lantronix", "lantronix.reply", 30718, LANTRONIX),
    Answer("microchip", "microchip.reply", 30303, MICROCHIP),
    Answer("mndp", "mndp.reply", 5678, MNDP, BROADCAST, 5678),
    Answer("ssdp", "ssdp.reply", 1900, SSDP, groups=("239.255.255.250",), asked=b"M-SEARCH"),
    Answer("mdns", "mdns.service", 5353, (RECORDED / "mdns_axis.bin").read_bytes(), groups=("224.0.0.251",)),
    Answer(
        "ws_discovery", "wsd.probe_match", 3702, (RECORDED / "wsd_python_ws_discovery.xml").read_bytes(),
        groups=("239.255.255.250",),
    ),
)  # fmt: skip
EXPERIMENTAL: Final = frozenset({
    "hanwha", "vivotek", "bosch", "mndp", "vision_360", "gige_vision", "hid", "lantronix", "microchip",
})  # fmt: skip
