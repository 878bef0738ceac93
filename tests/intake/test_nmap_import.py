"""nmap's XML as nmap itself writes it, whole and cut anywhere; what is no answer is none."""

import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.intake.model import Told, Unread
from netaudit.intake.registry import format_named
from tests.intake.support import field, items, source_of

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap">\n'
HOST = """<host endtime="1795424222"><status state="up" reason="arp-response"/>
<address addr="10.20.0.{n}" addrtype="ipv4"/><address addr="44:19:B6:00:00:{n:02X}" addrtype="mac" vendor="Hikvision"/>
<hostnames><hostname name="gate-{n}" type="PTR"/></hostnames><ports>
<port protocol="tcp" portid="554"><state state="open" reason="syn-ack"/>
<service name="rtsp" product="Hikvision 7513 POE IP camera rtspd" devicetype="webcam"/></port>
<port protocol="tcp" portid="80"><state state="open"/>
<script id="http-auth" output="&#xa;Digest qop=auth realm=IP Camera(1234)">
</script><script id="http-title" output="Login"><elem key="title">Login</elem></script></port>
<port protocol="tcp" portid="23"><state state="closed"/></port></ports></host>
"""
WHOLE = HEAD + "".join(HOST.format(n=n) for n in range(1, 9)) + "</nmaprun>\n"


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scan.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_host_gives_mac_name_ports_services_and_pages(tmp_path: Path) -> None:
    name, told, unread = items(file(tmp_path, HEAD + HOST.format(n=7) + "</nmaprun>"))
    assert (name, unread) == ("nmap", [])
    assert [item.kind for item in told] == ["link.mac", "tcp.ports", "nmap.service", "http.response"]
    assert told[0].target == {"ip": "10.20.0.7", "mac": "44:19:b6:00:00:07", "host": "gate-7"}
    assert told[1].fields == {"open": ("554", "80"), "closed": ("23",)}
    assert told[3].fields == {"title": "Login", "realm": "IP Camera(1234)"}
    assert told[0].at == "2026-11-23T08:57:02.000Z"


def test_a_file_cut_anywhere_keeps_every_finished_host(tmp_path: Path) -> None:
    ends = [at for at in range(len(WHOLE)) if WHOLE.startswith("</host>", at)]
    for size in range(len(HEAD), len(WHOLE) - 12, 211):
        source = source_of(file(tmp_path, WHOLE[:size]))
        from netaudit.intake.formats.nmap import FORMAT

        rows = {item.row for item in FORMAT.read(source)}
        assert len(rows) == sum(end + 7 <= size for end in ends)
        assert source.losses == ["the XML breaks off or is damaged"]


def test_an_address_that_nmap_only_assumes_up_is_no_device(tmp_path: Path) -> None:
    silent = '<host><status state="up" reason="user-set"/><address addr="10.20.0.9" addrtype="ipv4"/></host>'
    down = '<host><status state="down"/><address addr="10.20.0.8" addrtype="ipv4"/></host>'
    _, told, unread = items(file(tmp_path, HEAD + silent + down + "</nmaprun>"))
    assert (told, unread) == ([], [])


@pytest.mark.parametrize("encoding", ["UTF-6", "rot13", "punycode", "utf-16", "no such"])
def test_an_encoding_that_nobody_knows_ends_the_reading_and_says_so(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "scan.xml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?><nmaprun><host></host></nmaprun>', encoding="ascii")
    source = source_of(path)
    assert list(format_named("nmap").read(source)) == [Unread(1, "is no XML of nmap")]
    assert source.losses


def test_entities_are_refused_and_other_xml_is_none_of_nmaps(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "b">]><nmaprun>&a;</nmaprun>'
    source = source_of(file(tmp_path, bomb))
    from netaudit.intake.formats.nmap import FORMAT

    assert [item for item in FORMAT.read(source) if isinstance(item, Told)] == []
    assert source.losses == ["the XML is refused: EntitiesForbidden"]
    assert items(file(tmp_path, "<html></html>"), "nmap")[2] == [Unread(1, "is no XML of nmap")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(at=st.integers(0, len(WHOLE)), new=st.text(max_size=20), gone=st.integers(0, 30))
def test_no_damage_breaks_the_reader(tmp_path: Path, at: int, new: str, gone: int) -> None:
    path = tmp_path / "damaged.xml"
    path.write_text(WHOLE[:at] + new + WHOLE[at + gone :], encoding="utf-8", errors="replace")
    for item in items(path, "nmap")[1]:
        assert item.row >= 1


class _Camera(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Digest realm="Login to 1F006E4PAX00075", nonce="1"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Camera)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(shutil.which("nmap") is None, reason="needs nmap")
def test_what_nmap_itself_writes_of_a_server_is_read(tmp_path: Path, port: int) -> None:
    xml = tmp_path / "real.xml"
    line = [
        "nmap",
        "-Pn",
        "-n",
        "-sT",
        "-p",
        str(port),
        "--script",
        "http-auth,http-title",
        "--script-args",
        "http.useragent=x",
    ]
    subprocess.run([*line, "--script-timeout", "20s", "127.0.0.1", "-oX", str(xml)], check=True, capture_output=True)
    _, told, unread = items(xml)
    ports = next(item for item in told if item.kind == "tcp.ports")
    assert (ports.target["ip"], ports.fields, unread) == ("127.0.0.1", {"open": (str(port),)}, [])
    assert field(ports, "none") == ""
