"""HTTP, RTSP, TLS and ONVIF before login: request bytes, what is followed, what an answer becomes."""

import pytest

from netaudit import __version__
from netaudit.evidence import kinds
from netaudit.evidence.observation import Observation, observe
from netaudit.net.exchange import Dialogue, Reply
from netaudit.probes import http_front, http_identity, onvif_pre_auth, rtsp, tls_cert
from netaudit.probes.base import Heard, HostProbe, HostView
from tests.probes.soap_server import RECORDED

AT = "2026-11-23T05:00:00.000Z"
IP = "192.0.2.7"
ICON = b"\x00\x00\x01\x00" + b"icon" * 8


def view(*ports: int, seen: tuple[Observation, ...] = ()) -> HostView:
    return HostView(IP, frozenset(ports), seen)


def seen(kind: str, raw: bytes, **target: object) -> Observation:
    return observe(kind, AT, {"ip": IP, **target}, raw=raw)


def wsd(*urls: str) -> Observation:
    body = f"<ProbeMatch><Types>dn:NetworkVideoTransmitter</Types><XAddrs>{' '.join(urls)}</XAddrs></ProbeMatch>"
    return seen("wsd.probe_match", f"<Envelope>{body}</Envelope>".encode())


def dialogues(probe: HostProbe, host: HostView) -> list[Dialogue]:
    return [request for request in probe.requests(host) if isinstance(request, Dialogue)]


def answered(request: Dialogue, *messages: bytes, certificate: bytes | None = None, truncated: bool = False) -> Reply:
    return Reply(IP, request.port, messages, AT, certificate=certificate, truncated=truncated)


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    head = "".join(f"{header}\r\n" for header in (*headers, f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def front(port: int = 80) -> Dialogue:
    (request,) = dialogues(http_front.PROBE, view(port))
    return request


# --- the front page ---------------------------------------------------------------------------------------------------


def test_the_first_request_is_plain_and_honest() -> None:
    assert front().messages == (
        f"GET / HTTP/1.1\r\nHost: {IP}\r\nUser-Agent: netaudit/{__version__}\r\nAccept: */*\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n".encode(),
    )
    assert b"\r\nHost: 192.0.2.7:8080\r\n" in front(8080).messages[0]


def test_web_ports_are_asked_and_other_ports_never() -> None:
    requests = dialogues(http_front.PROBE, view(80, 81, 88, 8080, 443, 8443, 554, 8554, 8000, 9000, 34567, 37777))
    assert [(request.port, request.tls) for request in requests] == [
        (80, False), (81, False), (88, False), (443, True), (8080, False), (8443, True),
    ]  # fmt: skip


def test_port_8000_is_asked_only_where_the_device_calls_it_http() -> None:
    assert not dialogues(http_front.PROBE, view(8000))
    named = view(8000, 9000, 9100, seen=(wsd("http://10.0.0.1:8000/onvif", "http://x:9000/", "http://x:9100/"),))
    assert [request.port for request in dialogues(http_front.PROBE, named)] == [8000]


def test_the_page_and_the_certificate_of_one_connection_are_both_kept() -> None:
    request = front(443)
    page = http("401 Unauthorized", b"", 'WWW-Authenticate: Digest realm="IP Camera(C2183)", nonce="x"')
    certificate, response = http_front.PROBE.read(request, answered(request, page, certificate=b"\x30\x00"))
    assert (certificate.kind, certificate.raw) == ("tls.certificate", b"\x30\x00")
    assert response.target == {"port": 443, "transport": "tcp", "path": "/", "scheme": "https"}
    assert kinds.read(response.kind, response.raw or b"")["realm"] == "IP Camera(C2183)"
    assert not http_front.PROBE.follow(request, answered(request, page))


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (http("302 Found", b"", "Location: /index.asp"), "/index.asp"),
        (http("301 Moved", b"", "LOCATION:http://192.0.2.7/doc/index.html#/portal"), "/doc/index.html"),
        (http("200 OK", b'<META HTTP-EQUIV=refresh CONTENT="0; URL=doc/page/login.asp?_7">'), "/doc/page/login.asp"),
        (
            http("200 OK", b'<script>window.location.href = "/doc/page/login.asp?_" + now</script>'),
            "/doc/page/login.asp",
        ),
        (http("302 Found", b"", "Location: http://evil.example/"), "/favicon.ico"),
        (http("302 Found", b"", "Location: https://192.0.2.7/"), "/favicon.ico"),
        (http("302 Found", b"", "Location: //evil.example/x"), "/favicon.ico"),
        (http("302 Found", b"", "Location: /cgi-bin/magicBox.cgi?action=reboot"), "/favicon.ico"),
        (http("302 Found", b"", "Location: /a\x0bb"), "/favicon.ico"),
        (http("302 Found", b"", "Location: /"), "/favicon.ico"),
        (http("200 OK", b'<link href="img/cam.png?v=2" rel="icon">'), "/img/cam.png"),
        (http("200 OK", b'<link rel="shortcut icon" href="http://evil.example/a.ico">'), "/favicon.ico"),
        (http("200 OK", b"<title>WEB SERVICE</title>"), "/favicon.ico"),
    ],
)
def test_what_is_followed_from_the_first_page(answer: bytes, path: str) -> None:
    (further,) = http_front.PROBE.follow(front(), answered(front(), answer))
    assert (further.label, further.port, further.tls) == (path, 80, False)


