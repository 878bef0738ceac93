"""The quick way of reading a line takes only what the careful way would take, and takes it alike."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.evidence import line as line_module
from netaudit.evidence.careful_line import read_carefully
from netaudit.evidence.line import from_line
from netaudit.evidence.log import read_observations
from netaudit.evidence.observation import Observation, digest, observe, to_line

AT = "2026-11-23T10:00:00.000Z"
PAGE = b'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<title>\xc3\xa9 "\\</title>'
SADP = b"<ProbeMatch><DeviceSN>A1</DeviceSN><Salt>s3cret</Salt></ProbeMatch>"
TARGETS = st.dictionaries(
    st.text(max_size=5),
    st.one_of(st.integers(-(2**70), 2**70), st.text(max_size=8), st.booleans(), st.floats(), st.none()),
    max_size=4,
)


def web(raw: bytes = PAGE, **target: object) -> Observation:
    return observe("http.response", AT, {"ip": "192.0.2.7", "port": 80, **target}, via={"probe": "x", "é": 1}, raw=raw)


def documented_order(observation: Observation) -> bytes:
    """A line as other programs write it: the keys in another order, with blanks and escapes."""
    data = json.loads(to_line(observation))
    return json.dumps({key: data[key] for key in sorted(data, reverse=True)}).encode()


@pytest.mark.parametrize("raw", [PAGE, b"\xff\xfe\x00", b""])
def test_our_own_lines_and_those_in_another_order_are_taken_quickly(raw: bytes) -> None:
    made = web(raw)
    for line in (to_line(made).encode(), to_line(made).encode() + b" \r\n", documented_order(made)):
        assert line_module.quickly(line) == made
        assert read_carefully(line, "here") == made


@given(TARGETS, st.binary(max_size=80), st.sampled_from(["http.response", "sadp.reply", "banner", "dhip.reply"]))
def test_both_ways_read_alike_whatever_a_line_holds(target: dict[str, Any], raw: bytes, kind: str) -> None:
    made = observe(kind, AT, target, raw=raw)
    data = json.loads(to_line(made))
    nameless = {key: value for key, value in data.items() if key != "id"}
    for line in (to_line(made).encode(), json.dumps(data).encode(), json.dumps(nameless).encode()):
        quick = line_module.quickly(line)
        assert quick is None or repr(quick) == repr(read_carefully(line, "here"))
        assert from_line(line).id == made.id


@given(st.data())
def test_no_byte_can_be_changed_unnoticed(data: st.DataObject) -> None:
    made = web()
    line = bytearray(to_line(made).encode())
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    try:
        assert from_line(bytes(line)) == made  # spelled otherwise, or without a name: the same is said
    except DataError:
        return


@pytest.mark.parametrize("order", [lambda made: to_line(made).encode(), documented_order])
def test_a_changed_line_is_refused_in_both_orders(order: Any, tmp_path: Path) -> None:
    path = tmp_path / "observations.jsonl"
    path.write_bytes(order(web()) + b"\n" + order(web()).replace(b"192.0.2.7", b"192.0.2.8") + b"\n")
    with pytest.raises(DataError, match=r"observations\.jsonl:2: the id does not fit"):
        list(read_observations(path))


def test_what_stands_before_the_id_is_checked_as_well() -> None:
    line = to_line(web()).encode()
    with pytest.raises(DataError, match="the id does not fit"):
        from_line(b'{"x":1,' + line[1:])


def test_secrets_of_others_are_cut_and_the_id_is_made_anew() -> None:
    theirs = {"v": 1, "kind": "sadp.reply", "at": AT, "target": {}, "origin": "probe", "via": {}, "raw": SADP.decode()}
    theirs["id"] = digest(theirs)
    kept = from_line(json.dumps(theirs).encode())
    assert kept.raw == SADP.replace(b"s3cret", b"")
    assert kept == observe("sadp.reply", AT, {}, raw=SADP)


def test_fields_beside_raw_bytes_are_not_believed() -> None:
    line = {"v": 1, "kind": "http.response", "at": AT, "raw": "HTTP/1.1 200 OK\r\n\r\n", "fields": {"title": "forged"}}
    assert from_line(json.dumps(line).encode()).fields == {"status": "200"}


def test_a_decimal_fraction_is_read_the_careful_way() -> None:
    made = observe("link.mac", AT, {"signal": 1e16}, fields={"mac": "44:19:b6:00:00:01"})
    assert line_module.quickly(to_line(made).encode()) is None
    assert from_line(to_line(made).encode()) == made
