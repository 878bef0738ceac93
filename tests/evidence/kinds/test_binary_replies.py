"""Small discovery protocols with a binary layout: built here from the layout, or from published bytes."""

import json
import struct
from collections.abc import Mapping

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.packed import entries

MAC = bytes.fromhex("0018ae000001")
IP = bytes([192, 0, 2, 7])


def laid(size: int, places: Mapping[int, bytes]) -> bytes:
    """Put values at their offsets in a block of zeros."""
    raw = bytearray(size)
    for offset, value in places.items():
        raw[offset : offset + len(value)] = value
    return bytes(raw)


# --- XiongMai


def xm(message: object, number: int = 0x05FB) -> bytes:
    body = json.dumps(message).encode() + b"\n\0"
    return struct.pack("<BBHIIHHI", 0xFF, 1, 0, 0, 0, 0, number, len(body)) + body


def test_xm_addresses_are_decoded() -> None:
    common = {"HostIP": "0x6D0BA8C0", "GateWay": "0x010BA8C0", "Submask": "0x00FFFFFF", "MAC": "00:12:00:00:00:01"}
    fields = kinds.read("xm.reply", xm({"NetWork.NetCommon": {**common, "SN": "ab", "ChannelNum": 16}, "Ret": 100}))
    assert (fields["HostIP"], fields["GateWay"], fields["Submask"]) == (
        "192.168.11.109",
        "192.168.11.1",
        "255.255.255.0",
    )
    assert (fields["SN"], fields["ChannelNum"], fields["Ret"]) == ("ab", "16", "100")


def test_xm_other_messages_give_nothing() -> None:
    assert kinds.read("xm.reply", xm({"NetWork.NetCommon": {"SN": "ab"}}, 0x05FA)) == {}


# --- TVT


def tvt(version: int, **places: bytes) -> bytes:
    head = {0: b"MHED" + struct.pack("<HHI", version, 1, 2), 12: b"Gate", 32: MAC, 38: struct.pack("<H", 6036), 40: IP}
    rest = {52: bytes.fromhex("000a0401"), 56: struct.pack("<I", 20231103), 60: struct.pack("<HH", 80, 554)}
    labels = {196: b"TD-9421S1", 212: b"DVC", 228: b"\x04", 84: b"c2VjcmV0"}
    return laid(240, {**head, **rest, **labels, **{int(key[1:]): value for key, value in places.items()}})


def test_tvt_older_layout_has_the_label() -> None:
    fields = kinds.read("tvt.reply", tvt(7, a140=b"IPC", a164=b"Provision-ISR"))
    assert fields == {
        "name": "Gate", "mac": "00:18:ae:00:00:01", "sdk_port": "6036", "ip": "192.0.2.7", "software": "1.4.10.0",
        "build_date": "20231103", "http_port": "80", "rtsp_port": "554", "device_type": "0", "product_type": "0",
        "model": "TD-9421S1", "manufacturer": "DVC", "channels": "4", "product": "IPC", "customer": "Provision-ISR",
    }  # fmt: skip


def test_tvt_newer_layout_has_serial_and_firmware_there() -> None:
    fields = kinds.read("tvt.reply", tvt(8, a140=b"I0000000001", a156=b"1.5-1428327"))
    assert (fields["serial"], fields["firmware"]) == ("I0000000001", "1.5-1428327")
    assert "customer" not in fields


def test_tvt_password_place_is_blanked() -> None:
    kept = kinds.redact("tvt.reply", tvt(8))
    assert b"c2VjcmV0" not in kept
    assert len(kept) == 240
    assert kinds.read("tvt.reply", kept) == kinds.read("tvt.reply", tvt(8))


def test_tvt_requests_give_nothing() -> None:
    assert kinds.read("tvt.reply", laid(140, {0: b"MHED\x09\0\1\0\1"})) == {}


# --- Reolink


def test_reolink() -> None:
    places = {
        50: b"\2",
        58: b"IPC",
        80: MAC,
        104: b"\xaa\xaa\0\0",
        108: b"192.0.2.7",
        132: b"Gate",
        228: b"95270000TEST0001",
    }
    fields = kinds.read("reolink.reply", laid(388, places))
    assert fields == {
        "flags": "2", "identifier": "IPC", "mac": "00:18:ae:00:00:01", "ip": "192.0.2.7", "name": "Gate",
        "uid": "95270000TEST0001",
    }  # fmt: skip
    assert kinds.read("reolink.reply", laid(388, {**places, 104: b"\0\0"})) == {}


# --- Ubiquiti: the published reply of a camera, the identifier replaced

