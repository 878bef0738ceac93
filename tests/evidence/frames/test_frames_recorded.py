"""What third-party programs put on a wire is read for what it is."""

from pathlib import Path

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields
from netaudit.evidence.frames import heard, link
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.heard import Finding

FOLDER = Path(__file__).parents[2] / "recorded" / "frames"
AXIS = "ac:cc:8e:00:00:07"


def one(name: str) -> tuple[Finding, Fields]:
    frame = link.read((FOLDER / f"{name}.frame").read_bytes())
    assert frame is not None
    (found,) = heard.read(frame, Fragments())
    return found, found.fields if found.raw is None else kinds.read(found.kind, found.raw)


def test_a_camera_asks_for_an_address_by_udhcpc() -> None:
    found, fields = one("udhcpc_discover")
    assert (found.kind, found.target()) == ("dhcp.lease", {"mac": AXIS})
    assert fields == {
        "message": "discover", "mac": AXIS, "hostname": "axis-accc8e000007", "client_id": "01accc8e000007",
        "parameter_request_list": "1,3,6,12,15,28,42", "vendor_class": "AXIS,Network Camera,P3343,5.20.3",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["dhclient_request", "dnsmasq_ack"])
def test_an_address_that_is_insisted_on_or_granted_is_the_clients(name: str) -> None:
    found, fields = one(name)
    assert found.target() == {"mac": AXIS, "ip": "10.88.0.67"}
    assert fields["server"] == "10.88.0.2"


def test_an_offer_is_no_address_yet() -> None:
    found, fields = one("dnsmasq_offer")
    assert (fields["message"], found.ip, "ip" in fields) == ("offer", "", False)


def test_arp_of_the_kernel() -> None:
    found, fields = one("arp_request")
    assert (found.kind, found.raw, found.target()) == ("link.mac", None, {"ip": "10.88.0.50", "mac": AXIS})
    assert fields == {"mac": AXIS}


def test_lldp_with_the_inventory_of_a_camera() -> None:
    found, fields = one("lldpd_lldp")
    camera = "44:19:b6:00:00:08"
    assert (found.kind, found.target()) == ("lldp.announcement", {"ip": "10.88.0.50", "mac": camera})
    assert fields == {
        "chassis": camera, "mac": camera, "port": camera, "ttl": "120", "system_name": "ds-2cd2385",
        "system_description": "HIKVISION DS-2CD2385G1-I", "capabilities": "station",
        "management_address": ("10.88.0.50", "fe80::4619:b6ff:fe00:8"), "port_description": "eth0",
        "software": "V5.6.2 build 190701", "serial": "DS-2CD2385G1-I20200414AAWRE33842",
        "manufacturer": "HIKVISION", "model": "DS-2CD2385G1-I", "poe_watts": "7.5",
    }  # fmt: skip


def test_cdp_in_a_snap_frame() -> None:
    found, fields = one("lldpd_cdp")
    assert (found.kind, found.target()) == ("cdp.announcement", {"ip": "10.88.0.50", "mac": AXIS})
    assert fields == {
        "device_id": "vm", "management_address": "10.88.0.50", "port": "eth0", "capabilities": "host",
        "software": "AXIS P3245-LVE Network Camera 10.12.1", "platform": "-u",
    }  # fmt: skip
