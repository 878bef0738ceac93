"""RTSP and TLS of the virtual devices."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from netaudit.evidence import kinds
from netaudit.evidence.fields import first
from tests.demo.clients import certificate, talk
from tests.demo.conftest import Standing

OPTIONS = b"OPTIONS rtsp://camera/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"
DESCRIBE = b"DESCRIBE rtsp://camera/ RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n\r\n"


def test_every_rtsp_server_shows_a_realm_and_no_video(shared: Standing) -> None:
    speaking = [device for device in shared.building.plan.devices if "rtsp" in device.services]
    assert len(speaking) > 45
    for device in speaking:
        heard = talk(device.address, shared.port(554), (OPTIONS, DESCRIBE))
        assert heard.startswith(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n"), device.address
        fields = kinds.read("rtsp.response", heard)
        assert first(fields, "realm") == device.services["rtsp"]["realm"], device.address
        assert b"m=video" not in heard


@pytest.mark.parametrize(
    ("host", "server"),
    [(9, "Dahua Rtsp Server"), (10, "Rtsp Server/3.0"), (20, "gen6th Ze-PRO"), (23, "AvigilonOnvifNvt/4.2.0.80")],
)
def test_rtsp_server_names(shared: Standing, host: int, server: str) -> None:
    fields = kinds.read("rtsp.response", talk(shared.at(1, host), shared.port(554), (OPTIONS,)))
    assert first(fields, "server") == server


@pytest.mark.parametrize(
    ("message", "harm"),
    [
        (b"DESCRIBE rtsp://camera/Streaming/Channels/101 RTSP/1.0\r\nCSeq: 1\r\n\r\n", "asks for video"),
        (b"SETUP rtsp://camera/ RTSP/1.0\r\nCSeq: 1\r\n\r\n", "SETUP starts or changes a stream"),
        (
            DESCRIBE[:-2] + b"Authorization: Basic YWRtaW46\r\n\r\n",
            "a login that was not given for this device",
        ),
    ],
)
def test_rtsp_requests_that_do_more_than_ask_are_harm(fresh: Standing, message: bytes, harm: str) -> None:
    heard = talk(fresh.at(1, 3), fresh.port(554), (message,))
    assert not heard.startswith(b"RTSP/1.0 200")
    assert fresh.harm(fresh.at(1, 3)) == [harm]


@pytest.mark.parametrize(
    ("site", "host", "name", "value"),
    [
        (1, 3, "subject_o", "HIKVISION"),
        (1, 6, "subject_cn", "www.hikvision.com"),
        (1, 11, "subject_o", "General"),
        (1, 13, "subject_cn", "axis-accc8e77010d"),
        (1, 18, "subject_cn", "local.myboschcam.net"),
        (1, 21, "subject_o", "Vivotek.Inc"),
        (3, 11, "subject_cn", "camera.ubnt.dev"),
    ],
)
def test_certificates_name_the_documented_subjects(
    shared: Standing, site: int, host: int, name: str, value: str
) -> None:
    der, version = certificate(shared.at(site, host), shared.port(443))
    assert first(kinds.read("tls.certificate", der), name) == value
    assert version in ("TLSv1.2", "TLSv1.3")


def test_the_old_camera_speaks_only_tls_1_0_with_a_short_key(shared: Standing) -> None:
    der, version = certificate(shared.at(1, 8), shared.port(443))
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert (version, key.key_size) == ("TLSv1", 1024)
