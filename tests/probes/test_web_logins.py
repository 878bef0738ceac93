"""The owner's login at web interfaces: one right answer to a challenge, one refusal, the channels of a recorder."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence.kinds import dahua_channels, isapi_channels
from netaudit.evidence.observation import observe, to_line
from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.net.wire import Wire
from netaudit.probes import axis_device, dahua_cgi, isapi
from netaudit.probes.base import Heard, HostView, LoginProbe, LoginRefusedError
from tests.net.support import gate_for
from tests.probes.digest_server import PASSWORD, USERNAME, Web, serving

IP = "127.0.0.1"
DEVICE = b"<DeviceInfo><model>DS-7616NI-K2</model><serialNumber>DS-7616NI-K20120200101</serialNumber></DeviceInfo>"
CHANNELS = b"""<?xml version="1.0"?><InputProxyChannelList xmlns="http://www.hikvision.com/ver20/XMLSchema">
<InputProxyChannel><id>7</id><name>Gate &lt;west&gt;</name><sourceInputPortDescriptor>
<proxyProtocol>HIKVISION</proxyProtocol><ipAddress>192.168.254.2</ipAddress><managePortNo>8000</managePortNo>
<userName>admin</userName><password>cam-secret</password>
<model>DS-2CD3141G0-I</model><serialNumber>DS-2CD3141G0-I20210929AAWRG64697573</serialNumber></sourceInputPortDescriptor>
</InputProxyChannel><InputProxyChannel><id>8</id><name></name></InputProxyChannel></InputProxyChannelList>"""
STATUS = b"<L><InputProxyChannelStatus><id>7</id><online>false</online></InputProxyChannelStatus></L>"
REMOTE = b"\r\n".join(
    b"table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_6." + line
    for line in (
        b"Name=Gate", b"Enable=true", b"Address=10.1.1.65", b"Mac=3c:ef:8c:00:00:65", b"UserName=admin",
        b"Password=cam-secret", b"DeviceType=IPC-HDW2431T", b"SerialNo=5M07701PAG54165", b"Vendor=Private",
    )
) + b"\r\ntable.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_7.Address=192.168.0.0\r\n"  # fmt: skip
HIKVISION = {isapi.INFO: DEVICE, isapi.CHANNELS: CHANNELS, isapi.STATUS: STATUS}
DAHUA = dict.fromkeys(dahua_cgi.SYSTEM, b"serialNumber=5H07701PAZ54111\r\n") | {dahua_cgi.REMOTE: REMOTE}
AXIS = {
    axis_device.PATH: b'{"data":{"propertyList":{"Brand":"AXIS","ProdNbr":"P3245-LV","SerialNumber":"ACCC8E000001"}}}'
}
AT = "2026-11-23T10:00:00.000Z"


def ask(probe: LoginProbe, path: str, web: Web, password: str = PASSWORD) -> list[Heard]:
    """Hold the conversation over the real wire, behind the shipped allow-list."""
    seen = observe(
        "http.response", AT, {"ip": IP, "port": web.port, "path": path}, raw=b"HTTP/1.1 401 Unauthorized\r\n\r\n"
    )
    host = HostView(IP, frozenset({web.port}), (seen,))

    async def converse() -> list[Heard]:
        wire, loop = Wire(gate_for("127.0.0.0/30")), asyncio.get_running_loop()

        def talk(request: Request) -> Reply:
            assert not isinstance(request, Datagram)
            held = asyncio.run_coroutine_threadsafe(wire.dialogue(IP, request), loop).result()
            assert held.status == "answered", held.reason
            assert held.reply is not None
            return held.reply

        return list(await asyncio.to_thread(probe.ask, host, USERNAME, password, talk))

    return asyncio.run(converse())


@pytest.fixture
def recorder() -> Iterator[Web]:
    with serving(Web(HIKVISION, "Embedded Net DVR")) as web:
        yield web


def test_a_recorder_tells_who_it_is_and_each_of_its_channels(recorder: Web) -> None:
    heard = ask(isapi.PROBE, isapi.INFO, recorder)
    assert [item.kind for item in heard] == ["isapi.device_info", "recorder.channel"]
    assert heard[1].fields == {
        "channel": "7", "name": "Gate <west>", "protocol": "HIKVISION", "ip": "192.168.254.2", "port": "8000",
        "model": "DS-2CD3141G0-I", "serial": "DS-2CD3141G0-I20210929AAWRG64697573", "status": "offline",
    }  # fmt: skip
    # Asked once without a login, then with it; the nonce serves all that follow.
    assert (len(recorder.seen), recorder.failures) == (4, 0)
    assert all(request.startswith(b"GET ") for request in recorder.seen)


def test_no_secret_leaves_or_stays(recorder: Web) -> None:
    heard = ask(isapi.PROBE, isapi.INFO, recorder)
    assert not any(PASSWORD.encode() in request for request in recorder.seen)
    lines = [to_line(observe(item.kind, AT, item.target, raw=item.raw, fields=item.fields)) for item in heard]
    for secret in (PASSWORD, "cam-secret", "admin"):
        assert secret not in "".join(lines)


@pytest.mark.parametrize(
    ("probe", "path", "pages"),
    [
        (isapi.PROBE, isapi.INFO, HIKVISION),
        (dahua_cgi.PROBE, dahua_cgi.ASKED_BEFORE, DAHUA),
        (axis_device.PROBE, axis_device.PATH, AXIS),
    ],
    ids=["isapi", "dahua", "axis"],
)
def test_a_wrong_password_is_tried_once(probe: LoginProbe, path: str, pages: dict[str, bytes]) -> None:
    with serving(Web(pages, "Login to 5H07701PAZ54111")) as web:
        with pytest.raises(LoginRefusedError):
            ask(probe, path, web, "wrong")
        assert (web.failures, len(web.seen)) == (1, 2)


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
def test_a_device_that_wants_the_password_itself_gets_nothing(scheme: str) -> None:
    with serving(Web(HIKVISION, "x", scheme=scheme)) as web:
        assert ask(isapi.PROBE, isapi.INFO, web) == []
        assert (web.failures, len(web.seen)) == (0, 1)


def test_a_nonce_that_ages_is_no_refusal() -> None:
    with serving(Web(HIKVISION, "Embedded Net DVR", stale=1)) as web:
        assert len(ask(isapi.PROBE, isapi.INFO, web)) == 2
        assert web.failures == 0


def test_a_user_of_few_rights_keeps_what_he_may_see() -> None:
    with serving(Web(HIKVISION, "Embedded Net DVR", frozenset({isapi.CHANNELS}))) as web:
        assert [item.kind for item in ask(isapi.PROBE, isapi.INFO, web)] == ["isapi.device_info"]


def test_dahua_channels_count_from_one() -> None:
    with serving(Web(DAHUA, "Login to 5H07701PAZ54111")) as web:
        heard = ask(dahua_cgi.PROBE, dahua_cgi.ASKED_BEFORE, web)
    assert [item.kind for item in heard] == ["dahua_cgi.system_info"] * 4 + ["recorder.channel"]
    assert heard[-1].fields == {
        "channel": "7", "name": "Gate", "ip": "10.1.1.65", "mac": "3c:ef:8c:00:00:65", "model": "IPC-HDW2431T",
        "serial": "5M07701PAG54165", "manufacturer": "Private",
    }  # fmt: skip


def test_axis_tells_its_properties() -> None:
    with serving(Web(AXIS, "AXIS_ACCC8E000001")) as web:
        [heard] = ask(axis_device.PROBE, axis_device.PATH, web)
    assert b'"ProdNbr":"P3245-LV"' in (heard.raw or b"")


def test_a_host_that_never_asked_for_a_login_there_is_left_alone() -> None:
    for probe in (isapi.PROBE, dahua_cgi.PROBE, axis_device.PROBE):
        assert not probe.ask(HostView(IP, frozenset({80})), "u", "p", lambda _: pytest.fail("nothing may be sent"))


def test_a_generic_device_type_is_no_model() -> None:
    line = b"table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0."
    [told] = dahua_channels.read_channels(line + b"Address=10.0.0.9\r\n" + line + b"DeviceType=IP Camera\r\n")
    assert told == {"channel": "1", "ip": "10.0.0.9"}


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read_as_lists(raw: bytes) -> None:
    isapi_channels.read_channels(b"<InputProxyChannel>" + raw)
    isapi_channels.read_status(b"<InputProxyChannelStatus>" + raw)
    dahua_channels.read_channels(b"table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0.Address=" + raw)