UBNT = (
    bytes.fromhex("0100008e 02000ae063da005e08c0a8d401 010006e063da005e08 0a00040013e630")
    + b"\x0b\0\4Gate\x0c\0\x0aUVC G4 Pro\x17\0\4\0\0\0\0\3\0\x27UVC.S5L.v4.46.18.67.ceacbaa.211202.1017"
    + b"\x10\0\2\x63\xa5\x20\0\x2400000000-0000-4000-8000-000000000000"
)


def test_ubnt_camera() -> None:
    fields = kinds.read("ubnt.reply", UBNT)
    assert fields["mac"] == "e0:63:da:00:5e:08"
    assert fields["ip"] == "192.168.212.1"
    assert (fields["hostname"], fields["platform"]) == ("Gate", "UVC G4 Pro")
    assert fields["firmware"] == "UVC.S5L.v4.46.18.67.ceacbaa.211202.1017"
    assert (fields["platform_id"], fields["factory_default"], fields["uptime"]) == ("63a5", "0", "1304112")


def test_ubnt_query_gives_nothing() -> None:
    assert kinds.read("ubnt.reply", b"\1\0\0\0") == {}


# --- i-PRO: the head of a published capture, tags after it


def test_ipro_camera() -> None:
    head = bytes.fromhex(
        "000101a9000ed42dc52a8d1300000000000000000000000020111e11231f1e191300000202020000000000000000000000"
    )[:48]
    tags = [(0, b"\1"), (0x20, IP), (0x25, b"\0\x50"), (0xA7, b"WV-X22700-V2L"), (0xA9, b"3.67"), (0xD1, b"XBV30463")]
    body = b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tags)
    fields = kinds.read("ipro.reply", head + body + b"\xff\xff\x12\x34" + struct.pack(">HH", 0xA8, 1) + b"x")
    assert fields == {
        "mac": "d4:2d:c5:2a:8d:13", "admin_password": "set", "network_mode": "1", "ip": "192.0.2.7", "http_port": "80",
        "model": "WV-X22700-V2L", "firmware": "3.67", "serial": "XBV30463",
    }  # fmt: skip
    assert kinds.read("ipro.reply", head[:5] + b"\x0d" + head[6:] + body) == {}


# --- the others


def test_hanwha() -> None:
    places = {0: b"\x0b", 0x13: b"00:09:18:00:00:01", 0x25: b"192.0.2.7", 0x6D: b"SNB-6004", 0x85: b"http://192.0.2.7/"}
    fields = kinds.read("hanwha.reply", laid(262, places))
    assert (fields["mac"], fields["model"], fields["url"]) == ("00:09:18:00:00:01", "SNB-6004", "http://192.0.2.7/")
    assert kinds.read("hanwha.reply", laid(262, {0: b"\1"})) == {}


def test_vivotek_tag_four_has_no_length() -> None:
    raw = b"\x7e\x4a\x5d\x8f\x1c\4\xff\2\6" + MAC + b"\3\4" + IP + b"\6\2\x50\0\x08\2en\x09\6FD8134\x0a\1"
    assert kinds.read("vivotek.reply", raw) == {
        "mac": "00:18:ae:00:00:01", "ip": "192.0.2.7", "http_port": "80", "language": "en", "model": "FD8134",
    }  # fmt: skip
    assert kinds.read("vivotek.reply", raw[:5]) == {}


def test_bosch_both_replies() -> None:
    raw = laid(32, {0: bytes.fromhex("9939a427"), 8: MAC, 0x10: IP})
    assert kinds.read("bosch.reply", raw) == {"mac": "00:18:ae:00:00:01", "ip": "192.0.2.7"}
    assert kinds.read("bosch.reply", raw[:12]) == {}
    xml = b"<OEMExt00:device-1-0><friendlyName>DINION</friendlyName><unitName>Gate</unitName></OEMExt00:device-1-0>"
    assert kinds.read("bosch.reply", xml) == {"friendlyName": "DINION", "unitName": "Gate"}


def test_sony() -> None:
    raw = b"\2MAC:00-18-ae-00-00-01\xffMODEL:SNC-EM600\xffINFO:network camera\xffTIME:10:00\xff\3"
    fields = kinds.read("sony.reply", raw)
    assert (fields["MODEL"], fields["TIME"]) == ("SNC-EM600", "10:00")
    assert kinds.read("sony.reply", b"\2ENQ:allinfo\xff\3") == {}


