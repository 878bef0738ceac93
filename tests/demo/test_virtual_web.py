"""The web servers of the virtual devices, asked by real HTTP clients."""

import hashlib
import socket

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import first
from tests.demo.clients import SOON, get, raw_get, request
from tests.demo.conftest import Standing


def _web_devices(standing: Standing) -> list[tuple[str, int]]:
    found = []
    for device in standing.building.plan.devices:
        pages = device.services.get("http", {}).get("page", ())
        if pages and not any("manners" in page for page in pages):
            found.append((device.address, standing.port(device.services["http"]["ports"][0])))
    return found


def test_every_web_server_gives_an_answer_that_the_reader_understands(shared: Standing) -> None:
    asked = _web_devices(shared)
    assert len(asked) > 55
    for address, port in asked:
        fields = kinds.read("http.response", raw_get(address, port))
        assert first(fields, "status") in {"200", "302", "401", "404"}, address


@pytest.mark.parametrize(
    ("site", "host", "path", "realm"),
    [
        (1, 3, "/ISAPI/System/deviceInfo", "IP Camera(00103)"),
        (1, 6, "/ISAPI/System/deviceInfo", "Embedded Net DVR"),
        (1, 9, "/cgi-bin/magicBox.cgi?action=getDeviceType", "Login to 1F077E4PAX00109"),
        (1, 13, "/axis-cgi/param.cgi", "AXIS_ACCC8E77010D"),
        (1, 16, "/stw-cgi/system.cgi", "iPolis_00:09:18:77:01:10"),
        (1, 18, "/", "Use 'live' as User Name"),
        (2, 5, "/cgi-bin/magicBox.cgi?action=getDeviceType", "Login to ND021907700205"),
    ],
)
def test_login_is_asked_for_in_the_name_of_the_platform(
    shared: Standing, site: int, host: int, path: str, realm: str
) -> None:
    fields = kinds.read("http.response", raw_get(shared.at(site, host), shared.port(80), path))
    assert (first(fields, "status"), first(fields, "realm")) == ("401", realm)


def test_dahua_writes_its_headers_in_capitals(shared: Standing) -> None:
    head = raw_get(shared.at(1, 9), shared.port(80)).partition(b"\r\n\r\n")[0]
    assert b"\r\nP3P: CP=CAO PSA OUR\r\n" in head
    assert b"\r\nCONNECTION: close\r\nCONTENT-LENGTH: " in head


def test_two_requests_over_one_connection(shared: Standing) -> None:
    address, port = shared.at(1, 3), shared.port(80)
    asking = f"GET / HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
    with socket.create_connection((address, port), SOON) as conversation, conversation.makefile("rb") as heard:
        for _ in range(2):
            conversation.sendall(asking)
            head = b"".join(iter(heard.readline, b"\r\n")).decode()
            assert "Connection: keep-alive" in head
            length = next(line for line in head.splitlines() if line.startswith("Content-Length")).split()[1]
            assert b"<title>index</title>" in heard.read(int(length))


def test_icons_are_valid_and_differ_between_families(shared: Standing) -> None:
    icons = {get(shared.at(1, host), shared.port(80), "/favicon.ico").body for host in (3, 9, 13, 18)}  # type: ignore[attr-defined]
    assert len(icons) == 4
    for icon in icons:
        assert icon.startswith(b"\0\0\x01\0\x01\0\x10\x10")
        assert int.from_bytes(icon[14:18], "little") == len(icon) - 22


def test_axis_names_itself_without_a_login(shared: Standing) -> None:
    asking = b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}'
    answer = request("POST", shared.at(1, 13), shared.port(80), "/axis-cgi/basicdeviceinfo.cgi", asking)
    assert answer.status == 200
    assert b'"ProdShortName":"AXIS P3245-LVE"' in answer.body  # type: ignore[attr-defined]
    assert not shared.harm(shared.at(1, 13))


def test_description_of_a_hikvision_unit_can_be_read(shared: Standing) -> None:
    answer = get(shared.at(1, 3), shared.port(80), "/upnpdevicedesc.xml")
    fields = kinds.read("upnp.description", answer.body)  # type: ignore[attr-defined]
    assert first(fields, "manufacturer") == "Hikvision"
    assert first(fields, "modelName") == "DS-2CD2385G1-I"


def test_a_right_digest_opens_the_two_devices_of_the_credential_only(fresh: Standing) -> None:
    for host, status in ((5, 200), (3, 401)):
        address = fresh.at(1, host)
        values = fresh.device(address).values
        realm = f"IP Camera({values['serial_tail']})"
        header = _digest("/ISAPI/System/deviceInfo", realm, values["nonce"], "auditor", "virtual-building")
        answer = get(address, fresh.port(80), "/ISAPI/System/deviceInfo", {"Authorization": header})
        assert answer.status == status
    assert not fresh.harm(fresh.at(1, 5))
    assert fresh.harm(fresh.at(1, 3)) == ["a login that was not given for this device"]


def test_a_wrong_password_and_a_changing_request_are_harm(fresh: Standing) -> None:
    address, port = fresh.at(1, 9), fresh.port(80)
    get(address, port, "/cgi-bin/magicBox.cgi", {"Authorization": "Basic YWRtaW46YWRtaW4="})
    request("POST", address, port, "/RPC2_Login", b"{}")
    get(address, port)
    assert fresh.harm(address) == ["a login that was not given for this device", "a request that may change the device"]


def test_what_is_no_http_is_refused(shared: Standing) -> None:
    with socket.create_connection((shared.at(1, 28), shared.port(80)), SOON) as conversation:
        conversation.sendall(b"OPTIONS rtsp://127.77.1.28/ RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        assert conversation.recv(4096).startswith(b"HTTP/1.1 400 ")


def _digest(uri: str, realm: str, nonce: str, username: str, password: str) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret = md5(f"{username}:{realm}:{password}")
    proof = md5(f"{secret}:{nonce}:00000001:c0ffee:auth:{md5(f'GET:{uri}')}")
    return (
        f'Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{uri}", qop=auth, nc=00000001, '
        f'cnonce="c0ffee", response="{proof}"'
    )


def test_an_onvif_question_to_a_device_without_onvif_is_no_harm(fresh: Standing) -> None:
    address = fresh.at(1, 22)
    for operation in ("GetSystemDateAndTime", "SystemReboot"):
        asking = (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            f'<{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
        )
        assert request("POST", address, fresh.port(80), "/onvif/device_service", asking.encode()).status == 404
    assert fresh.harm(address) == ["SystemReboot changes or reveals"]
