"""A scan of third-party devices on two subnets: all are found, innocents stay innocent, nothing leaves the scope."""

import subprocess
from ipaddress import IPv4Address, ip_network

import pytest

from netaudit.evidence.fields import every, first
from tests.lab.building import PLANTED, Planted
from tests.lab.capture import contacted
from tests.lab.conftest import Scanned, scan
from tests.lab.network import AUDIT, Lab

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]
CAMERAS = [planted for planted in PLANTED if planted.camera]
INNOCENTS = [planted for planted in PLANTED if not planted.camera]
ON_LINK = [planted for planted in PLANTED if not planted.host.routed]
# 224.0.0.22 is the kernel's own IGMP report: it says on the segment which groups were joined.
GROUPS = {
    "224.0.0.22",
    "224.0.0.251",
    "233.89.188.1",
    "234.55.55.55",
    "239.255.255.250",
    "239.255.255.251",
    "255.255.255.255",
    "10.77.0.255",
}


def names(planted: Planted) -> str:
    return planted.host.name


def test_the_scan_ends_well(scanned: Scanned) -> None:
    assert scanned.returncode in (0, 1), scanned.messages
    assert "report.html" in scanned.messages


@pytest.mark.parametrize("planted", PLANTED, ids=names)
def test_every_planted_device_is_found(scanned: Scanned, planted: Planted) -> None:
    assert scanned.device(planted.host.ip)


@pytest.mark.parametrize("planted", ON_LINK, ids=names)
def test_every_mac_on_the_segment_is_seen_with_its_registered_owner(scanned: Scanned, planted: Planted) -> None:
    from netaudit.data import data_folder
    from netaudit.identify.oui import OuiTable

    device = scanned.device(planted.host.ip)
    assert planted.host.mac in device["macs"]
    owner = OuiTable(data_folder("oui_data")).lookup(planted.host.mac)
    assert planted.registry.lower() in owner.organisation.lower()
    assert (owner.state == "locally administered") == (planted.registry == "")


@pytest.mark.parametrize("planted", INNOCENTS, ids=names)
def test_innocents_are_not_called_cameras(scanned: Scanned, planted: Planted) -> None:
    device = scanned.device(planted.host.ip)
    assert device["type"]["value"] not in ("camera", "recorder", "encoder")
    assert device["maker"].get("grade") not in ("confirmed", "probable") or device["type"]["value"] != "camera"


def test_the_router_is_no_camera(scanned: Scanned) -> None:
    assert scanned.device("10.77.0.1")["type"]["value"] not in ("camera", "recorder", "encoder")


@pytest.mark.parametrize(
    ("ip", "maker"),
    [("10.77.0.11", "hikvision"), ("10.77.0.12", "axis"), ("10.77.0.16", "hikvision"), ("10.77.0.19", "dahua")],
)
def test_makers_are_named_where_a_layer_tells(scanned: Scanned, ip: str, maker: str) -> None:
    device = scanned.device(ip)
    assert device["maker"]["value"] == maker
    assert device["maker"]["grade"] in ("probable", "confirmed")


@pytest.mark.parametrize("ip", ["10.77.0.11", "10.77.0.12", "10.77.0.16", "10.77.2.11"])
def test_cameras_that_say_so_are_cameras(scanned: Scanned, ip: str) -> None:
    assert scanned.device(ip)["type"]["value"] == "camera"


def test_not_one_packet_leaves_the_scope(scanned: Scanned) -> None:
    networks = [ip_network("10.77.0.0/24"), ip_network("10.77.2.0/24")]
    counts = contacted(scanned.capture, AUDIT)
    strays = {
        str(address): count
        for address, count in counts.items()
        if str(address) not in GROUPS and not any(address in network for network in networks)
    }
    assert strays == {}
    assert counts[IPv4Address("10.77.2.11")] > 0
    assert sum(counts.values()) > 500


