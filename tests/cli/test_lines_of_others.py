"""`netaudit identify` over lines that somebody else wrote from the description of the format alone."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netaudit.cli import main

AT = "2026-11-20T10:00:00Z"
FIELDS: dict[str, dict[str, Any]] = {
    "link.mac": {"mac": "44:19:b6:01:02:03"},
    "http.response": {"status": "200", "header.server": "App-webs/"},
    "http.favicon": {"mmh3": "999357577", "path": "/favicon.ico"},
    "rtsp.response": {"status": "401", "realm": "Login to 1F006E4PAX00075"},
    "tls.certificate": {"issuer_o": "Axis Communications AB", "subject_cn": "axis-accc8e012345"},
    "wsd.probe_match": {"types": "dn:NetworkVideoTransmitter", "scope.hardware": "DS-2CD2042WD-I"},
    "onvif.device_information": {"Manufacturer": "HIKVISION", "Model": "DS-2CD2143G0-I"},
    "isapi.device_info": {"deviceType": "IPCamera", "model": "DS-2CD2385G1-I", "macAddress": "44:19:b6:aa:bb:cc"},
    "dahua_cgi.system_info": {"deviceType": "IPC-HDW2431T", "serialNumber": "4C0123APAG12346"},
    "sadp.reply": {"DeviceDescription": "DS-2CD2143G0-I", "MAC": "44-19-b6-01-02-0a"},
    "dhip.reply": {"mac": "3c:ef:8c:01:02:03", "DeviceType": "IPC-HDW2431T", "Vendor": "General"},
    "dahua_legacy.reply": {"sdk_port": "37777", "SerialNo": "1F006E4PAX00077"},
    "xm.reply": {"TCPPort": "34567", "SN": "d7a1b2c3d4e5f607"},
    "tvt.reply": {"product": "TD-9421S3", "mac": "00:18:ae:01:02:03"},
    "reolink.reply": {"name": "Front", "mac": "ec:71:db:01:02:03"},
    "ubnt.reply": {"model": "UVC-G3", "mac": "24:a4:3c:01:02:03"},
    "ipro.reply": {"model": "WV-S1131"},
    "upnp.description": {"manufacturer": "HIKVISION", "modelName": "DS-2CD2143G0-I"},
    "mdns.service": {"type": "_axis-video._tcp.local.", "instance": "AXIS P3245-V - ACCC8E012346"},
    "snmp.system": {"sysDescr": "AXIS P3245-V", "sysObjectID": "1.3.6.1.4.1.368.1.1"},
    "banner": {"text": "220 AXIS M1065-L Network Camera 8.40 (2018) ready.", "service": "ftp"},
    "dhcp.lease": {"mac": "44:19:b6:01:02:38", "ip": "192.0.2.7"},
    "recorder.channel": {"channel": "1", "ip": "10.0.0.9", "manufacturer": "HIKVISION", "model": "DS-2CD2143G0-I"},
}
"""Kinds whose few fields name the maker, given alone."""


def line(kind: str, **more: Any) -> str:
    return json.dumps({"v": 1, "kind": kind, "at": AT, "target": {"ip": "192.0.2.7"}, **more})


def identified(text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stream)
    assert main(["identify", "--format", "jsonl", "-"]) == 0
    return [json.loads(row) for row in capsys.readouterr().out.splitlines()]


def test_fields_given_alone_name_the_maker(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line(kind, subject=kind, fields=fields) for kind, fields in FIELDS.items()]
    devices = {device["subject"]: device for device in identified("\n".join(lines), capsys, monkeypatch)}
    assert [kind for kind in FIELDS if not devices[kind]["maker"]["name"]] == []
    assert devices["sadp.reply"]["maker"]["value"] == "hikvision"
    assert devices["dahua_legacy.reply"]["maker"]["value"] == "dahua"


@pytest.mark.parametrize(("mark", "end"), [("", "\n\n"), ("\ufeff", "\r\n")])
def test_line_ends_and_a_byte_order_mark_change_nothing(
    mark: str, end: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line(kind, subject=kind, fields=fields) for kind, fields in FIELDS.items()]
    plain = identified("\n".join(lines), capsys, monkeypatch)
    assert identified(mark + end.join(lines) + end, capsys, monkeypatch) == plain
    assert len(plain) == len(lines)


def test_a_kind_or_key_that_we_do_not_know_is_no_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    [device] = identified(line("future.thing", raw="hello", fields={"x": "y"}, colour=[1]), capsys, monkeypatch)
    assert device["maker"] == {"value": None, "name": None, "confidence": 0.0, "grade": "unknown"}
    assert device["brand"] == {"value": None, "name": None, "confidence": 0.0}


def test_a_port_counts_where_the_line_does_not_say_by_which_transport(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = line("http.response", target={"ip": "192.0.2.7", "port": 80}, fields={"status": "200"})
    asked = line("ssdp.reply", target={"ip": "192.0.2.7", "port": 1900}, fields={"st": "upnp:rootdevice"})
    [device] = identified(f"{heard}\n{asked}\n", capsys, monkeypatch)
    assert device["ports"] == [80]


def test_a_bad_line_on_standard_input_is_counted_as_an_editor_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'\n \n{"v":1}\n')))
    assert main(["identify", "-"]) == 2
    assert "standard input:3: has no kind" in capsys.readouterr().err


def test_numbers_in_a_list_of_texts_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(line("tcp.ports", fields={"open": [80]}), encoding="utf-8")
    assert main(["identify", str(path)]) == 2
    assert (
        f"{path}:1: field 'open' is list with int in it (expected text or a list of texts)" in capsys.readouterr().err
    )
