"""TLS certificates. Read with our own walk: strict libraries refuse what old cameras carry, and this is evidence.

Tests hold it against the `cryptography` package wherever that package accepts the certificate.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from netaudit.evidence import der
from netaudit.evidence.der import Item
from netaudit.evidence.fields import MAX_TEXT, Fields
from netaudit.evidence.gather import listed

# RFC 4514 section 3; other attribute types are written as dotted numbers.
_SHORT_NAMES: Final = {
    "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C",
    "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
}  # fmt: skip
# RFC 8017, 5758, 8410, 3279.
_SIGNATURES: Final = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption", "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption", "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption", "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption", "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1", "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384", "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.10040.4.3": "dsa-with-sha1", "2.16.840.1.101.3.4.3.2": "dsa-with-sha256",
    "1.3.101.112": "ed25519", "1.3.101.113": "ed448",
}  # fmt: skip
_KEYS: Final = {
    "1.2.840.113549.1.1.1": "RSA", "1.2.840.113549.1.1.10": "RSA", "1.2.840.10045.2.1": "EC",
    "1.2.840.10040.4.1": "DSA", "1.3.101.112": "Ed25519", "1.3.101.113": "Ed448",
}  # fmt: skip
_CURVES: Final = {
    "1.2.840.10045.3.1.1": 192, "1.3.132.0.33": 224, "1.2.840.10045.3.1.7": 256, "1.3.132.0.10": 256,
    "1.3.132.0.34": 384, "1.3.132.0.35": 521,
}  # fmt: skip
_SUBJECT_ALT_NAME: Final = "2.5.29.17"
_SPECIAL = re.compile(r'[\\"+,;<>]')
_TIME = re.compile(r"(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d{1,9})?(Z|[+-]\d{4})?")
_MAX_CERTIFICATE: Final = 65536
_MAX_ALGORITHM: Final = 256

Name = list[list[tuple[str, str]]]


def read(raw: bytes) -> Fields:
    """Return sha256 and what can be read of: subject, issuer (RFC 4514), their _cn, _o, _ou, san, not_before,
    not_after (RFC 3339), serial_number (hex), signature_algorithm, key_algorithm, key_size (bits).
    """
    found: dict[str, Iterable[str]] = {"sha256": [hashlib.sha256(raw).hexdigest()]} if raw else {}
    parts = _to_be_signed(raw[:_MAX_CERTIFICATE])
    if len(parts) > 1:
        serial, algorithm, *rest = parts
        found["serial_number"] = _texts(serial.content[:64].hex())
        found["signature_algorithm"] = _texts(_algorithm(algorithm, _SIGNATURES))
        for read_part, item in zip((_issuer, _validity, _subject, _key), rest, strict=False):
            found.update(read_part(item))
        found["san"] = _alternative_names(rest[4:])
    return listed(found)


def _to_be_signed(raw: bytes) -> list[Item]:
    """Return the elements of TBSCertificate from the serial number on."""
    outer = next(der.items(raw), None)
    signed = next(iter(der.inside(outer)), None) if outer and outer.tag == der.SEQUENCE else None
    parts = der.inside(signed) if signed and signed.tag == der.SEQUENCE else []
    return parts[1:] if parts and parts[0].tag == 0xA0 else parts


def _texts(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _algorithm(item: Item, names: Mapping[str, str]) -> str:
    numbers = _object_identifiers(item.content[:_MAX_ALGORITHM])
    number = numbers[0] if numbers else ""
    return names.get(number, number)


@lru_cache(maxsize=512)  # few algorithms are in use
def _object_identifiers(content: bytes) -> tuple[str, ...]:
    return tuple([der.oid(part) for part in der.items(content)])


def _issuer(item: Item) -> dict[str, Iterable[str]]:
    return _name(item, "issuer")


def _subject(item: Item) -> dict[str, Iterable[str]]:
    return _name(item, "subject")


def _name(item: Item, label: str) -> dict[str, Iterable[str]]:
    return {label + suffix: values for suffix, values in _read_name(item.content).items()}


@lru_cache(maxsize=64)  # subject and issuer of a self-signed certificate are the same bytes
def _read_name(content: bytes) -> dict[str, Sequence[str]]:
    name = [_attributes(relative.content) for relative in der.items(content)]
    found: dict[str, Sequence[str]] = {"": _texts(_rfc4514(name)[:MAX_TEXT])}
    for short in ("CN", "O", "OU"):
        found[f"_{short.lower()}"] = [value for rdn in name for kind, value in rdn if kind == short]
    return found


@lru_cache(maxsize=512)  # country and organisation of a maker's certificates are the same in all
def _attributes(relative: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for attribute in der.items(relative):
        parts = der.inside(attribute)
        if len(parts) >= 2:
            number = der.oid(parts[0])
            found.append((_SHORT_NAMES.get(number, number), der.characters(parts[1])[:MAX_TEXT]))
    return found


def _rfc4514(name: Name) -> str:
    """Write a name the last part first, as RFC 4514 wants."""
    rdns = ("+".join(f"{kind}={_escaped(value)}" for kind, value in rdn) for rdn in reversed(name))
    return ",".join(rdns)


def _escaped(value: str) -> str:
    if not value:
        return value
    value = _SPECIAL.sub(r"\\\g<0>", value).replace("\0", "\\00")
    if value[0] in "# ":
        value = "\\" + value
    return value[:-1] + "\\ " if value[-1] == " " and value != "\\ " else value


def _validity(item: Item) -> dict[str, Iterable[str]]:
    moments = [_moment(part.content[:32]) for part in der.inside(item)[:2]]
    return {label: _texts(moment) for label, moment in zip(("not_before", "not_after"), moments, strict=False)}


@lru_cache(maxsize=512)  # many makers' certificates begin and end with the century
def _moment(content: bytes) -> str:
    """Write UTCTime or GeneralizedTime as RFC 3339; as it stands where it is neither."""
    written = content.decode("latin-1")
    match = _TIME.fullmatch(written)
    if not match:
        return written
    year, month, day, hour, minute, second, zone = match.groups()
    if len(year) == 2:
        year = ("19" if year >= "50" else "20") + year  # RFC 5280, 4.1.2.5.1
    offset = "Z" if zone in (None, "Z") else f"{zone[:3]}:{zone[3:]}"
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}"


def _key(item: Item) -> dict[str, Iterable[str]]:
    parts = der.inside(item)
    if not parts:
        return {}
    algorithm = _algorithm(parts[0], _KEYS)
    size = _key_size(algorithm, parts)
    return {"key_algorithm": _texts(algorithm), "key_size": _texts(str(size) if size else "")}


def _key_size(algorithm: str, parts: Sequence[Item]) -> int:
    if algorithm == "EC":
        return _CURVES.get("".join(_object_identifiers(parts[0].content[:_MAX_ALGORITHM])[1:2]), 0)
    parameters = der.inside(parts[0])[1:]
    if algorithm == "DSA" and parameters:
        return max(map(der.bits, der.inside(parameters[0])[:1]), default=0)
    if algorithm == "RSA" and len(parts) > 1:
        key = next(der.items(parts[1].data, parts[1].start + 1, parts[1].end), None)
        return max(map(der.bits, der.inside(key)[:1]), default=0) if key else 0
    return {"Ed25519": 256, "Ed448": 456}.get(algorithm, 0)


def _alternative_names(rest: Sequence[Item]) -> list[str]:
    extensions = [part for part in rest if part.tag == 0xA3]
    listings = [listing for part in extensions for listing in der.inside(part)]
    for extension in (found for listing in listings for found in der.inside(listing)):
        parts = der.inside(extension)
        if parts and der.oid(parts[0]) == _SUBJECT_ALT_NAME:
            names = next(der.items(parts[-1].data, parts[-1].start, parts[-1].end), None)
            return [text for name in (der.inside(names) if names else ()) if (text := _general_name(name))]
    return []


def _general_name(name: Item) -> str:
    if name.tag == 0x87:
        try:
            return str(ip_address(name.content))
        except ValueError:
            return name.content.hex()[:MAX_TEXT]
    return der.characters(name)[:MAX_TEXT] if name.tag in (0x81, 0x82, 0x86) else ""


READERS: dict[str, Callable[[bytes], Fields]] = {"tls.certificate": read}
