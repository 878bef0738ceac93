"""Every signature, one by one: schema, ids, examples, counter-examples, no theft, and patterns that cannot explode."""

import datetime
import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from netaudit.identify.device import DEVICE_TYPES
from tests.contracts.signature_files import (
    SLOT,
    Row,
    claimed_maker,
    ids,
    needs,
    platform_makers,
    signatures,
    table,
)

ROWS = signatures()
STRENGTHS = {"proof", "strong", "moderate", "weak", "nothing"}
EVIDENCE = {"checked", "seen", "not re-checked", "registry"}
FREE = {"brand_text", "model", "model_text", "firmware", "serial", "soc"}
KEYS = {
    "id", "field", "pattern", "says", "strength", "evidence", "sources", "checked", "examples", "counter_examples",
    "needs", "overlaps", "note",
}  # fmt: skip
KINDS = {
    "http.response", "http.favicon", "rtsp.response", "tls.certificate", "wsd.probe_match", "onvif.device_information",
    "onvif.pre_auth", "onvif.scopes", "isapi.device_info", "dahua_cgi.system_info", "sadp.reply", "dhip.reply",
    "dahua_legacy.reply", "xm.reply", "tvt.reply", "reolink.reply", "ubnt.reply", "ipro.reply", "hanwha.reply",
    "bosch.reply", "sony.reply", "vivotek.reply", "foscam.reply", "vstarcam.reply", "tdp.reply", "mndp.reply",
    "hid.reply", "lantronix.reply", "microchip.reply",
    "ssdp.reply", "upnp.description", "mdns.service", "snmp.system", "banner", "tcp.ports", "udp.ports",
    "lldp.announcement", "cdp.announcement", "sadp.frame",
    "dhcp.lease", "recorder.channel", "switch.port", "table.asset", "nmap.service",
}  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_CLAIMS = ("platform", "maker", "brand", "brand_text")


def allowed(question: str) -> set[str]:
    return {
        "platform": set(platform_makers()),
        "maker": ids("makers.toml", "maker"),
        "brand": ids("brands.toml", "brand"),
        "type": set(DEVICE_TYPES) - {"unknown"},
    }[question]


@pytest.fixture(params=ROWS, ids=[row.where for row in ROWS])
def row(request: pytest.FixtureRequest) -> Row:
    found: Row = request.param
    return found


def test_schema_and_word_lists(row: Row) -> None:
    data = row.data
    assert set(data) <= KEYS
    assert row.kind in KINDS
    assert _ID.fullmatch(data["id"])
    assert data["strength"] in STRENGTHS
    assert data["evidence"] in EVIDENCE
    assert isinstance(data["checked"], datetime.date)
    assert data["sources"]
    assert all(source.strip() for source in data["sources"])
    for question, value in data["says"].items():
        assert question in FREE or SLOT.search(value) or value in allowed(question), (question, value)
    groups = re.compile(data["pattern"]).groupindex
    assert {slot for value in data["says"].values() for slot in SLOT.findall(value)} == set(groups)


def test_every_example_matches_and_fills_what_the_signature_says(row: Row) -> None:
    pattern = re.compile(row.data["pattern"])
    assert row.data["examples"]
    assert len(row.data["examples"]) == len(set(row.data["examples"])) <= 20
    filled: set[str] = set()
    for example in row.data["examples"]:
        match = pattern.search(example)
        assert match, example
        filled |= {name for name, value in match.groupdict().items() if value}
    assert filled == set(pattern.groupindex)


def test_no_counter_example_matches(row: Row) -> None:
    pattern = re.compile(row.data["pattern"])
    counters = row.data.get("counter_examples", [])
    for counter in counters:
        assert not pattern.search(counter), counter
    if row.data["strength"] != "nothing" and any(claim in row.data["says"] for claim in _CLAIMS):
        assert counters, "a claim about a maker or label needs something that it is not"


def test_worthless_clues_name_no_maker(row: Row) -> None:
    if row.data["strength"] == "nothing":
        assert set(row.data["says"]) <= {"platform"}
        assert claimed_maker(row.data["says"]) == ""
    else:
        assert row.data["says"]


def test_proof_is_left_to_protocols_that_answer_for_themselves(row: Row) -> None:
    if row.data["strength"] == "proof":
        assert row.kind.endswith(".reply"), "a text that anybody can set proves nothing alone"