@pytest.mark.parametrize("hiding", [b"", b"8bytekey"])
def test_foscam(hiding: bytes) -> None:
    payload = laid(0x58 - 0x17, {0: b"0018AE000001", 13: b"Gate", 34: IP, 54: bytes([11, 37, 2, 56]), 62: b"\0\x50"})
    if hiding:
        payload = bytes(octet ^ hiding[index % 8] for index, octet in enumerate(payload))
    head = laid(0x17, {0: b"MO_I\1\0" + (b"\1" + hiding if hiding else b"\0")})
    fields = kinds.read("foscam.reply", head + payload)
    assert (fields["serial"], fields["name"], fields["ip"]) == ("0018AE000001", "Gate", "192.0.2.7")
    assert (fields["firmware"], fields["port"]) == ("11.37.2.56", "80")


def test_vstarcam_credentials_never_survive() -> None:
    places = {
        0: b"DH\1\x08",
        4: b"192.0.2.7",
        0x54: MAC,
        0x5A: b"\x51\0",
        0x5C: b"VSTA000001",
        0xCC: b"48.53",
        236: b"admin",
        260: b"hunter2",
    }
    raw = laid(400, places)
    kept = kinds.redact("vstarcam.reply", raw)
    assert b"admin" not in kept
    assert b"hunter2" not in kept
    fields = kinds.read("vstarcam.reply", kept)
    assert (fields["serial"], fields["port"], fields["firmware"]) == ("VSTA000001", "81", "48.53")
    assert kinds.read("vstarcam.reply", raw) == fields


def test_tdp() -> None:
    result = {"device_type": "SMART.IPCAMERA", "device_model": "C200", "owner": 'A1"B2', "mgt": {"lv": 2}}
    raw = bytes(16) + json.dumps({"result": {**result, "encrypt_info": {"data": "x1y2"}}, "error_code": 0}).encode()
    kept = kinds.redact("tdp.reply", raw)
    assert not any(secret in kept for secret in (b"A1", b"B2", b"x1y2"))
    assert kinds.read("tdp.reply", kept) == {"device_type": "SMART.IPCAMERA", "device_model": "C200", "mgt.lv": "2"}


def test_mndp() -> None:
    tags = [(1, MAC), (5, b"core"), (7, b"7.1"), (8, b"MikroTik"), (10, b"\x10\0\0\0"), (12, b"RB750"), (17, IP)]
    raw = bytes(4) + b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tags)
    assert kinds.read("mndp.reply", raw) == {
        "mac": "00:18:ae:00:00:01", "identity": "core", "version": "7.1", "platform": "MikroTik", "uptime": "16",
        "board": "RB750", "ip": "192.0.2.7",
    }  # fmt: skip
    assert kinds.read("mndp.reply", bytes(4)) == {}


def test_hid() -> None:
    raw = b"discovered;080;00:06:8E:00:00:00;NoEntry;192.0.2.7;1;EH400;2.3.1.603;04/23/2012;"
    assert kinds.read("hid.reply", raw) == {
        "mac": "00:06:8E:00:00:00", "name": "NoEntry", "ip": "192.0.2.7", "model": "EH400", "version": "2.3.1.603",
        "date": "04/23/2012",
    }  # fmt: skip
    assert kinds.read("hid.reply", raw + b"x") == {}
    assert kinds.read("hid.reply", b"discover;013;") == {}
    assert kinds.read("hid.reply", b"discovered;011;") == {}


def test_lantronix() -> None:
    raw = b"\0\0\0\xf7" + bytes(20) + b"\0\x20\x4a\0\0\1"
    assert kinds.read("lantronix.reply", raw) == {"mac": "00:20:4a:00:00:01"}
    assert kinds.read("lantronix.reply", raw[:-1]) == {}
    assert kinds.read("lantronix.reply", b"\0\0\0\xf6") == {}


def test_microchip() -> None:
    raw = b"RELAY-HALL\r\n00:04:A3:00:00:01\r\n80\r\nIPX800_V4\r\n"
    assert kinds.read("microchip.reply", raw) == {
        "name": "RELAY-HALL", "mac": "00:04:A3:00:00:01", "port": "80", "model": "IPX800_V4",
    }  # fmt: skip
    assert kinds.read("microchip.reply", b"MCHPBOARD      \r\n00-04-A3-00-00-01\r\n") == {
        "name": "MCHPBOARD", "mac": "00-04-A3-00-00-01",
    }  # fmt: skip
    assert kinds.read("microchip.reply", b"Discover GCE Devices") == {}


def test_entries_that_lie_about_their_length_end_the_list() -> None:
    assert list(entries(b"\1\0\1a\2\0\xffb", 0, 1, 2)) == [(1, b"a")]
