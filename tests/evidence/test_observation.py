"""The observation format: what is written can be read, what was changed is noticed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.evidence.line import from_line
from netaudit.evidence.observation import Observation, canonical, observe, to_line

AT = "2026-11-23T10:00:00.000Z"


def sample(**changes: object) -> Observation:
    settings = {"raw": None, "fields": {"mac": "44:19:b6:00:00:01"}} | changes
    return observe("link.mac", AT, {"ip": "192.0.2.7"}, **settings)  # type: ignore[arg-type]


def test_written_line_reads_back_the_same() -> None:
    assert from_line(to_line(sample())) == sample()


@given(st.binary(max_size=300))
def test_any_raw_bytes_survive_the_round_trip(raw: bytes) -> None:
    made = observe("some.reply", AT, {}, raw=raw)
    assert from_line(to_line(made)).raw == raw


def test_a_changed_line_is_refused_with_file_and_line() -> None:
    changed = to_line(sample()).replace("192.0.2.7", "192.0.2.8")
    with pytest.raises(DataError, match=r"log\.jsonl:3: the id does not fit"):
        from_line(changed, "log.jsonl:3")


def test_the_id_is_the_hash_of_the_canonical_rest() -> None:
    import hashlib

    data = json.loads(to_line(sample()))
    given_id = data.pop("id")
    assert given_id == hashlib.sha256(canonical(data)).hexdigest()


def test_a_line_without_id_gets_one() -> None:
    data = json.loads(to_line(sample()))
    del data["id"]
    assert from_line(json.dumps(data)).id == sample().id


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"v": 2, "kind": "x", "at": "y"}', "has version 2"),
        ('{"v": 1, "at": "y"}', "has no kind"),
        ('{"v": 1, "kind": "x", "at": "y", "target": 3}', "target is int"),
        ('{"v": 1, "kind": "x", "at": "y", "raw_b64": "%%"}', "raw_b64 is not base64"),
        ('{"v": 1, "kind": "x", "at": "y", "fields": {"a": 1}}', "field 'a' is int"),
    ],
)
def test_malformed_lines_say_what_is_wrong(line: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        from_line(line, str(Path("f:1")))


@given(st.binary(max_size=200))
def test_any_bytes_give_an_observation_or_a_data_error(line: bytes) -> None:
    try:
        from_line(line)
    except DataError:
        return
