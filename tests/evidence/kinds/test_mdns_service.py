"""Multicast DNS messages of two responders."""

from pathlib import Path

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.dns import Record, build_query, read_message
from netaudit.evidence.fields import Fields, first

RECORDED = Path(__file__).parents[2] / "recorded" / "mdns"


def recorded(name: str) -> Fields:
    return kinds.read("mdns.service", (RECORDED / f"{name}.bin").read_bytes())


def test_the_answers_own_spelling_of_a_type_is_kept() -> None:
    fields = recorded("bonjour_cgi_axis_rtsp")
    assert fields["type"] == ("_CGI._tcp", "_axis-video._tcp", "_rtsp._tcp")
    assert fields["instance"] == ("Canon VB-H45", "AXIS M1065-L - ACCC8E000015", "AXIS M1065-L")
    assert fields["port"] == ("80", "80", "554")


def test_services_are_in_parallel_order() -> None:
    fields = recorded("avahi_axis_four_services")
    assert dict(zip(fields["type"], fields["port"], strict=True))["_rtsp._tcp"] == "554"
    assert fields["txt.macaddress"] == "ACCC8E000002"
    assert "path=axis-media/media.amp" in fields["txt"]
    assert "10.77.0.12" in fields["address"]


def test_one_service_gives_plain_texts() -> None:
    fields = recorded("avahi_printer")
    assert (fields["type"], fields["instance"], fields["txt.ty"]) == ("_ipp._tcp", "HP LaserJet Lobby", "HP LaserJet")


@pytest.mark.parametrize(("name", "type_"), [("types_avahi", "_axis-video._tcp"), ("types_bonjour", "_cgi._tcp")])
def test_answers_to_the_question_for_all_types(name: str, type_: str) -> None:
    assert type_ in recorded(name)["service_types"]
    assert "type" not in recorded(name)


def message(*records: tuple[str, int, bytes]) -> bytes:
    """Write a response without compression: (name, type number, data)."""
    head = bytes([0, 0, 0x84, 0, 0, 0, 0, len(records), 0, 0, 0, 0])
    body = b"".join(
        _name(name) + kind.to_bytes(2, "big") + b"\0\1\0\0\0\x78" + len(data).to_bytes(2, "big") + data
        for name, kind, data in records
    )
    return head + body


def _name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def test_keys_without_a_value_and_of_any_case() -> None:
    data = b"\x05MAC=1\x04flag\x00\x03=no\x04x=\xff\xfe"
    fields = kinds.read("mdns.service", message(("a._arec._tcp.local", 16, data)))
    assert (fields["txt.mac"], fields["txt.flag"], fields["txt.x"]) == ("1", "", "ÿþ")
    assert fields["txt"] == ("MAC=1", "flag", "=no", "x=ÿþ")
    assert (fields["type"], fields["instance"], fields["host"]) == ("_arec._tcp", "a", "")


def test_a_query_says_nothing_about_a_device() -> None:
    assert read_message(build_query([("_axis-video._tcp.local", "PTR")], unicast=True)) == []


def test_a_query_has_id_zero_and_the_unicast_bit() -> None:
    asked = build_query([("_CGI._tcp.local", "PTR")], unicast=True)
    assert asked == bytes(4) + b"\0\1" + bytes(6) + b"\4_CGI\4_tcp\5local\0" + b"\0\x0c\x80\1"
    assert build_query([("_CGI._tcp.local.", "PTR")], unicast=False)[-2:] == b"\0\1"


def test_records() -> None:
    raw = message(
        ("x._http._tcp.local", 33, b"\0\0\0\0\0\x50" + _name("cam.local")),
        ("cam.local", 1, bytes([192, 0, 2, 7])),
        ("cam.local", 28, bytes(15) + b"\1"),
    )
    assert read_message(raw) == [
        Record("x._http._tcp.local", "SRV", "cam.local", 80),
        Record("cam.local", "A", "192.0.2.7"),
        Record("cam.local", "AAAA", "::1"),
    ]
    assert first(kinds.read("mdns.service", raw[:-3]), "host") == "cam.local"