def test_one_redirect_then_the_icon_then_the_end() -> None:
    redirect = http("302 Found", b"", "Location: /index.asp")
    (second,) = http_front.PROBE.follow(front(), answered(front(), redirect))
    (third,) = http_front.PROBE.follow(second, answered(second, http("302 Found", b"", "Location: /other.asp")))
    assert third.label == "/favicon.ico"
    assert not http_front.PROBE.follow(third, answered(third, http("200 OK", ICON)))


def test_an_icon_counts_only_when_it_is_a_whole_image() -> None:
    (icon,) = http_front.PROBE.follow(front(), answered(front(), http("200 OK", b"<title>x</title>")))
    (found,) = http_front.PROBE.read(icon, answered(icon, http("200 OK", ICON)))
    assert (found.kind, found.raw, found.target["path"]) == ("http.favicon", ICON, "/favicon.ico")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(ICON), ICON)
    assert http_front.PROBE.read(icon, answered(icon, chunked))[0].raw == ICON
    for poor in (http("404 Not Found", ICON), http("200 OK", b"<html>"), http("200 OK", ICON)[:-3], b"", b"\xff"):
        assert not http_front.PROBE.read(icon, answered(icon, poor))
    assert not http_front.PROBE.read(icon, answered(icon, http("200 OK", ICON), truncated=True))


def test_what_is_not_http_is_a_banner_and_is_not_followed() -> None:
    (heard,) = http_front.PROBE.read(front(), answered(front(), b"SSH-2.0-dropbear\r\n"))
    assert heard.kind == "banner"
    assert not http_front.PROBE.follow(front(), answered(front(), b"SSH-2.0-dropbear\r\n"))


# --- vendor paths -----------------------------------------------------------------------------------------------------


def paths(host: HostView) -> list[str]:
    return [request.label for request in dialogues(http_identity.PROBE, host)]


def test_a_host_without_a_hint_is_not_asked() -> None:
    assert paths(view(80, 443)) == []
    assert paths(view(80, seen=(seen("http.response", http("200 OK", b"<title>HP LaserJet</title>")),))) == []


def test_a_family_is_asked_its_own_paths() -> None:
    assert paths(view(80, seen=(seen("sadp.reply", b"<ProbeMatch/>"),))) == [
        "/ISAPI/System/deviceInfo", "/upnpdevicedesc.xml",
    ]  # fmt: skip
    assert paths(view(80, 37777)) == ["/cgi-bin/magicBox.cgi?action=getDeviceType"]
    axis = seen("http.response", http("401 No", b"", 'WWW-Authenticate: Digest realm="AXIS_ACCC8E000015", nonce=x'))
    (request,) = dialogues(http_identity.PROBE, view(80, seen=(axis,)))
    head, _, body = request.messages[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /axis-cgi/basicdeviceinfo.cgi HTTP/1.1\r\n")
    assert body == b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}'


