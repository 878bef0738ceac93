"""What holds for each reader: any bytes give small, writable fields; secrets are cut for good."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence import kinds
from netaudit.evidence.line import from_line
from netaudit.evidence.observation import observe, to_line

RECORDED = Path(__file__).parents[2] / "recorded"
KINDS = sorted(kinds.known())
REDACTED = ("sadp.reply", "snmp.system", "tdp.reply", "tvt.reply", "vstarcam.reply")
SAMPLES = {
    "dhip.reply": b'{"mac":"4c:11:bf:c2:0b:9d","params":{"deviceInfo":{"Vendor":"Dahua","a":{"b":[1,true]}}}}',
    "sadp.reply": b"<ProbeMatch><MAC>58-50-ed-1f-e3-85</MAC><Salt>1</Salt><DHCP>true</DHCP></ProbeMatch>",
    "ubnt.reply": bytes.fromhex("0100001802000ae063da005e08c0a8d4010b000447617465"),
    "vivotek.reply": b"\x7e\x4a\x5d\x8f\x1c\2\6abcdef\x09\6FD8134",
    "tvt.reply": b"MHED\7\0\1\0\2" + bytes(range(231)),
    "dahua_legacy.reply": b"\xb3\0\x18" + bytes(117) + b"90:02:a9:00:00:01MODEL12\r\nName:x\r\n",
    "ipro.reply": b"\0\1\0\0\0\x0e" + bytes(42) + b"\0\xa7\0\3abc",
    "foscam.reply": b"MO_I\1\0\1" + bytes(range(90)),
    "sony.reply": b"\2MAC:1\xffMODEL:2\3",
    "hid.reply": b"discovered;076;00:06:8E:00:00:00;Door;10.0.0.9;1;EH400;2.3.1.603;04/23/2012;",
    "lantronix.reply": b"\0\0\0\xf7" + bytes(20) + b"\0\x20\x4a\0\0\1",
    "microchip.reply": b"IPX800_V4\r\n00:04:A3:00:00:01\r\n80\r\nIPX800_V4\r\n",
    "mndp.reply": bytes(4) + b"\0\5\0\4core",
    "xm.reply": b"\xff" + bytes(13) + b"\xfb\5" + bytes(4) + b'{"NetWork.NetCommon":{"HostIP":"0x6D0BA8C0"}}',
    "tdp.reply": bytes(16) + b'{"result":{"owner":"secret","mac":"1"}}',
    "banner": b"\xff\xfb\1login: ",
    "snmp.system": bytes.fromhex("30260201010406707562")
    + b"lic"
    + bytes.fromhex("a219020101020100020100300e300c06082b060102010101000400"),
}
FOLDERS = {
    "http": "http.response", "rtsp": "rtsp.response", "ssdp": "ssdp.reply", "upnp": "upnp.description",
    "mdns": "mdns.service", "wsd": "wsd.probe_match", "tls": "tls.certificate",
}  # fmt: skip
FILES = [(kind, path) for folder, kind in FOLDERS.items() for path in sorted((RECORDED / folder).iterdir())]
SEEDS = [*SAMPLES.items(), *((kind, path.read_bytes()) for kind, path in FILES)]
PIECES = (
    b"<", b"<a>", b"<a", b"</a>", b"<!--", b"<Salt><![CDATA[", b"<a><b/>", b"{", b"[", b'{"a":', b"\xff", b"\0",
    b"\xc0\x0c", b"\x30\x80", b"\x30\x02", b"\r\n", b"a: b\r\n", b"=", b"&#x41;", b'"', b"\\", b"RTSP/1.0 200 ",
)  # fmt: skip
STARTS = (
    b"",
    b"<ProbeMatch>",
    b"HTTP/1.1 200 OK\r\n",
    b"\2",
    b'{"params":{"deviceInfo":',
    b"\0" * 2 + b"\x84" + b"\0" * 9,
)


def check(kind: str, raw: bytes) -> None:
    """Fields are texts that can be written, few, and no larger than what was heard allows."""
    fields = kinds.read(kind, raw)
    assert len(fields) <= 700
    for name, value in fields.items():
        values = (value,) if isinstance(value, str) else value
        assert all(isinstance(item, str) for item in values)
        assert name
        assert len(values) <= 256
        assert all(len(item) <= 4096 or name in kinds.BULKY for item in values)
    assert len(json.dumps(dict(fields), ensure_ascii=False).encode("utf-8")) < 4_000_000


def test_each_kind_with_raw_bytes_has_a_reader() -> None:
    design = {
        "http.response", "http.favicon", "rtsp.response", "tls.certificate", "wsd.probe_match",
        "onvif.device_information", "onvif.pre_auth", "isapi.device_info", "dahua_cgi.system_info", "sadp.reply",
        "dhip.reply", "dahua_legacy.reply", "xm.reply", "tvt.reply", "reolink.reply", "ubnt.reply", "ipro.reply",
        "ssdp.reply", "upnp.description", "mdns.service", "banner",
    }  # fmt: skip
    assert design <= kinds.known()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=600))
def test_any_bytes_are_read(kind: str, raw: bytes) -> None:
    check(kind, raw)
    assert kinds.redact(kind, kinds.redact(kind, raw)) == kinds.redact(kind, raw)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_damaged_answers_are_read(data: st.DataObject) -> None:
    kind, raw = data.draw(st.sampled_from(SEEDS))
    at = data.draw(st.integers(0, len(raw)))
    until = data.draw(st.integers(at, len(raw)))
    put = data.draw(st.binary(max_size=8) | st.sampled_from(PIECES))
    damaged = raw[:at] + put + raw[until:]
    check(kind, damaged)
    made = observe(kind, "2026-11-23T10:00:00.000Z", {}, raw=damaged)
    assert from_line(to_line(made)).fields == made.fields


@pytest.mark.parametrize("kind", KINDS)
def test_every_piece_repeated_to_64_kib_is_read(kind: str) -> None:
    for start in (*STARTS, SAMPLES.get(kind, b"")):
        for piece in PIECES:
            raw = start + piece * (65536 // len(piece))
            check(kind, raw)
            assert len(kinds.redact(kind, raw)) <= len(raw)


@pytest.mark.parametrize("kind", REDACTED)
def test_secrets_do_not_reach_an_observation(kind: str) -> None:
    secret = b"hunter2"
    raws = {
        "sadp.reply": b"<ProbeMatch><Salt>hunter2</Salt></ProbeMatch>",
        "tdp.reply": b'{"result":{"owner":"hunter2"}}',
        "snmp.system": b"\x30\x0c\x02\1\1\x04\x07hunter2",
        "tvt.reply": b"MHED" + bytes(80) + secret + bytes(100),
        "vstarcam.reply": b"DH\1\x08" + bytes(250) + secret,
    }
    assert secret in raws[kind]
    assert secret not in to_line(observe(kind, "2026-11-23T10:00:00.000Z", {}, raw=raws[kind])).encode()


def test_redactors_are_all_named_here() -> None:
    changed = {kind for kind in KINDS if kinds._tables().redactors.get(kind)}
    assert changed == set(REDACTED)
