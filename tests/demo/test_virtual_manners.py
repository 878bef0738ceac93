"""The difficult ones: misbehaving, fragile, silent, switched off, and ports that must never be touched."""

import socket

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import every, first
from tests.demo.clients import INQUIRY, SOON, ask, certificate, probe, raw_get, talk
from tests.demo.conftest import Standing
from tests.demo.test_virtual_streams import DESCRIBE, OPTIONS


def _read_some(address: str, port: int, wanted: int, path: str = "/") -> bytes:
    with socket.create_connection((address, port), SOON) as conversation:
        conversation.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        heard = b""
        while len(heard) < wanted and (data := conversation.recv(65536)):
            heard += data
        return heard


def test_it_redirects_to_a_host_that_is_not_its_own(shared: Standing) -> None:
    fields = kinds.read("http.response", raw_get(shared.at(1, 31), shared.port(80)))
    assert first(fields, "header.location") == "http://192.0.2.77/elsewhere"


def test_its_bodies_have_no_end(shared: Standing) -> None:
    assert len(_read_some(shared.at(1, 31), shared.port(80), 1 << 20, "/favicon.ico")) >= 1 << 20
    assert _read_some(shared.at(1, 31), 8081, 1 << 17).count(b"\r\nX-") > 500


def test_it_drips(shared: Standing) -> None:
    with socket.create_connection((shared.at(1, 40), shared.port(80)), SOON) as conversation:
        conversation.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [len(conversation.recv(4096)) for _ in range(3)] == [1, 1, 1]


def test_its_names_are_hostile_and_stay_data(shared: Standing) -> None:
    ((data, _),) = ask(shared.at(1, 31), 37020, INQUIRY % b"inquiry")
    assert b"<script>alert(1)</script>\x1b[31m\x07" in data
    assert first(kinds.read("sadp.reply", data), "DeviceDescription").startswith("=HYPERLINK(")
    ((data, _),) = ask(shared.at(1, 31), 3702, probe())
    assert "file:///etc/passwd" in every(kinds.read("wsd.probe_match", data), "xaddrs")


def test_one_contradicts_itself(shared: Standing) -> None:
    address = shared.at(1, 30)
    rtsp = kinds.read("rtsp.response", talk(address, shared.port(554), (OPTIONS, DESCRIBE)))
    scopes = kinds.read("wsd.probe_match", ask(address, 3702, probe())[0][0])
    subject = kinds.read("tls.certificate", certificate(address, shared.port(443))[0])
    assert first(rtsp, "realm").startswith("Login to ")
    assert first(scopes, "scope.name").startswith("HIKVISION")
    assert first(subject, "subject_o") == "Axis Communications AB"


@pytest.mark.parametrize(
    "poison", [b"GET / HTTP/1.0\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 64, b"hello\r\n\r\n"]
)
def test_the_fragile_one_dies_of_bad_input(own: Standing, poison: bytes) -> None:
    address, port = own.at(1, 32), own.port(554)
    talk(address, port, (poison,))
    assert not own.building.alive(address)
    assert own.harm(address) == ["not RTSP on an RTSP port"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, port), SOON)


def test_the_fragile_one_lives_on_good_input(fresh: Standing) -> None:
    address, port = fresh.at(1, 32), fresh.port(554)
    for _ in range(3):
        socket.create_connection((address, port), SOON).close()
        assert b"401 Unauthorized" in talk(address, port, (OPTIONS, DESCRIBE))
    assert fresh.building.alive(address)
    assert not fresh.harm(address)


def test_other_rtsp_servers_survive_http(fresh: Standing) -> None:
    heard = talk(fresh.at(1, 3), fresh.port(554), (b"GET / HTTP/1.0\r\n\r\n",))
    assert heard == b"RTSP/1.0 400 Bad Request\r\n\r\n"
    assert fresh.building.alive(fresh.at(1, 3))


def test_the_silent_one_accepts_and_says_nothing(shared: Standing) -> None:
    with socket.create_connection((shared.at(1, 33), shared.port(80)), SOON) as conversation:
        conversation.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        conversation.settimeout(0.2)
        with pytest.raises(TimeoutError):
            conversation.recv(1)


def test_the_one_that_is_off_is_off(shared: Standing) -> None:
    for port in (80, 554, 8000, 8080, 8554):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((shared.at(1, 34), port), SOON)


def test_a_touched_tripwire_is_harm(fresh: Standing) -> None:
    address = fresh.at(1, 26)
    assert not fresh.harm(address)
    # The end of the stream shows that the other side has taken the connection.
    talk(address, 9100, ())
    assert fresh.harm(address) == ["a port that must never be touched"]


def test_banners_and_mute_ports(shared: Standing) -> None:
    if shared.port(22):
        assert talk(shared.at(1, 38), 22, ()) == b"SSH-2.0-dropbear\r\n"
    assert talk(shared.at(1, 3), 8000, (b"hello",)) == b""
