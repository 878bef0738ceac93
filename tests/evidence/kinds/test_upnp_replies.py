"""SSDP and device descriptions."""

from pathlib import Path

import pytest

from netaudit.evidence import kinds

RECORDED = Path(__file__).parents[2] / "recorded"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ssdp_answer", {"st": "upnp:rootdevice", "location": "http://10.77.0.24:49152/upnpdevicedesc.xml"}),
        ("ssdp_notify", {"nt": "upnp:rootdevice", "nts": "ssdp:alive"}),
        ("minidlna_answer", {"server": "Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", "header.ext": ""}),
        ("minidlna_notify", {"usn": "uuid:4d696e69-444c-164e-9d41-ec71db000005", "nts": "ssdp:alive"}),
    ],
)
def test_real_responders(name: str, expected: dict[str, str]) -> None:
    fields = kinds.read("ssdp.reply", (RECORDED / "ssdp" / f"{name}.txt").read_bytes())
    assert {key: fields.get(key) for key in expected} == expected


def test_header_case_and_blanks_do_not_matter() -> None:
    raw = b"HTTP/1.1 200 OK\r\nlocation:http://192.0.2.7/a\r\nServer :  x \r\nuSn: y\r\n\r\n"
    fields = kinds.read("ssdp.reply", raw)
    assert (fields["location"], fields["server"], fields["usn"]) == ("http://192.0.2.7/a", "x", "y")


def test_a_search_is_no_reply() -> None:
    assert kinds.read("ssdp.reply", b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n') == {}


def test_the_xml_answer_of_one_recorder_family() -> None:
    raw = (
        b"<multicastSearchResult><tcpIp><ipAddr>192.0.2.7</ipAddr><macAddr>00:18:ae:00:00:01</macAddr></tcpIp>"
        b"<productInfo><productModel>TD-1</productModel></productInfo></multicastSearchResult>"
    )
    fields = kinds.read("ssdp.reply", raw)
    assert (fields["ipAddr"], fields["productModel"]) == ("192.0.2.7", "TD-1")


def test_a_camera_description() -> None:
    fields = kinds.read("upnp.description", (RECORDED / "upnp" / "bonjour_camera.xml").read_bytes())
    assert fields["manufacturer"] == "HIKVISION"
    assert fields["presentationURL"] == "http://10.77.0.24:80/"


def test_embedded_devices_are_left_out() -> None:
    fields = kinds.read("upnp.description", (RECORDED / "upnp" / "miniupnpd.xml").read_bytes())
    assert fields["manufacturer"] == "TestRouter"
    assert fields["modelName"] == "RTR1"
    assert "serviceType" not in fields