def test_an_unknown_camera_is_asked_until_something_answers_or_wants_a_login() -> None:
    (request,) = dialogues(http_identity.PROBE, view(80, 554))
    asked = [request]
    while further := http_identity.PROBE.follow(asked[-1], answered(asked[-1], http("404 Not Found"))):
        asked.extend(further)
    assert [one.label.removeprefix("unknown family: ") for one in asked] == [
        "/ISAPI/System/deviceInfo", "/cgi-bin/magicBox.cgi?action=getDeviceType", "/LAPI/V1.0/System/DeviceBasicInfo",
    ]  # fmt: skip
    for end in (http("401 Unauthorized"), http("200 OK", b"<DeviceInfo><model>x</model></DeviceInfo>")):
        assert not http_identity.PROBE.follow(request, answered(request, end))


def test_open_data_and_refusals_are_told_apart() -> None:
    (request,) = dialogues(http_identity.PROBE, view(80, 554))
    (data,) = http_identity.PROBE.read(
        request, answered(request, http("200 OK", b"<DeviceInfo><model>DS-1</model></DeviceInfo>"))
    )
    assert data.kind == "isapi.device_info"
    assert kinds.read(data.kind, data.raw or b"")["model"] == "DS-1"
    refusal = http("401 Unauthorized", b"", 'WWW-Authenticate: Digest realm="IP Camera(C2183)", nonce="x"')
    (heard,) = http_identity.PROBE.read(request, answered(request, refusal))
    assert (heard.kind, heard.target["path"]) == ("http.response", "/ISAPI/System/deviceInfo")


def test_the_tls_port_is_used_where_the_plain_one_only_redirects() -> None:
    moved = seen("http.response", http("301 Moved", b"", "Location: https://192.0.2.7/"), port=80)
    (request,) = dialogues(http_identity.PROBE, view(80, 443, 554, seen=(moved,)))
    assert (request.port, request.tls) == (443, True)


# --- RTSP and TLS -----------------------------------------------------------------------------------------------------


def test_rtsp_asks_options_then_describe_of_the_root_on_one_connection() -> None:
    (plain,) = dialogues(rtsp.PROBE, view(80, 88, 554))
    agent = f"User-Agent: netaudit/{__version__}\r\n\r\n"
    assert plain.messages == (
        f"OPTIONS rtsp://192.0.2.7:554/ RTSP/1.0\r\nCSeq: 1\r\n{agent}".encode(),
        f"DESCRIBE rtsp://192.0.2.7:554/ RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n{agent}".encode(),
    )
    assert [(one.port, one.tls) for one in dialogues(rtsp.PROBE, view(322, 8554))] == [(322, True), (8554, False)]


def test_rtsp_keeps_both_answers_and_the_realm_of_the_second() -> None:
    (request,) = dialogues(rtsp.PROBE, view(554))
    answers = [(RECORDED / f"rtsp_gst_digest_{name}.txt").read_bytes() for name in ("options", "describe")]
    (heard,) = rtsp.PROBE.read(request, answered(request, *answers))
    assert heard.raw == b"".join(answers)
    fields = kinds.read(heard.kind, heard.raw)
    assert fields["realm"] == "IP Camera(C6496)"
    assert str(fields["public"]).startswith("OPTIONS, DESCRIBE")
    assert not rtsp.PROBE.follow(request, answered(request, *answers))


def test_rtsp_names_what_is_no_rtsp_a_banner() -> None:
    (request,) = dialogues(rtsp.PROBE, view(554))
    assert [item.kind for item in rtsp.PROBE.read(request, answered(request, b"HTTP/1.0 400 x\r\n\r\n"))] == ["banner"]
    assert not rtsp.PROBE.read(request, answered(request))


def test_bare_tls_ports_are_shaken_hands_with_and_web_ports_are_not() -> None:
    (request,) = dialogues(tls_cert.PROBE, view(443, 8443, 322, 8883))
    assert (request.port, request.tls, request.messages) == (8883, True, ())
    (heard,) = tls_cert.PROBE.read(request, answered(request, certificate=b"\x30\x00"))
    assert heard.kind == "tls.certificate"


