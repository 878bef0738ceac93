"""Whatever a network sends: no exception, the same answer for the same lines, and sane numbers."""

import json
import random
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.engine import identify
from netaudit.identify.explain import explain
from tests.identify.support import heard, mac, small

KINDS = ["http.response", "sadp.reply", "dhip.reply", "wsd.probe_match", "link.mac", "tcp.ports", "recorder.channel",
         "switch.port", "onvif.device_information", "never.heard"]  # fmt: skip
NAMES = ["mac", "MAC", "DeviceSN", "realm", "title", "header.server", "scope.name", "endpoint", "open", "ip", "channel",
         "Vendor", "DeviceType", "DeviceDescription", "SerialNumber", "types", "method"]  # fmt: skip
SEEDS = ["58:50:ed:1f:e3:85", "Login to 1F006E4PAX00075", "client.notifyDevInfo", "Dahua", "AXIS M2036-LE", "10.0.0.1",
         "DS-2CD2385G1-I20190715AAWRD12345678", "urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385", "80"]  # fmt: skip
TEXT = st.one_of(st.sampled_from(SEEDS), st.text(max_size=40))
VALUE = st.one_of(TEXT, st.lists(TEXT, max_size=3).map(tuple))
TARGET = st.fixed_dictionaries(
    {}, optional={"ip": TEXT, "mac": st.one_of(TEXT, st.integers()), "port": st.one_of(st.integers(), TEXT),
                  "transport": st.just("tcp"), "site": TEXT, "host": st.one_of(TEXT, st.none())},
)  # fmt: skip
AT = st.one_of(
    st.sampled_from(["2026-11-23T09:00:00Z", "2026-11-24T09:00:00.000Z", "2026-11-23"]), st.text(max_size=12)
)
LINES = st.lists(
    st.builds(
        lambda kind, at, target, fields, subject: observe(kind, at or "x", target, fields=fields, subject=subject),
        st.sampled_from(KINDS), AT, TARGET,
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), VALUE, max_size=5),
        st.one_of(st.none(), st.sampled_from(["a", "b"])),
    ),
    max_size=10,
)  # fmt: skip


def written(lines: list[Observation]) -> str:
    return "\n".join(json.dumps(device.to_dict()) for device in identify(lines, small()))


@settings(max_examples=150, deadline=None)
@given(LINES, st.randoms(use_true_random=False))
def test_any_lines_give_the_same_devices_in_any_order(lines: list[Observation], shuffler: random.Random) -> None:
    first = written(lines)
    again = list(lines) + lines[:2]
    shuffler.shuffle(again)
    assert written(again) == first


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_every_line_ends_in_exactly_one_device_and_every_device_can_be_explained(lines: list[Observation]) -> None:
    devices = identify(lines, small())
    placed = [line for device in devices for line in device.observations]
    assert sorted(placed) == sorted({line.id for line in lines})
    assert len({device.device for device in devices}) == len(devices)
    for device in devices:
        assert device.maker.value is None or device.maker.value in small().makers
        assert device.brand.value is None or device.brand.value in small().brands
        assert 0 <= device.maker.confidence <= 0.999
        assert explain(device, lines, small())


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import json\n"
        "from tests.identify.support import heard, mac, small\n"
        "from netaudit.identify.engine import identify\n"
        "ip = lambda i: f'10.0.0.{i % 5}'\n"
        "lines = [mac(f'58:50:ed:00:00:{i:02x}', ip(i), f'2026-11-2{i % 3}T00:00:00Z') for i in range(40)]\n"
        "lines += [heard('rtsp.response', {'realm': f'Login to 1F006E4PAX000{i:02d}'}, ip(i)) for i in range(20)]\n"
        "print(json.dumps([d.to_dict() for d in identify(lines, small())]))\n"
    )
    root = Path(__file__).parents[2]
    outputs = {
        subprocess.run([sys.executable, "-c", script], env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
                       cwd=root, capture_output=True, check=True).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) > 5


def test_device_ids_stay_when_more_is_heard() -> None:
    early = identify([mac("58:50:ed:1f:e3:85", "10.0.0.1")], small())
    later = identify(
        [mac("58:50:ed:1f:e3:85", "10.0.0.7"), heard("http.response", {"title": "x"}, "10.0.0.7")], small()
    )
    assert [d.device for d in early] == [d.device for d in later]
