"""A network that wants us to hang, to burst, to go elsewhere or to show its texts: one scan of all of it at once."""

import csv
import subprocess
import sys
import unicodedata
from ipaddress import IPv4Address, ip_network

import pytest

from netaudit.evidence.log import verify_chain
from netaudit.scope.allow_list import BROADCAST, shipped_list
from tests.hostile.building import addresses
from tests.hostile.conftest import LONGEST, Hostile
from tests.hostile.devices.spoofed_sources import EXCLUDED
from tests.lab.capture import contacted, frames
from tests.sweep.namespace import LIVING, OURS

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("hostile")]

MOST_MEMORY = 180
"""MB at the peak. Measured: 115, as on a peaceful network. One bomb that goes off takes 92 more."""
NAMES = sorted(addresses())
_TIMED_OUT = 124
_IGMP = "224.0.0.22"


def test_the_scan_ends_by_itself_and_is_whole(hostile: Hostile) -> None:
    assert hostile.returncode != _TIMED_OUT, f"not ended after {LONGEST} s:\n{hostile.messages[-2000:]}"
    assert hostile.returncode in (0, 1), hostile.messages[-2000:]
    assert "Traceback" not in hostile.messages
    assert "done: " in hostile.messages
    verify_chain(hostile.folder)


def test_memory_stays_flat(hostile: Hostile) -> None:
    assert 30 < hostile.peak < MOST_MEMORY


def test_the_logs_stay_small(hostile: Hostile) -> None:
    """Whatever is sent to us, what is kept of it is bounded."""
    assert sum(path.stat().st_size for path in hostile.folder.iterdir()) < 12_000_000


def test_nothing_outside_the_scope_is_contacted(hostile: Hostile) -> None:
    """Not the third host, not the excluded one, not the forged senders; not even by an error message of our kernel."""
    groups = {group for group, _ in shipped_list().groups} | {BROADCAST, "10.66.0.255", _IGMP}
    inside = ip_network("10.66.0.0/25")
    counts = contacted(hostile.capture, OURS)
    strays = {str(ip): n for ip, n in counts.items() if str(ip) not in groups and ip not in inside}
    assert strays == {}
    assert IPv4Address(EXCLUDED) not in counts
    assert sum(counts.values()) > 500


def test_no_error_message_leaves_us(hostile: Hostile) -> None:
    icmp = [frame for frame in frames(hostile.capture) if frame[12:14] == b"\x08\x00" and frame[23] == 1]
    assert [frame[30:34].hex() for frame in icmp] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_the_list_of_devices(hostile: Hostile, name: str) -> None:
    assert addresses()[name] in hostile.devices


@pytest.mark.parametrize("name", NAMES)
def test_none_breaks_a_probe(hostile: Hostile, name: str) -> None:
    faults = [one for one in hostile.attempts if one["target"] == addresses()[name] and "fault" in one["reason"]]
    assert faults == []


def test_the_honest_camera_among_them_is_named(hostile: Hostile) -> None:
    device = hostile.devices[addresses()["honest_camera"]]
    assert (device["type"]["value"], device["maker"]["value"]) == ("camera", "dahua")
    assert all(ip in hostile.devices for ip in LIVING)


def test_thousands_of_forged_senders_are_one_sentence(hostile: Hostile) -> None:
    told = [line for line in hostile.messages.splitlines() if "outside the written scope" in line]
    assert 1 < len(told) < 12
    assert any("more addresses outside the written scope" in line for line in told)


def test_who_drips_is_left_alone_like_who_is_silent(hostile: Hostile) -> None:
    reasons = {one["reason"] for one in hostile.attempts if one["target"] == addresses()["slow_reader"]}
    assert "left alone after two time-outs in a row" in reasons


def _unsafe(text: str) -> set[str]:
    return {repr(char) for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in "\n\r\t"}


@pytest.mark.parametrize("name", ["report.html", "report.csv"])
def test_reports_show_harmless_text(hostile: Hostile, name: str) -> None:
    text = (hostile.folder / name).read_text(encoding="utf-8")
    assert _unsafe(text) == set()
    if name.endswith(".csv"):
        cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "-") and len(cell) > 1] == []
    else:
        assert "<script>alert" not in text
        assert "EVIL" in text


@pytest.mark.parametrize("words", [("devices",), ("explain",), ("why",), ("plan",)], ids=lambda words: words[0])
def test_the_terminal_shows_harmless_text(hostile: Hostile, words: tuple[str, ...]) -> None:
    assert _unsafe(hostile.messages) == set()
    of_whom = [addresses()["terminal_escapes"]] if words[0] in ("explain", "why") else []
    command = [sys.executable, "-m", "netaudit", *words, *of_whom, "--run", str(hostile.folder)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert _unsafe(done.stdout.decode()) == set()
    assert done.stdout
