"""The login: a real SOAP server on loopback, a real conversation, one try."""

import logging
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.observation import observe
from netaudit.net.exchange import Dialogue, Reply
from netaudit.probes import onvif_device, onvif_zeep
from netaudit.probes.base import HostView, LoginProbe, LoginRefusedError
from tests.probes.soap_server import PASSWORD, USERNAME, SoapDevice, serving

AT = "2026-11-23T05:00:00.000Z"
IPYCAM: dict[str, str | bytes] = {
    "GetDeviceInformation": "ipycam_GetDeviceInformation_login.http",
    "GetServices": "ipycam_GetServices_login.http",
    "GetProfiles": "ipycam_GetProfiles_login.http",
}
FIRMWARE_LIKE: dict[str, str | bytes] = {
    "GetSystemDateAndTime": "onvif_simple_server_GetSystemDateAndTime_open.http",
    "GetDeviceInformation": "onvif_simple_server_GetDeviceInformation_login.http",
    "GetNetworkInterfaces": "onvif_simple_server_GetNetworkInterfaces_login.http",
    "GetScopes": "onvif_simple_server_GetScopes_login.http",
    "GetServices": "onvif_simple_server_GetServices_open.http",
    "GetProfiles": "ipycam_GetProfiles_login.http",
}


# As a recorder of two channels answers (onvif/specs: GetVideoSourcesResponse of ver10/media).
SOURCES = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><GetVideoSourcesResponse>'
    + b"".join(
        b'<VideoSources token="VS_%d"><Framerate>25</Framerate><Resolution><Width>%d</Width><Height>1080</Height>'
        b"</Resolution></VideoSources>" % (number, width)
        for number, width in enumerate((1920, 2592))
    )
    + b"</GetVideoSourcesResponse></e:Body></e:Envelope>"
)


def talk(dialogue: Dialogue) -> Reply:
    with socket.create_connection(("127.0.0.1", dialogue.port), timeout=5) as connection:
        connection.sendall(dialogue.messages[0])
        heard = b""
        while chunk := connection.recv(65536):
            heard += chunk
    return Reply("127.0.0.1", dialogue.port, (heard,), AT)


def view(port: int) -> HostView:
    raw = (
        b"<Envelope><Body><ProbeMatch><XAddrs>http://127.0.0.1:%d/onvif/device_service</XAddrs></ProbeMatch></Body>"
        b"</Envelope>" % port
    )
    return HostView("127.0.0.1", frozenset({port}), (observe("wsd.probe_match", AT, {"ip": "127.0.0.1"}, raw=raw),))


@pytest.mark.parametrize("wants", ["token", "digest", "silent401"])
def test_each_way_to_log_in_gives_the_device(wants: str) -> None:
    assert isinstance(onvif_device.PROBE, LoginProbe)
    with serving(SoapDevice(FIRMWARE_LIKE, wants)) as device:
        heard = onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    fields = {item.kind: kinds.read(item.kind, item.raw or b"") for item in heard}
    assert fields["onvif.device_information"]["Model"] == "YI Home 1080p"
    assert fields["onvif.network_interfaces"]["HwAddress"] == "00:1f:54:00:00:17"
    assert fields["onvif.scopes"]["scope.hardware"] == "y203c"
    # Its media service is said to be on 10.77.0.33: another host, so nothing more is asked.
    assert "onvif.profiles" not in fields
    assert not any(b"GetProfiles" in request for request in device.seen)


def test_streams_are_read_where_the_media_service_is_on_the_host_itself() -> None:
    with serving(SoapDevice(IPYCAM, "silent401", frozenset())) as device:
        heard = onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    assert [item.kind for item in heard] == ["onvif.device_information", "onvif.pre_auth", "onvif.profiles"]
    assert kinds.read("onvif.profiles", heard[-1].raw or b"")["Encoding"] == ("H264", "H264")
    assert heard[-1].target["path"] == "/onvif/media_service"


def test_picture_sources_are_counted() -> None:
    answers = {**IPYCAM, "GetVideoSources": SOURCES}
    with serving(SoapDevice(answers, "token", frozenset({"GetSystemDateAndTime"}))) as device:
        heard = onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    fields = kinds.read("onvif.video_sources", heard[-1].raw or b"")
    assert fields == {"Framerate": ("25", "25"), "Width": ("1920", "2592"), "Height": ("1080", "1080"), "sources": "2"}
    assert kinds.read("onvif.video_sources", b"<VideoSources/>") == {}