# --- ONVIF before login -----------------------------------------------------------------------------------------------


def test_the_soap_is_the_one_of_the_captures() -> None:
    (request,) = dialogues(onvif_pre_auth.PROBE, view(80, 554))
    head, _, body = request.messages[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /onvif/device_service HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: 222\r\n" in head
    assert body == (
        b'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        b'<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"></GetSystemDateAndTime></s:Body></s:Envelope>'
    )


def test_the_xaddr_decides_port_and_path_but_never_the_host() -> None:
    host = view(80, 8899, seen=(wsd("http://10.9.9.9:8899/onvif/service", "http://192.0.2.7:9100/onvif"),))
    (request,) = dialogues(onvif_pre_auth.PROBE, host)
    assert request.port == 8899
    assert request.messages[0].startswith(b"POST /onvif/service HTTP/1.1\r\nHost: 192.0.2.7:8899\r\n")


def test_hosts_that_do_not_look_like_cameras_are_not_asked() -> None:
    assert not dialogues(onvif_pre_auth.PROBE, view(80, 443))
    windows = seen("wsd.probe_match", (RECORDED / "wsd_windows_like_computer.xml").read_bytes())
    assert not dialogues(onvif_pre_auth.PROBE, view(80, seen=(windows,)))


def recorded(device: str, operation: str, how: str = "open") -> bytes:
    return (RECORDED / f"{device}_{operation}_{how}.http").read_bytes()


def test_an_open_device_is_asked_everything_once_until_it_wants_a_login() -> None:
    (request,) = dialogues(onvif_pre_auth.PROBE, view(80, 554))
    labels: list[str] = []
    found: list[Heard] = []
    while True:
        reply = answered(request, recorded("onvif_simple_server", request.label))
        labels.append(request.label)
        found += onvif_pre_auth.PROBE.read(request, reply)
        further = onvif_pre_auth.PROBE.follow(request, reply)
        if not further:
            break
        (request,) = further
    assert labels == ["GetSystemDateAndTime", "GetServices", "GetDeviceInformation"]
    assert [heard.target["operation"] for heard in found] == labels
    assert {heard.kind for heard in found} == {"onvif.pre_auth"}
    assert kinds.read("onvif.pre_auth", found[0].raw or b"")["utc"] == "2026-11-23T04:01:22Z"
    assert kinds.read("onvif.pre_auth", found[2].raw or b"")["operation"] == "Fault"


def test_a_401_is_an_answer_and_the_end() -> None:
    (request,) = dialogues(onvif_pre_auth.PROBE, view(80, 554))
    reply = answered(request, recorded("ipycam", "GetSystemDateAndTime"))
    assert [heard.kind for heard in onvif_pre_auth.PROBE.read(request, reply)] == ["onvif.pre_auth", "http.response"]
    assert not onvif_pre_auth.PROBE.follow(request, reply)
    contradictory = http("401 Unauthorized", b"<Envelope><GetSystemDateAndTimeResponse/></Envelope>")
    assert not onvif_pre_auth.PROBE.follow(request, answered(request, contradictory))


def test_device_information_that_is_open_is_kept_as_such() -> None:
    (request,) = dialogues(onvif_pre_auth.PROBE, view(80, 554))
    for operation in ("GetServices", "GetDeviceInformation"):
        body = f"<Envelope><{request.label}Response/></Envelope>".encode()
        (request,) = onvif_pre_auth.PROBE.follow(request, answered(request, http("200 OK", body)))
        assert request.label == operation
    reply = answered(request, recorded("ipycam", "GetDeviceInformation", "login"))
    (heard,) = onvif_pre_auth.PROBE.read(request, reply)
    assert heard.kind == "onvif.device_information"
    assert kinds.read(heard.kind, heard.raw or b"")["Model"] == "DS-2CD2042WD-I"


def test_no_page_can_make_a_pattern_run_long() -> None:
    for bait in (b"<meta ", b"<link ", b"location", b"<meta http-equiv=refresh ", b"<link rel=icon ", b"url="):
        page = http("200 OK", bait * (60_000 // len(bait)))
        assert len(http_front.PROBE.follow(front(), answered(front(), page))) == 1