@pytest.fixture(scope="module")
def other(scanned: Scanned, building: Lab, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """The same building, swept by nmap."""
    return scan(building, tmp_path_factory.mktemp("nmap"), "--engine", "nmap")


def test_scapy_and_python_nmap_are_never_loaded_together(scanned: Scanned, other: Scanned) -> None:
    """Their licences cannot be combined in one work: see docs/explanation/licences.md."""
    assert "scapy.layers.l2" in scanned.imported
    assert "nmap" not in scanned.imported
    assert "nmap" in other.imported
    assert not any(name.startswith("scapy") for name in other.imported)


def test_nmap_sweeps_to_the_same_observations(scanned: Scanned, other: Scanned) -> None:
    assert other.returncode in (0, 1), other.messages
    for planted in PLANTED:
        assert other.heard(planted.host.ip), planted.host.name
        if not planted.host.routed:
            assert planted.host.mac in other.device(planted.host.ip)["macs"]
        assert _open(other, planted.host.ip) == _open(scanned, planted.host.ip), planted.host.name
    assert {o.kind for o in other.observations} == {o.kind for o in scanned.observations}


def _open(scanned: Scanned, ip: str) -> set[str]:
    return {port for o in scanned.heard(ip, "tcp.ports") for port in every(o.fields, "open")}


def test_the_canary_is_alive_at_the_end(scanned: Scanned, building: Lab) -> None:
    assert scanned.heard("10.77.0.21", "rtsp.response")
    ask = "import socket; s=socket.create_connection(('10.77.0.21',554),3); "
    ask += "s.sendall(b'OPTIONS rtsp://10.77.0.21/ RTSP/1.0\\r\\nCSeq: 1\\r\\n\\r\\n'); print(s.recv(99))"
    assert "RTSP/1.0" in building.run("audit", ["python3", "-c", ask]).stdout


def test_the_canary_would_have_died_of_a_careless_tool(scanned: Scanned, building: Lab) -> None:
    """Runs last of those that need it: proves that the canary is one."""
    ask = "import socket,time; s=socket.create_connection(('10.77.0.21',554),3); "
    careless = ask + "s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); time.sleep(1)"
    building.run("audit", ["python3", "-c", careless])
    with pytest.raises(subprocess.CalledProcessError):
        building.run("audit", ["python3", "-c", ask])


class TestLessons:
    """What the replies of these programs teach; lessons 6 to 8 are held on their recorded bytes elsewhere."""

    def test_1_a_probe_match_without_its_wrapper_is_heard(self, scanned: Scanned) -> None:
        heard = scanned.heard("10.77.0.11", "wsd.probe_match")
        assert heard
        assert all(b"ProbeMatches>" not in (o.raw or b"") for o in heard)
        assert any("NetworkVideoTransmitter" in " ".join(every(o.fields, "types")) for o in heard)

    def test_2_a_strict_responder_is_found_behind_the_router(self, scanned: Scanned) -> None:
        heard = scanned.heard("10.77.2.11", "wsd.probe_match")
        assert any("name/Dahua" in " ".join(every(o.fields, "scopes")) for o in heard)

    def test_3_doubles_and_late_replies_make_one_device(self, scanned: Scanned) -> None:
        heard = scanned.heard("10.77.0.11", "wsd.probe_match")
        assert len({first(o.fields, "endpoint") for o in heard}) == 1
        assert len([o.raw for o in heard]) == len({o.raw for o in heard})
        assert sum("10.77.0.11" in device["addresses"] for device in scanned.devices) == 1

    def test_4_a_refusal_before_login_still_means_onvif(self, scanned: Scanned) -> None:
        assert any(b"401" in (o.raw or b"") for o in scanned.heard("10.77.0.11"))

    def test_4_the_owners_credential_reads_the_device_information(self, scanned: Scanned) -> None:
        (heard,) = scanned.heard("10.77.0.11", "onvif.device_information")
        assert first(heard.fields, "Model") == "DS-2CD2143G0-I"
        assert first(heard.fields, "SerialNumber").endswith("AAWRE33842150")

    def test_4_no_secret_is_kept(self, scanned: Scanned) -> None:
        for path in scanned.folder.iterdir():
            assert b"owner-gave-it" not in path.read_bytes(), path.name

    def test_5_the_realm_is_read_where_no_server_header_tells(self, scanned: Scanned) -> None:
        (heard,) = scanned.heard("10.77.0.16", "rtsp.response")
        assert "IP Camera(C6496)" in every(heard.fields, "realm")

    def test_5_the_methods_are_read_under_their_other_name(self, scanned: Scanned) -> None:
        (heard,) = scanned.heard("10.77.0.21", "rtsp.response")
        assert "DESCRIBE" in first(heard.fields, "public")

    def test_9_an_old_cameras_certificate_is_read(self, scanned: Scanned) -> None:
        heard = scanned.heard("10.77.0.20", "tls.certificate")
        assert [first(o.fields, "subject_o") for o in heard] == ["HIKVISION"]