def test_the_pattern_is_anchored_or_holds_a_long_literal(row: Row) -> None:
    pattern = row.data["pattern"]
    literal = max(re.findall(r"[A-Za-z0-9_/ .<>=\"-]+", re.sub(r"\\(.)", r"\1", pattern)), key=len, default="")
    assert (
        pattern.startswith(("^", "(?:^", "(?i)^", "(?m)^", "(?im)^")) or pattern.endswith("$") or len(literal) >= 4
    ), pattern


def test_the_pattern_cannot_explode(row: Row) -> None:
    for pattern in (row.data["pattern"], *(need["pattern"] for need in needs(row.data))):
        assert_bounded(pattern)


def assert_bounded(pattern: str) -> None:
    """No repeat inside an unbounded repeat, no two unbounded repeats in a row that can eat the same letters."""
    tree = re._parser.parse(pattern)  # type: ignore[attr-defined, unused-ignore]
    _walk(tree, pattern, inside=False)


def _walk(tree: Any, pattern: str, *, inside: bool) -> None:
    parser = re._parser  # type: ignore[attr-defined, unused-ignore]
    unbounded = [kind is parser.MAX_REPEAT and value[1] > 1000 for kind, value in tree if kind is not parser.AT]
    assert not any(left and right for left, right in pairwise(unbounded)), f"{pattern}: two open repeats in a row"
    for kind, value in tree:
        if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            low, high, body = value
            open_end = high > 1000
            assert not (inside and high > 1), f"{pattern}: a repeat inside an open repeat"
            assert low <= high
            _walk(body, pattern, inside=inside or open_end)
        elif kind is parser.SUBPATTERN:
            _walk(value[-1], pattern, inside=inside)
        elif kind is parser.BRANCH:
            for branch in value[1]:
                _walk(branch, pattern, inside=inside)
        elif kind in (parser.ASSERT, parser.ASSERT_NOT):
            _walk(value[1], pattern, inside=inside)


def test_patterns_survive_long_hostile_values() -> None:
    # No clock: a pattern that explodes would hang here, and the run's own time limit would name this test.
    hostile = ["a" * 4096, "-" * 4096, "0" * 4096, " " * 4096, "A1." * 1500, "<" * 4096, "aA0-_. " * 600]
    for row in ROWS:
        pattern = re.compile(row.data["pattern"])
        for text in hostile:
            pattern.search(text)


def test_ids_are_unique() -> None:
    seen = [row.data["id"] for row in ROWS]
    assert len(seen) == len(set(seen))


def test_no_example_is_stolen_by_a_signature_of_another_maker_or_label() -> None:
    fields: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in ROWS:
        fields[(row.kind, row.data["field"])].append(row)
    thefts = [
        f"{row.where}: {example!r} is also matched by {other.data['id']}"
        for rows in fields.values()
        for row in rows
        for other in rows
        if _contradict(row.data, other.data)
        for example in row.data["examples"]
        if re.search(other.data["pattern"], example)
    ]
    assert thefts == []


def _contradict(mine: dict[str, Any], other: dict[str, Any]) -> bool:
    if other["strength"] == "nothing" or mine["strength"] == "nothing":
        return False
    declared = other["id"] in mine.get("overlaps", []) or mine["id"] in other.get("overlaps", [])
    makers = {claimed_maker(mine["says"]), claimed_maker(other["says"])} - {""}
    brands = {mine["says"].get("brand", ""), other["says"].get("brand", "")} - {""}
    types = {mine["says"].get("type", ""), other["says"].get("type", "")} - {""}
    return not declared and (len(makers) > 1 or len(brands) > 1 or len(types) > 1)


def test_declared_overlaps_exist() -> None:
    known = {row.data["id"] for row in ROWS}
    for row in ROWS:
        assert set(row.data.get("overlaps", [])) <= known, row.where


def test_enough_signatures_for_enough_camera_makers() -> None:
    cameras = {platform["maker"] for platform in table("platforms.toml", "platform") if platform["kind"] == "firmware"}
    named = {claimed_maker(row.data["says"]) for row in ROWS if row.data["strength"] in {"proof", "strong", "moderate"}}
    assert len(ROWS) >= 2500
    assert len(named & cameras) >= 70


def test_every_kind_has_a_layer() -> None:
    with_layer = {row["kind"] for row in table("layers.toml", "layer") if not row.get("field")}
    assert {row.kind for row in ROWS} <= with_layer
