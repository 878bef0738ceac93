"""SNMP: the answer to a GET of the system group and of the makers' identity leaves. The community is cut."""

from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence.ber import INTEGER, OCTETS, OID, RESPONSE, SEQUENCE, Part, dotted, parts
from netaudit.evidence.fields import Fields, text

_SYSTEM: Final = "1.3.6.1.2.1.1"
_HIKVISION_CAMERA: Final = "1.3.6.1.4.1.39165.1"
_HIKVISION_RECORDER: Final = "1.3.6.1.4.1.50001.1"
_DAHUA: Final = "1.3.6.1.4.1.1004849.2.1"

# Leaves: HIK-DEVICE-MIB, HIKVISION-MIB and DAHUA-SNMP-MIB as librenms/librenms keeps them; recorded replies of a
# camera and a recorder in snmpsim-data agree on the first two.
LEAVES: Final = {
    f"{_SYSTEM}.1.0": "sysDescr",
    f"{_SYSTEM}.2.0": "sysObjectID",
    f"{_SYSTEM}.5.0": "sysName",
    f"{_HIKVISION_CAMERA}.1.0": "model",
    f"{_HIKVISION_CAMERA}.2.0": "hardware",
    f"{_HIKVISION_CAMERA}.3.0": "firmware",
    f"{_HIKVISION_CAMERA}.4.0": "mac",
    f"{_HIKVISION_CAMERA}.5.0": "device_id",
    f"{_HIKVISION_CAMERA}.6.0": "manufacturer",
    f"{_HIKVISION_RECORDER}.3.0": "serial",
    f"{_HIKVISION_RECORDER}.100.0": "device_type",
    f"{_DAHUA}.1.1.0": "firmware",
    f"{_DAHUA}.2.4.0": "serial",
    f"{_DAHUA}.2.6.0": "device_type",
    f"{_DAHUA}.2.7.0": "device_class",
    f"{_DAHUA}.2.9.0": "machine_name",
}
"""Object identifier to field name."""


def read(raw: bytes) -> Fields:
    """Return the fields of LEAVES that the device has; {} for anything but a response."""
    found: dict[str, str] = {}
    for name, value in _variables(raw):
        leaf = LEAVES.get(dotted(name.value)) if name.tag == OID else None
        shown = _shown(value)
        if leaf and shown:
            found.setdefault(leaf, shown)
    return found


def redact(raw: bytes) -> bytes:
    """Blank the community; what cannot be taken apart is dropped whole, since it may hold one anywhere."""
    message = list(parts(raw))
    body = list(parts(message[0].value)) if message and message[0].tag == SEQUENCE else []
    if len(body) < 2 or body[1].tag != OCTETS:
        return b""
    start = message[0].start + body[1].start
    end = start + len(body[1].value)
    return raw[:start] + b"*" * (end - start) + raw[end : message[0].start + len(message[0].value)]


def _variables(raw: bytes) -> Iterator[tuple[Part, Part]]:
    """Yield (name, value) of each variable of a response."""
    for part in _inside(raw, SEQUENCE):
        for response in parts(part.value) if part.tag == RESPONSE else ():
            for variable in parts(response.value) if response.tag == SEQUENCE else ():
                pair = tuple(parts(variable.value))
                if variable.tag == SEQUENCE and len(pair) == 2:
                    yield pair[0], pair[1]


def _inside(raw: bytes, tag: int) -> Iterator[Part]:
    first = next(parts(raw), None)
    return parts(first.value) if first is not None and first.tag == tag else iter(())


def _shown(value: Part) -> str:
    """Text of the types that say something; "" for the marks of an absent leaf."""
    if value.tag == OCTETS:
        return text(value.value).strip("\0 \r\n\t")
    if value.tag == OID:
        return dotted(value.value)
    if value.tag == INTEGER and 0 < len(value.value) <= 8:
        return str(int.from_bytes(value.value, signed=True))
    return ""


READERS: dict[str, Callable[[bytes], Fields]] = {"snmp.system": read}
REDACTORS: dict[str, Callable[[bytes], bytes]] = {"snmp.system": redact}
