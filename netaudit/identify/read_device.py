"""A line of devices.jsonl back to the device that it was written from."""

from collections.abc import Mapping
from typing import Any

from netaudit.errors import DataError
from netaudit.identify.device import Answer, Contradiction, Device, Reason, Side

_EXPECTED = "a device as `netaudit identify --format jsonl` writes it"
_ANSWERS = ("type", "maker", "brand", "model", "firmware", "serial", "soc")


def read_device(row: Mapping[str, Any], where: str = "device") -> Device:
    """Return the device. Raises DataError for what `Device.to_dict` does not write."""
    try:
        return _device(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(where, f"is no device: {error!r}"[:200], _EXPECTED) from error


def _device(row: Mapping[str, Any]) -> Device:
    return Device(
        device=str(row["device"]),
        subject=None if row["subject"] is None else str(row["subject"]),
        addresses=_texts(row["addresses"]),
        macs=_texts(row["macs"]),
        ports=tuple(int(port) for port in row["ports"]),
        **{name: _answer(row[name]) for name in _ANSWERS},
        relabelled={True: True, False: False, None: None}[row["relabelled"]],
        contradictions=tuple(map(_contradiction, row["contradictions"])),
        reasons=tuple(map(_reason, row["reasons"])),
        site=str(row["site"]),
        names=_texts(row["names"]),
        traits={str(name): str(value) for name, value in row["traits"].items()},
        first_seen=str(row["first_seen"]),
        last_seen=str(row["last_seen"]),
        observations=_texts(row["observations"]),
    )


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _answer(row: Mapping[str, Any]) -> Answer:
    value, name = row["value"], row.get("name")
    return Answer(
        None if value is None else str(value), float(row["confidence"]), None if name is None else str(name),
        row.get("grade"), str(row.get("typed", "")),
    )  # fmt: skip


def _contradiction(row: Mapping[str, Any]) -> Contradiction:
    sides = (Side(str(s["value"]), _texts(s["layers"]), _texts(s["signatures"])) for s in row["sides"])
    return Contradiction(str(row["question"]), tuple(sides), str(row["text"]))


def _reason(row: Mapping[str, Any]) -> Reason:
    says = {str(name): str(value) for name, value in row["says"].items()}
    return Reason(
        str(row["observation"]), str(row["signature"]), says, row["strength"], str(row["saw"]), str(row["layer"])
    )