@pytest.mark.parametrize("wants", ["token", "digest", "silent401"])
def test_a_wrong_password_is_tried_once(wants: str) -> None:
    with serving(SoapDevice(FIRMWARE_LIKE, wants)) as device, pytest.raises(LoginRefusedError) as refusal:
        onvif_device.PROBE.ask(view(device.port), USERNAME, "wrong", talk)
    tries = [request for request in device.seen if b"UsernameToken" in request or b"Authorization:" in request]
    assert len(tries) == 1
    assert "wrong" not in str(refusal.value)


def test_the_token_carries_the_clock_of_the_device() -> None:
    with serving(SoapDevice(FIRMWARE_LIKE)) as device:
        onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    signed = [request for request in device.seen if b"UsernameToken" in request]
    assert len(signed) == 4
    assert all(b">2026-11-23T04:01:22Z<" in request for request in signed)


def test_the_password_goes_nowhere() -> None:
    with serving(SoapDevice(FIRMWARE_LIKE)) as device:
        heard = onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    assert not any(PASSWORD.encode() in request for request in device.seen)
    assert PASSWORD not in repr(heard)


def test_only_listed_operations_are_sent_with_a_login() -> None:
    with serving(SoapDevice({**FIRMWARE_LIKE, **IPYCAM}, "token")) as device:
        onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, talk)
    listed = {b"GetSystemDateAndTime", b"GetDeviceInformation", b"GetNetworkInterfaces"}
    listed |= {b"GetScopes", b"GetServices", b"GetProfiles", b"GetVideoSources"}
    for request in device.seen:
        assert request.startswith(b"POST /onvif/")
        assert sum(b":" + name in request or b"<" + name in request for name in listed) >= 1


def test_what_goes_wrong_on_the_wire_comes_out_as_it_was() -> None:
    calls: list[Dialogue] = []

    def failing(dialogue: Dialogue) -> Reply:
        calls.append(dialogue)
        if len(calls) == 3:
            raise TimeoutError("the gate's own word")
        return talk(dialogue)

    with serving(SoapDevice(FIRMWARE_LIKE)) as device, pytest.raises(TimeoutError, match="the gate's own word"):
        onvif_device.PROBE.ask(view(device.port), USERNAME, PASSWORD, failing)


def _says(*messages: bytes) -> Callable[[Dialogue], Reply]:
    return lambda dialogue: Reply("127.0.0.1", dialogue.port, messages, AT)


@pytest.mark.parametrize(
    "answer", [(), (b"",), (b"SSH-2.0-x\r\n",), (b"HTTP/1.1 404 Not Found\r\n\r\n",), (b"\0" * 99,)]
)
def test_no_login_is_shown_to_what_is_not_onvif(answer: tuple[bytes, ...]) -> None:
    assert not onvif_device.PROBE.ask(view(8899), USERNAME, PASSWORD, _says(*answer))


def test_a_hostile_challenge_stays_out_of_our_header() -> None:
    challenge = b'WWW-Authenticate: Digest realm="a\x0bb", nonce="x\\"\\r\rEvil: 1", qop=auth'
    evil = b"HTTP/1.1 401 No\r\n" + challenge + b"\r\n\r\n<Envelope/>"
    sent: list[bytes] = []

    def listening(dialogue: Dialogue) -> Reply:
        sent.extend(dialogue.messages)
        return _says(evil)(dialogue)

    with pytest.raises(LoginRefusedError):
        onvif_device.PROBE.ask(view(8899), USERNAME, PASSWORD, listening)
    assert not any(line.startswith(b"Evil") for message in sent for line in message.splitlines())


def test_importing_the_library_leaves_the_log_alone() -> None:
    code = (
        "import logging; from netaudit.probes import onvif_zeep; before = logging.getLogger().level;"
        "folder = onvif_zeep.wsdl_folder();"
        "root = logging.getLogger(); print(root.handlers, root.level == before, (folder / 'media.wsdl').is_file())"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] True True"


def test_many_devices_are_asked_at_once() -> None:
    with serving(SoapDevice(FIRMWARE_LIKE)) as device, ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(onvif_device.PROBE.ask, view(device.port), USERNAME, PASSWORD, talk) for _ in range(16)]
        assert {len(one.result()) for one in asked} == {4}


def test_the_wsdl_is_parsed_once() -> None:
    library = onvif_zeep._library()
    assert library._document("devicemgmt") is library._document("devicemgmt")
    assert logging.getLogger("zeep.transports").level in (logging.NOTSET, logging.CRITICAL)


def test_the_login_shows_nothing_of_itself() -> None:
    from datetime import UTC, datetime

    assert PASSWORD not in repr(onvif_zeep.Login(USERNAME, PASSWORD, datetime(2026, 1, 1, tzinfo=UTC)))
