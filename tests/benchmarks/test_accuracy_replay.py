"""Recorded answers are replayed on loopback as they were heard."""

import socket

from benchmarks.accuracy.labelled import Labelled, Truth
from benchmarks.accuracy.peers.replay import address, replayed, services
from netaudit.evidence.observation import Observation, observe

TRUTH = Truth("u", "", "", None, "", (), (), "recorded", "train", "a thread")
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nhello"


def heard(kind: str, raw: bytes, port: int) -> Observation:
    return observe(kind, "2026-11-23T06:00:00Z", {"port": port}, raw=raw)


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def ask(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        if request:
            connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_each_protocol_answers_its_own_requests() -> None:
    host = address(0)
    web, stream, login = (free_port(host) for _ in range(3))
    rtsp = b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n"
    item = Labelled(
        TRUTH,
        (heard("http.response", PAGE, web), heard("rtsp.response", rtsp, stream), heard("banner", b"login: ", login)),
    )
    with replayed([item]) as served:
        assert list(served) == [host]
        assert ask(host, web, b"GET / HTTP/1.0\r\n\r\n") == PAGE
        assert ask(host, web, b"\r\n\r\n") == b""
        assert ask(host, stream, b"OPTIONS / RTSP/1.0\r\n\r\n") == rtsp
        assert b"\r\nCSeq: 42\r\n" in ask(host, stream, b"OPTIONS / RTSP/1.0\r\nCSeq: 42\r\n\r\n")
        assert ask(host, login, b"") == b"login: "


def test_the_first_answer_of_a_port_is_served() -> None:
    item = Labelled(TRUTH, (heard("http.response", PAGE, 80), heard("http.response", b"HTTP/1.1 404 No\r\n\r\n", 80)))
    assert services(item) == {80: ("http.response", PAGE)}


def test_addresses_stay_on_loopback() -> None:
    assert {address(n).partition(".")[0] for n in (0, 300, 5000)} == {"127"}
