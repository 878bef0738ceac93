"""The piece of an answer that is shown: around what matched, as text or as hex, and never the whole."""

from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation
from netaudit.report.excerpt import HEX_BYTES, TEXT_AFTER, TEXT_BEFORE, excerpt


def _heard(raw: bytes | None, **fields: str) -> Observation:
    return Observation("banner", "2026-11-20T08:00:00.000Z", {}, "probe", {}, raw, fields)


def test_the_match_is_marked_and_its_surroundings_kept() -> None:
    shown = excerpt(_heard(b'401\r\nrealm="Login to 4E01"\r\nend\r\n'), "Login to 4E01")
    assert (shown.before, shown.hit, shown.after) == ('401\r\nrealm="', "Login to 4E01", '"\r\nend')
    assert not shown.binary
    assert shown.size == 33


def test_a_long_answer_is_cut_on_both_sides() -> None:
    shown = excerpt(_heard(b"x" * 5000 + b"HIT" + b"y" * 5000), "HIT")
    assert (shown.before, shown.hit, shown.after) == ("x" * TEXT_BEFORE, "HIT", "y" * TEXT_AFTER)
    assert shown.front == shown.back == "…"


def test_a_cut_inside_a_character_is_still_text() -> None:
    raw = ("é" * 400 + "HIT" + "é" * 400).encode()
    shown = excerpt(_heard(b"." + raw), "HIT")
    assert not shown.binary
    assert set(shown.before) == set(shown.after) == {"é"}


def test_binary_is_shown_as_hex_with_its_offset() -> None:
    shown = excerpt(_heard(bytes(32) + b"DEVICE" + bytes(200)), "DEVICE")
    assert shown.binary
    assert shown.before.splitlines()[1] == "0020  44 45 56 49 43 45 00 00  DEVICE.."
    assert shown.cut_back
    assert shown.front == ""


def test_without_bytes_the_fields_are_shown_the_matching_one_first() -> None:
    shown = excerpt(_heard(None, port="80", title="Camera X"), "Camera X")
    assert shown.before + shown.hit + shown.after == "title: Camera X\nport: 80"
    assert shown.size is None


@given(st.binary(max_size=600), st.text(max_size=20))
def test_any_bytes_give_an_excerpt_of_bounded_length(raw: bytes, saw: str) -> None:
    shown = excerpt(_heard(raw), saw)
    bytes_shown = len((shown.before + shown.hit + shown.after).encode("utf-8"))
    hex_line = len("0000  00 00 00 00 00 00 00 00  ........\n")
    assert bytes_shown <= max(TEXT_BEFORE + 2 * TEXT_AFTER, HEX_BYTES // 8 * hex_line)
