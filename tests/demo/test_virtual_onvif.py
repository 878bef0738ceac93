"""ONVIF of the virtual devices: open before the login where the specification says so, shut elsewhere."""

import base64
import datetime
import hashlib

import pytest
from defusedxml.common import EntitiesForbidden
from defusedxml.ElementTree import fromstring

from netaudit.evidence import kinds
from netaudit.evidence.fields import first
from tests.demo.clients import request
from tests.demo.conftest import Standing

PATH = "/onvif/device_service"
OPEN = ("GetSystemDateAndTime", "GetServices", "GetServiceCapabilities", "GetCapabilities", "GetHostname")


def _soap(operation: str, header: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
        f'{header}<s:Body><{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
    ).encode()


def _token(username: str, password: str, created: datetime.datetime) -> str:
    nonce, stamp = b"0123456789abcdef", created.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha1(nonce + stamp.encode() + password.encode(), usedforsecurity=False).digest()
    return (
        "<s:Header><Security><UsernameToken>"
        f"<Username>{username}</Username><Password>{base64.b64encode(digest).decode()}</Password>"
        f"<Nonce>{base64.b64encode(nonce).decode()}</Nonce><Created>{stamp}</Created>"
        "</UsernameToken></Security></s:Header>"
    )


def _ask(standing: Standing, address: str, body: bytes) -> tuple[int, bytes]:
    answer = request("POST", address, standing.port(80), PATH, body)
    return answer.status, answer.body  # type: ignore[attr-defined]


def test_operations_before_login_are_answered(shared: Standing) -> None:
    speaking = [
        device
        for device in shared.building.plan.devices
        if "onvif" in device.services and 80 in device.services["http"]["ports"] and device.address != shared.at(1, 31)
    ]
    assert len(speaking) > 25
    for device in speaking:
        for operation in OPEN:
            status, body = _ask(shared, device.address, _soap(operation))
            assert status == 200, device.address
            fields = kinds.read("onvif.pre_auth", body)
            assert first(fields, "operation") == operation, device.address


def test_services_point_to_the_device_itself(shared: Standing) -> None:
    address = shared.at(1, 3)
    _, body = _ask(shared, address, _soap("GetServices"))
    authority = shared.device(address).values["http"]
    assert f"http://{authority}/onvif/device_service".encode() in body
    assert authority.startswith(address)


def test_a_login_is_asked_for_in_both_documented_ways(shared: Standing) -> None:
    answer = request("POST", shared.at(1, 3), shared.port(80), PATH, _soap("GetDeviceInformation"))
    assert answer.status == 401
    assert 'realm="IP Camera(00103)"' in (answer.getheader("WWW-Authenticate") or "")
    status, body = _ask(shared, shared.at(1, 9), _soap("GetDeviceInformation"))
    assert status == 400
    assert b"ter:NotAuthorized" in body


@pytest.mark.parametrize(
    ("host", "manufacturer", "model"), [(5, "HIKVISION", "DS-2DE4425IW-DE"), (13, "AXIS", "P3245-LVE")]
)
def test_the_demo_credential_opens_two_devices(shared: Standing, host: int, manufacturer: str, model: str) -> None:
    token = _token("auditor", "virtual-building", datetime.datetime.now(datetime.UTC))
    status, body = _ask(shared, shared.at(1, host), _soap("GetDeviceInformation", token))
    assert status == 200
    fields = kinds.read("onvif.device_information", body)
    assert (first(fields, "Manufacturer"), first(fields, "Model")) == (manufacturer, model)
    _, body = _ask(shared, shared.at(1, host), _soap("GetNetworkInterfaces", token))
    assert shared.device(shared.at(1, host)).values["mac"].encode() in body
    status, _ = _ask(shared, shared.at(1, host), _soap("GetDNS", token))
    assert status == 500
    assert not shared.harm(shared.at(1, host))


@pytest.mark.parametrize(
    ("username", "password", "minutes"),
    [("auditor", "wrong", 0), ("admin", "virtual-building", 0), ("auditor", "virtual-building", 30)],
)
def test_a_wrong_or_stale_token_is_refused_and_is_harm(
    fresh: Standing, username: str, password: str, minutes: int
) -> None:
    created = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
    status, body = _ask(fresh, fresh.at(1, 5), _soap("GetDeviceInformation", _token(username, password, created)))
    assert status == 400
    assert b"NotAuthorized" in body
    assert fresh.harm(fresh.at(1, 5)) == ["a login that was not given for this device"]


@pytest.mark.parametrize("operation", ["SystemReboot", "SetSystemFactoryDefault", "GetSystemBackup", "GetUsers"])
def test_operations_that_change_or_reveal_are_harm(fresh: Standing, operation: str) -> None:
    status, _ = _ask(fresh, fresh.at(1, 3), _soap(operation))
    assert status == 401
    assert fresh.harm(fresh.at(1, 3)) == [f"{operation} changes or reveals"]


@pytest.mark.parametrize("body", [b"", b"<not xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff\x00"])
def test_what_cannot_be_read_is_refused(shared: Standing, body: bytes) -> None:
    status, _ = _ask(shared, shared.at(1, 9), body)
    assert status == 400


def test_the_bomb_is_a_bomb(shared: Standing) -> None:
    _, body = _ask(shared, shared.at(1, 31), _soap("GetHostname"))
    with pytest.raises(EntitiesForbidden):
        fromstring(body)
    assert "lollol" not in str(kinds.read("onvif.pre_auth", body))
