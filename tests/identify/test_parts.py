"""A log that is too large for the memory gives the devices of one that is not, to the byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.accuracy.labelled import load
from benchmarks.fleet import fleet
from netaudit.evidence.observation import Observation, observe
from netaudit.identify.corrections import STATEMENT
from netaudit.identify.engine import identified
from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import Knowledge, load_knowledge
from netaudit.identify.sighting import Sighting
from netaudit.identify.spill import _SHARED, Spill
from tests.identify.support import AT, small

MACS = ("58:50:ed:00:00:01", "58:50:ed:00:00:02", "3c:ef:8c:00:00:03", "02:00:00:00:00:04", "junk")
SERIALS = ("DS-2CD2385G1-I20190715AAWRD12345678", "1F006E4PAX00075", "000000", "ABC123456")
HOURS = st.integers(0, 23).map("2026-11-23T{:02}:00:00.000Z".format)
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.0.3", "fe80::1", "", "gate")


SITES = st.fixed_dictionaries(
    {},
    optional={
        "site": st.sampled_from(["HQ", "Depot"]), "subject": st.sampled_from(["one", "two"]),
        "mac": st.sampled_from(MACS),
    },
)  # fmt: skip
FIELDS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "link.mac": {"mac": st.sampled_from(MACS)},
    "onvif.device_information": {"SerialNumber": st.sampled_from(SERIALS)},
    "rtsp.response": {"realm": st.sampled_from(["Login to 1F006E4PAX00075", "x"])},
    "wsd.probe_match": {"endpoint": st.just("urn:uuid:aa85c000-6324-11b3-819e-4419b6000000")},
    "recorder.channel": {
        "channel": st.sampled_from(["1", "2"]), "ip": st.sampled_from(ADDRESSES), "mac": st.sampled_from(MACS),
    },
    STATEMENT: {
        "maker": st.just("axis"), "by": st.just("A. Person"), "of_mac": st.sampled_from(["", *MACS]),
        "of_serial": st.sampled_from(["", *SERIALS]),
    },
}  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> Observation:
    """One observation among few addresses, keys, sites, subjects and channels, so that they meet in every way."""
    kind = draw(st.sampled_from(sorted(FIELDS)))
    fields = {name: text for name, values in FIELDS[kind].items() if (text := draw(values))}
    target = {"ip": draw(st.sampled_from(ADDRESSES)), **draw(SITES)}
    subject = target.pop("subject", None)
    origin = "typed" if kind == STATEMENT else "probe"
    return observe(kind, draw(HOURS), target, origin=origin, fields=fields, subject=subject)


def told(observations: list[Observation], knowledge: Knowledge, held: int) -> list[str]:
    return [json.dumps(device.to_dict()) for device in identified(observations, knowledge, held)]


@settings(max_examples=150, deadline=None)
@given(st.lists(lines(), min_size=2, max_size=14), st.integers(1, 6))
def test_devices_in_parts_are_the_devices_of_the_whole(observations: list[Observation], held: int) -> None:
    assert told(observations, small(), held) == told(observations, small(), len(observations))


def test_the_labelled_set_and_a_fleet_in_two_rounds_in_parts() -> None:
    knowledge = load_knowledge()
    observations = [item for device in load() for item in device.observations]
    observations += fleet(60, alike=False, rounds=2)
    assert told(observations, knowledge, 100) == told(observations, knowledge, len(observations))


def test_a_device_more_costs_its_place_in_the_order_and_not_what_was_heard() -> None:
    many, few = _peak(4000), _peak(1000)
    assert many - few < 3000 * 300


_ALONE = """
import sys, tracemalloc
from netaudit.identify import parts, spill
from netaudit.identify.engine import identified
from tests.identify.support import heard, small

parts._TOGETHER, spill._RECENT = 2, 64


def log():
    for number in range(int(sys.argv[1])):
        fields = {"realm": f"Login to {number:015X}", "server": "x" * 400 + str(number)}
        yield heard("rtsp.response", fields, f"10.0.{number >> 8}.{number & 255}")


for _ in identified(log(), small(), 100):
    pass
tracemalloc.start()
for _ in identified(log(), small(), 100):
    pass
print(tracemalloc.get_traced_memory()[1])
"""


def _peak(count: int) -> int:
    """Bytes that a log of as many devices takes at most, in a process of its own and with all caches warm."""
    command = [sys.executable, "-c", _ALONE, str(count)]
    return int(subprocess.check_output(command, cwd=Path(__file__).parents[2]))


def test_hits_that_come_again_are_written_as_numbers_and_those_of_one_unit_whole() -> None:
    common, own = Hit("a", {"maker": "axis"}, "strong", "seen", "http"), Hit("b", {}, "nothing", "once", "mac")
    with Spill() as file:
        block = file.write([sighting(common, own), sighting(common), sighting(common)])
        one, two, three = file.read(block)
        assert one.hits[1].saw == "once"
        assert two.hits == three.hits == (common,)
        assert one.hits[0].says == {"maker": "axis"}
        for number in range(_SHARED + 5):
            again = Hit(f"{number}", {}, "nothing", "x", "mac")
            file._code(again)
            file._code(again)
        assert len(file._shared) == _SHARED


def sighting(*hits: Hit) -> Sighting:
    return Sighting("i", AT, "link.mac", None, "", "10.0.0.1", "", (), (), (), hits, ())


def test_the_file_is_where_tmpdir_says_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Spill() as file:
        assert not file.is_open
        file.write([sighting()])
        assert os.fstat(file.open().fileno()).st_dev == tmp_path.stat().st_dev
        assert list(tmp_path.iterdir()) == []
