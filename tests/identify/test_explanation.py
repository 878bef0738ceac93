"""The explanation: complete from verdict to bytes, harmless on a terminal, and clear about what is missing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.engine import identify
from netaudit.identify.explain import explain
from netaudit.identify.raw_view import hex_dump, raw_lines, visible
from tests.identify.support import AT, IP, heard, mac, one, small


def test_every_reason_leads_to_its_observation_and_its_bytes() -> None:
    raw = b"b3\x00\x01\xff\xfe" * 6
    line = Observation("sadp.reply", AT, {"ip": IP, "port": 37020}, "probe", {"probe": "sadp"}, raw,
                       {"DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678"}, None, "f" * 64)  # fmt: skip
    text = explain(one([line]), [line], small())
    assert "maker     Hangzhou Hikvision Digital Technology Co., Ltd. (confirmed, confidence 0.998)" in text
    assert "SADP answer says platform hikvision" in text
    assert "in observation ffffffffffffffff: sadp.reply of 192.0.2.7:37020, probe by sadp" in text
    assert "0000  62 33 00 01 ff fe" in text


def test_contradictions_and_worthless_clues_are_shown() -> None:
    lines = [mac("58:50:ed:1f:e3:85"), heard("rtsp.response", {"realm": "Login to 1F006E4PAX00075"}),
             heard("http.response", {"header.server": "Webs"})]  # fmt: skip
    text = explain(one(lines), lines)
    assert "RTSP server says Dahua, MAC says Hikvision" in text
    assert 'worth nothing:\n  - web server: "Webs"' in text
    assert "open the unit or read its type plate" in text


def test_what_would_settle_it_depends_on_what_is_missing() -> None:
    routed = [heard("http.response", {"header.server": "nginx"})]
    private = [mac("02:00:00:00:00:01")]
    unregistered = [mac("00:00:5e:00:53:01")]
    label = [heard("wsd.probe_match", {"scope.name": "Alibi", "types": "x"})]
    assert "no MAC came" in explain(one(routed), routed)
    assert "locally administered" in explain(one(private), private)
    assert "in no registry" in explain(one(unregistered), unregistered)
    assert "Alibi is known to be built by Hikvision (all, high confidence); Uniview" in explain(
        one(label), label, small()
    )


def test_a_confirmed_camera_has_nothing_to_settle() -> None:
    line = heard(
        "sadp.reply", {"DeviceSN": "DS-2CD2385G1-I20190715AAWRD12345678", "DeviceDescription": "DS-2CD2385G1-I"}
    )
    assert "What would settle it" not in explain(one([line]), [line])


def test_hostile_text_cannot_move_a_cursor() -> None:
    evil = "\x1b]0;owned\x07\u202etxt.exe\r\n\x9b31m"
    line = observe(
        "http.response", AT, {"ip": IP, "host": evil, "site": evil}, fields={"title": evil, "header.server": "Webs"}
    )
    text = explain(one([line]), [line])
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\x1b]0;owned" in text


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_shown_in_printable_lines(raw: bytes) -> None:
    assert all(line.isprintable() for line in [*raw_lines(raw), *hex_dump(raw)])
    recovered = bytes.fromhex("".join(line[6:53] for line in hex_dump(raw)))
    assert recovered == raw


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_shown_in_one_printable_line(text: str) -> None:
    assert visible(text).isprintable()


def test_explaining_without_the_lines_says_so() -> None:
    device = one([mac("58:50:ed:1f:e3:85")])
    assert "not among the lines given" in explain(device, [])
    assert identify([], small()) == []
