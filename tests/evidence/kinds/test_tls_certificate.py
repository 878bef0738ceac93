"""Certificates: against the `cryptography` package where it reads them, and where it does not."""

import hashlib
import ipaddress
import warnings
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence import der, kinds
from netaudit.evidence.fields import Fields, every, first

RECORDED = Path(__file__).parents[2] / "recorded" / "tls"
NAMES = ("md5_rsa512_negative_serial", "sha1_rsa1024_san", "sha256_p256")


def read(raw: bytes) -> Fields:
    return kinds.read("tls.certificate", raw)


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.der").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_names_and_dates_are_those_of_the_strict_library(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of the negative serial number
        strict = x509.load_der_x509_certificate(recorded(name))
    fields = read(recorded(name))
    assert fields["subject"] == strict.subject.rfc4514_string()
    assert fields["issuer"] == strict.issuer.rfc4514_string()
    assert datetime.fromisoformat(first(fields, "not_before")) == strict.not_valid_before_utc
    assert datetime.fromisoformat(first(fields, "not_after")) == strict.not_valid_after_utc
    assert fields["sha256"] == strict.fingerprint(hashes.SHA256()).hex()
    assert fields["signature_algorithm"] == strict.signature_algorithm_oid._name


@pytest.mark.parametrize(
    ("name", "key"), [(NAMES[0], ("RSA", "512")), (NAMES[1], ("RSA", "1024")), (NAMES[2], ("EC", "256"))]
)
def test_keys(name: str, key: tuple[str, str]) -> None:
    fields = read(recorded(name))
    assert (fields["key_algorithm"], fields["key_size"]) == key


def test_parts_of_the_name_and_alternative_names() -> None:
    fields = read(recorded(NAMES[0]))
    assert (fields["subject_cn"], fields["subject_o"]) == ("www.example.com", "Example Cameras")
    assert (fields["subject_ou"], fields["issuer_ou"], fields["serial_number"]) == ("DVRNVR", "DVRNVR", "fb")
    expected = ("axis-accc8e000001.local", "192.0.2.7", "2001:db8::7", "a@example.com", "https://example.com/")
    assert every(read(recorded(NAMES[1])), "san") == expected


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(subject: x509.Name, *alternatives: x509.GeneralName) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject, public_key=key().public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))  # past 2049: GeneralizedTime
    )
    if alternatives:
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(key(), hashes.SHA256())


TYPES = (
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.LOCALITY_NAME,
    NameOID.EMAIL_ADDRESS,
    NameOID.SURNAME,
    NameOID.STREET_ADDRESS,
)
# Control characters are left to the recorded cases; the library refuses to build with some of them.
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from(',+"\\<>;# ='), min_size=1, max_size=24
)
ATTRIBUTES = st.builds(x509.NameAttribute, st.sampled_from(TYPES), TEXTS)
RDNS = st.lists(ATTRIBUTES, min_size=1, max_size=3, unique_by=lambda a: (a.oid, a.value)).map(
    x509.RelativeDistinguishedName
)


@settings(max_examples=60, deadline=None)
@given(st.lists(RDNS, min_size=1, max_size=5).map(x509.Name))
def test_any_name_is_written_as_the_strict_library_writes_it(name: x509.Name) -> None:
    made = x509.load_der_x509_certificate(certificate(name).public_bytes(Encoding.DER))
    assert read(made.public_bytes(Encoding.DER))["subject"] == made.subject.rfc4514_string()


def test_generalized_time_and_a_critical_extension_before_the_names() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cam")])
    alternatives = (x509.DNSName("cam.local"), x509.IPAddress(ipaddress.ip_address("192.0.2.9")))
    fields = read(certificate(name, *alternatives).public_bytes(Encoding.DER))
    assert fields["not_after"] == "2056-01-01T00:00:00Z"
    assert fields["san"] == ("cam.local", "192.0.2.9")


def test_an_encoding_that_the_strict_library_refuses() -> None:
    raw = recorded(NAMES[0]).replace(b"\x17\x0d", b"\x17\x0f")  # a wrong length of a date shifts all that follows
    with pytest.raises(ValueError, match="parsing"):
        x509.load_der_x509_certificate(raw)
    assert first(read(raw), "issuer").startswith("CN=www.example.com")
    assert read(raw)["sha256"] == hashlib.sha256(raw).hexdigest()


def test_a_broken_text_in_the_subject_is_read() -> None:
    raw = recorded(NAMES[0]).replace(b"\x0c\x0fExample Cameras", b"\x0c\x0fEx\xffmple Cameras")
    assert first(read(raw), "subject_o") == "Exÿmple Cameras"


def test_a_certificate_cut_short_gives_what_is_there() -> None:
    raw = recorded(NAMES[0])
    fields = read(raw[: raw.index(b"\x17\x0d") + 4])
    assert fields["issuer_cn"] == "www.example.com"
    assert "subject" not in fields


@pytest.mark.parametrize(
    "raw", [b"-----BEGIN CERTIFICATE-----", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff\x30"]
)
def test_what_is_no_certificate_has_its_digest_only(raw: bytes) -> None:
    assert read(raw) == {"sha256": hashlib.sha256(raw).hexdigest()}


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b"\x55\x04\x03", "2.5.4.3"),
        (b"\x2a\x86\x48\x86\xf7\x0d", "1.2.840.113549"),
        (b"\x88\x37", "2.999"),
        (b"\x80", ""),
    ],
)
def test_object_identifiers(raw: bytes, number: str) -> None:
    assert der.oid(der.Item(raw, der.OID, 0, len(raw))) == number
