"""Where a device's own word leads: to its own description only; and greetings, to which nothing is said."""

import pytest

from netaudit.evidence.observation import Observation, observe
from netaudit.net.exchange import Dialogue, Reply
from netaudit.probes import tcp_banner, upnp_description
from netaudit.probes.base import HostView

AT = "2026-11-23T05:00:00.000Z"
IP = "192.0.2.7"


def told(location: str, ip: str = IP) -> Observation:
    raw = f"HTTP/1.1 200 OK\r\nLOCATION: {location}\r\nST: upnp:rootdevice\r\n\r\n".encode()
    return observe("ssdp.reply", AT, {"ip": ip}, raw=raw)


def asked(*seen: Observation, ip: str = IP) -> list[tuple[int, str]]:
    view = HostView(ip, frozenset({80}), seen)
    return [(request.port, getattr(request, "label", "")) for request in upnp_description.PROBE.requests(view)]


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("http://192.0.2.7:49152/rootdesc1.xml", (49152, "/rootdesc1.xml")),
        ("http://192.0.2.7/upnpdevicedesc.xml", (80, "/upnpdevicedesc.xml")),
        ("http://192.0.2.7:39985/rootDesc.xml?x=1", (39985, "/rootDesc.xml")),
        ("http://192.0.2.8:80/desc.xml", None),
        ("http://camera.example/desc.xml", None),
        ("http://192.0.2.7@192.0.2.8/desc.xml", None),
        ("http://127.0.0.1/desc.xml", None),
        ("https://192.0.2.7/desc.xml", None),
        ("file:///etc/passwd", None),
        ("http://192.0.2.7:9100/desc.xml", None),
        ("http://192.0.2.7:554/desc.xml", None),
        ("http://192.0.2.7:22/desc.xml", None),
        ("http://192.0.2.7/cgi-bin/reboot", None),
        ("http://192.0.2.7:99999/desc.xml", None),
        ("http://[::1/desc.xml", None),
        ("", None),
    ],
)
def test_a_location_is_followed_to_the_very_address_that_gave_it(location: str, place: tuple[int, str] | None) -> None:
    assert asked(told(location)) == ([place] if place else [])


def test_an_ipv6_location_may_be_written_in_another_way() -> None:
    seen = told("http://[2001:0db8::0007]:49152/d.xml", "2001:db8::7")
    assert asked(seen, ip="2001:db8::7") == [(49152, "/d.xml")]


def test_each_description_is_asked_for_once_and_at_most_two() -> None:
    many = [told(f"http://{IP}:{49152 + number}/d.xml") for number in range(9)]
    assert len(asked(*many, *many)) == upnp_description.MAX_REQUESTS
    known = observe("upnp.description", AT, {"ip": IP, "port": 49152, "path": "/d.xml"}, raw=b"<device/>")
    assert asked(known, many[0]) == []


def test_a_description_is_kept_as_one_and_anything_else_as_an_http_answer() -> None:
    (request,) = upnp_description.PROBE.requests(HostView(IP, frozenset(), (told(f"http://{IP}/d.xml"),)))
    body = b"<root><device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType></device></root>"
    for status, kind in (("200 OK", "upnp.description"), ("404 Not Found", "http.response")):
        raw = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        (heard,) = upnp_description.PROBE.read(request, Reply(IP, 80, (raw,), AT))
        assert (heard.kind, heard.target["path"]) == (kind, "/d.xml")
    assert not upnp_description.PROBE.read(request, Reply(IP, 80, (b"SSH-2.0-x",), AT))
    assert not upnp_description.PROBE.follow(request, Reply(IP, 80, (raw,), AT))


def test_greetings_are_awaited_in_silence_and_ssh_only_of_likely_cameras() -> None:
    server = HostView(IP, frozenset({21, 22, 23, 80}))
    camera = HostView(IP, frozenset({22, 554}))
    assert [request.port for request in tcp_banner.PROBE.requests(server)] == [21, 23]
    (request,) = tcp_banner.PROBE.requests(camera)
    assert isinstance(request, Dialogue)
    assert (request.port, request.messages, request.framing) == (22, (), "banner")
    (heard,) = tcp_banner.PROBE.read(request, Reply(IP, 22, (b"SSH-2.0-dropbear\r\n",), AT))
    assert (heard.kind, heard.target["port"]) == ("banner", 22)
    assert not tcp_banner.PROBE.read(request, Reply(IP, 22, (), AT))
    assert not tcp_banner.PROBE.follow(request, Reply(IP, 22, (b"login: ",), AT))
