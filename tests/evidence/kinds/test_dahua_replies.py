"""DHIP, the older discovery, and magicBox."""

import json
import struct

from netaudit.evidence import kinds

# The shape and the values of a published reply (UDP 37810); addresses replaced.
INFO = {
    "AlarmInputChannels": 0, "DeviceClass": "IPC", "DeviceType": "IPC-HDW5421S", "HttpPort": 80,
    "IPv4Address": {"DefaultGateway": "192.0.2.1", "DhcpEnable": False, "IPAddress": "192.0.2.7"},
    "MachineName": "1F006E4PAX00075", "Manufacturer": "Private", "Port": 37777, "SerialNo": "1F006E4PAX00075",
    "Vendor": "Dahua", "Version": "2.400.0.8", "Find": ["BC", "BD"],
}  # fmt: skip


def dhip(message: object, tail: bytes = b"\n\0") -> bytes:
    body = json.dumps(message).encode() + tail
    return struct.pack("<I4sQIIII", 0x20, b"DHIP", 0, len(body), 0, len(body), 0) + body


def test_dhip_reply() -> None:
    message = {"mac": "4c:11:bf:c2:0b:9d", "method": "client.notifyDevInfo", "params": {"deviceInfo": INFO}}
    fields = kinds.read("dhip.reply", dhip(message, b"\n\0trailing }{"))
    assert fields["mac"] == "4c:11:bf:c2:0b:9d"
    assert fields["Vendor"] == "Dahua"
    assert fields["HttpPort"] == "80"
    assert fields["IPv4Address.IPAddress"] == "192.0.2.7"
    assert fields["IPv4Address.DhcpEnable"] == "false"
    assert fields["Find"] == ("BC", "BD")


def test_our_own_search_heard_again_gives_nothing() -> None:
    assert kinds.read("dhip.reply", dhip({"method": "DHDiscover.search", "params": {"mac": "", "uni": 1}})) == {}


def test_lone_surrogates_and_depth_do_no_harm() -> None:
    raw = b'{"mac":"\\ud800","params":{"deviceInfo":{"Vendor":"\\udfff","x":' + b"[" * 4000 + b"]" * 4000 + b"}}}"
    assert kinds.read("dhip.reply", raw) == {}
    fields = kinds.read("dhip.reply", b'{"mac":"\\ud800","params":{"deviceInfo":{"Vendor":"\\udfff"}}}')
    assert fields == {"mac": "?", "Vendor": "?"}


def legacy(second: bytes, third: bytes) -> bytes:
    raw = bytearray(120)
    raw[0] = 0xB3
    raw[2] = len(second)
    struct.pack_into("<I", raw, 4, 0x58)
    struct.pack_into("<H", raw, 20, len(third))
    struct.pack_into("<4H", raw, 32, 2, 608, 0, 7)
    raw[40:43] = b"DVR"
    raw[56:60] = bytes([192, 0, 2, 7])
    struct.pack_into("<HHH", raw, 94, 80, 443, 37777)
    return bytes(raw) + second + third


def test_legacy_reply() -> None:
    raw = legacy(b"90:02:a9:00:00:01DH-IPC", b"Name:Gate\r\nDevice:IPC-HFW\r\nIPv6Addr:fe80::1/64;gateway:fe80::\r\n")
    fields = kinds.read("dahua_legacy.reply", raw)
    assert fields["mac"] == "90:02:a9:00:00:01"
    assert fields["model"] == "DH-IPC"
    assert fields["version"] == "2.608.0.7"
    assert fields["sdk_port"] == "37777"
    assert fields["ip"] == "192.0.2.7"
    assert fields["IPv6Addr"] == "fe80::1/64;gateway:fe80::"
    assert kinds.read("dahua_legacy.reply", b"\xa3" + raw[1:]) == {}


def test_magic_box_lines() -> None:
    raw = b"deviceType=31\r\nserialNumber=1F006E4PAX00075\r\ntable.General.MachineName=a=b\r\nError: no\r\n"
    assert kinds.read("dahua_cgi.system_info", raw) == {
        "deviceType": "31",
        "serialNumber": "1F006E4PAX00075",
        "table.General.MachineName": "a=b",
    }
