"""Whatever a host is, says or sends: only the listed read-only requests ever leave (facts section 27)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence import kinds
from netaudit.evidence.observation import Observation, observe
from netaudit.net.exchange import Datagram, Dialogue, Reply, Request
from netaudit.probes import dhip, http_identity, sadp
from netaudit.probes.base import AskingAgain, HostProbe, HostView, SegmentProbe
from netaudit.scan.catalogue import all_probes
from tests.probes.allow_list import NO_HTTP, assert_allowed, assert_allowed_datagram
from tests.probes.soap_server import RECORDED

AT = "2026-11-23T05:00:00.000Z"
# Every probe there is: a new one fails here until the list names its requests.
SEGMENT, HOST = all_probes().segment, all_probes().host

PORTS = [80, 81, 88, 443, 554, 322, 2020, 5061, 8000, 8080, 8443, 8554, 8883, 8899, 9000, 9100, 502, 34567, 37777]
EVIL_PATHS = [
    *("/RPC2_Login", "/ISAPI/Security/sessionLogin", "/cgi-bin/magicBox.cgi?action=reboot", "/SDK/webLanguage"),
    *("/ISAPI/System/reboot", "/cgi-bin/configManager.cgi?action=setConfig&x=1", "/cgi-bin/reg_admin", "/reboot.htm"),
    *("//evil.example/x", "http://evil.example/", "https://192.0.2.7:22/", "http://192.0.2.7:9100/", "/../etc/passwd"),
    *("/a\r\nX: 1", "/a b", "javascript:alert(1)", "/doc/page/login.asp?_1", "/onvif/device_service", "/%0d%0a", ""),
    *("/cgi-bin%2freboot", "http://192.0.2.7/index.asp", "/" + "a" * 5000, "index.html", "http://[::1", "/é"),
]
RECORDINGS = [path.read_bytes() for path in sorted(RECORDED.iterdir()) if path.is_file()]
paths = st.sampled_from(EVIL_PATHS) | st.text(max_size=30)
host_part = st.sampled_from(
    ["192.0.2.7", "192.0.2.7:80", "192.0.2.7:9100", "192.0.2.7:8899", "evil.example", "[fe80::1]"]
)


@st.composite
def xaddr_answers(draw: st.DrawFn) -> bytes:
    urls = [f"{draw(st.sampled_from(['http', 'https', 'ftp']))}://{draw(host_part)}{draw(paths)}" for _ in range(3)]
    body = f"<ProbeMatch><Types>dn:NetworkVideoTransmitter</Types><XAddrs>{' '.join(urls)}</XAddrs></ProbeMatch>"
    return f"<Envelope>{body}</Envelope>".encode("utf-8", "replace")


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    path = draw(paths)
    status = draw(
        st.sampled_from(["200 OK", "301 Moved", "302 Found", "401 Unauthorized", "404 Not Found", "500 x", "x"])
    )
    page = draw(
        st.sampled_from(
            [
                "",
                f'<meta http-equiv="refresh" content="0; url={path}">',
                f'<script>window.location.href = "{path}"</script>',
                f'<link rel="shortcut icon" href="{path}.ico">',
                "<GetSystemDateAndTimeResponse/><Envelope/>",
                "<GetServicesResponse/><Envelope/>",
            ]
        )
    )
    head = f'HTTP/1.1 {status}\r\nLocation: {path}\r\nWWW-Authenticate: Digest realm="Login to x"\r\n\r\n{page}'
    return head.encode("utf-8", "replace")


wire = xaddr_answers() | pages() | st.binary(max_size=300) | st.sampled_from(RECORDINGS)


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    kind = draw(st.sampled_from(sorted(kinds.known())))
    target = {"ip": "192.0.2.7", "port": draw(st.sampled_from(PORTS))}
    return observe(kind, AT, target, raw=draw(wire))


views = st.builds(
    HostView,
    st.sampled_from(["192.0.2.7", "2001:db8::7", "fe80::1%eth0"]),
    st.frozensets(st.sampled_from(PORTS), max_size=8),
    st.lists(observations(), max_size=4).map(tuple),
)
replies = st.builds(
    Reply,
    source=st.sampled_from(["192.0.2.7", "2001:db8::7", "fe80::1%eth0"]),
    source_port=st.integers(1, 65535),
    messages=st.lists(wire, max_size=2).map(tuple),
    at=st.just(AT),
    certificate=st.none() | st.binary(max_size=40),
    truncated=st.booleans(),
)


@pytest.mark.parametrize("probe", SEGMENT, ids=lambda probe: probe.name)
def test_a_segment_is_asked_by_listed_searches_only(probe: SegmentProbe) -> None:
    asked = [*probe.announce(), *probe.directed()]
    assert asked
    for datagram in asked:
        assert_allowed_datagram(datagram)
        assert len(datagram.payload) <= 1200


@pytest.mark.parametrize("probe", SEGMENT, ids=lambda probe: probe.name)
@given(reply=replies)
def test_no_reply_breaks_a_segment_probe_or_leads_it_astray(probe: SegmentProbe, reply: Reply) -> None:
    for request in [None, *probe.announce()[:1]]:
        for heard in probe.read(request, reply):
            assert heard.raw in reply.messages
    if isinstance(probe, AskingAgain):
        again = probe.again(reply)
        assert len(again) <= 2
        for datagram in again:
            assert datagram.group is None
            assert_allowed_datagram(datagram)


@pytest.mark.parametrize("probe", HOST, ids=lambda probe: probe.name)
@given(view=views, data=st.data())
def test_a_host_is_asked_by_listed_requests_only(probe: HostProbe, view: HostView, data: st.DataObject) -> None:
    waiting: list[Request] = list(probe.requests(view))
    assert len(waiting) <= 10
    # A port that was not swept is asked only where the device itself said that its description lies there.
    named = {80, *(port for port in PORTS if port not in NO_HTTP)} if probe.name == "upnp_description" else set()
    assert all(request.port in view.open_ports | named for request in waiting)
    asked = 0
    while waiting:
        request = waiting.pop(0)
        asked += 1
        assert asked <= 40, "the conversation must end by itself"
        assert_allowed(request)
        reply = data.draw(replies)
        for heard in probe.read(request, reply):
            assert heard.raw is not None
        further: list[Dialogue] = list(probe.follow(request, reply))
        assert len(further) <= 1
        assert all(one.port == request.port for one in further)
        waiting.extend(further)


@given(view=views)
def test_vendor_paths_are_few_and_need_a_hint(view: HostView) -> None:
    asked = http_identity.PROBE.requests(view)
    assert len(asked) <= http_identity.MAX_REQUESTS
    if not view.observations and not view.open_ports & {554, 8554, 322, 34567, 37777}:
        assert not asked


def test_the_list_itself_refuses_what_the_sheet_forbids() -> None:
    sadp_reset = sadp.PROBE.announce()[0].payload.replace(b"inquiry", b"reset")
    configure = dhip.SEARCH.replace(b"DHDiscover.search", b"DHDiscover.setCnf")
    for payload, port in ((sadp_reset, 37020), (configure, 37810), (b"\x02\0\0\0", 10001), (b"\x0b", 161)):
        with pytest.raises(AssertionError):
            assert_allowed_datagram(Datagram(payload, port))
    for message in (b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /SDK/webLanguage HTTP/1.1\r\nHost: x\r\n\r\n"):
        with pytest.raises(AssertionError):
            assert_allowed(Dialogue(80, (message,)))
    with pytest.raises(AssertionError):
        assert_allowed(Dialogue(554, (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",)))
