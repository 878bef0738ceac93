"""Certificates of the virtual devices, made at start: subjects of the documented shapes, keys of one run."""

import datetime
import ssl
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_DAY: Final = datetime.timedelta(days=1)
_PEM: Final = serialization.Encoding.PEM


@dataclass(slots=True)
class Certificates:
    """Makes TLS server contexts. One key of each size is shared by all devices, which keeps the start fast."""

    _keys: dict[int, rsa.RSAPrivateKey] = field(default_factory=dict)

    def context(self, spec: Mapping[str, Any]) -> ssl.SSLContext:
        """Return the context for one device.

        `spec`: subject and issuer (RFC 4514; issuer defaults to the subject), years (validity), start (year),
        bits (key size), version ("TLSv1" for a unit that speaks nothing newer).
        """
        key = self._key(spec.get("bits", 2048))
        certificate = _certificate(spec, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if spec.get("version") == "TLSv1":
            _only_tls10(context)
        with tempfile.TemporaryDirectory(prefix="netaudit-demo-") as folder:
            path = Path(folder) / "device.pem"
            path.write_bytes(_private_pem(key) + certificate.public_bytes(_PEM))
            context.load_cert_chain(path)
        return context

    def _key(self, bits: int) -> rsa.RSAPrivateKey:
        if bits not in self._keys:
            # 1024 bits on purpose: old devices have such keys, and a scan must be able to read them.
            self._keys[bits] = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        return self._keys[bits]


def _certificate(spec: Mapping[str, Any], key: rsa.RSAPrivateKey) -> x509.Certificate:
    subject = x509.Name.from_rfc4514_string(spec["subject"])
    issuer = x509.Name.from_rfc4514_string(spec.get("issuer", spec["subject"]))
    start = datetime.datetime(spec.get("start", 2021), 1, 1, tzinfo=datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + 365 * spec.get("years", 10) * _DAY)
        .sign(key, hashes.SHA256())
    )


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _only_tls10(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        # Python calls TLS 1.0 deprecated, which is the point of this device.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
