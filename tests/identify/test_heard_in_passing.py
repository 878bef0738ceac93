"""What is heard on a link without a question names its maker: LLDP, CDP, DHCP, SADP without IP."""

from pathlib import Path

import pytest

from netaudit.evidence.frames import heard, link
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.observation import observe
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import load_knowledge
from tests.evidence.frames.build import ethernet
from tests.evidence.frames.test_frames_read import device, sadp_frame

RECORDED = Path(__file__).parents[1] / "recorded" / "frames"


def named(raw: bytes) -> Device:
    frame = link.read(raw)
    assert frame is not None
    lines = [
        observe(found.kind, "2026-11-23T09:00:00Z", found.target(), origin="passive", raw=found.raw)
        for found in heard.read(frame, Fragments())
    ]
    (only,) = identify(lines, load_knowledge())
    return only


@pytest.mark.parametrize(
    ("name", "maker"),
    [("lldpd_lldp", "hikvision"), ("lldpd_cdp", "axis"), ("udhcpc_discover", "axis")],
)
def test_a_recorded_announcement_names_the_maker(name: str, maker: str) -> None:
    found = named((RECORDED / f"{name}.frame").read_bytes())
    assert found.maker.value == maker


def test_layer_2_alone_names_the_platform_the_model_and_the_serial_number() -> None:
    found = named(ethernet(sadp_frame(4, device()), 0x8033))
    assert (found.maker.value, found.serial.value) == ("hikvision", "DS-2CD2032-I20140414CCWR123456789")
    assert found.model.value == "DS-2CD2032-I"
