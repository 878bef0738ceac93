"""Reading any line of an observations file, whoever wrote it, and saying what is wrong with it."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from netaudit.errors import DataError
from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields
from netaudit.evidence.observation import VERSION, Observation, digest, with_id


def read_carefully(line: str | bytes, where: str) -> Observation:
    """Read one line; an id is made where it has none. `where` goes into the message of the DataError."""
    data = _decode(line, where)
    heard = _raw(data, where)
    kind, fields, raw = data["kind"], data.get("fields") or {}, heard
    if heard is not None:
        # Evidence of others may still hold what we would have cut: cut it on the way in.
        raw = kinds.redact(kind, heard)
        fields = kinds.read(kind, raw)
    observation = Observation(
        kind=kind,
        at=data["at"],
        target=data.get("target") or {},
        origin=data.get("origin") or "probe",
        via=data.get("via") or {},
        raw=raw,
        fields=_clean_fields(fields, where),
        subject=data.get("subject"),
        id=data.get("id") or "",
    )
    if not observation.id:
        return with_id(observation)
    expected = digest({key: value for key, value in data.items() if key != "id"})
    if observation.id != expected:
        raise DataError(where, "the id does not fit the content: the line was changed", f"id {expected}")
    return observation if raw == heard else with_id(observation)


def _decode(line: str | bytes, where: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(where, f"is not JSON: {error}", "one observation as a JSON object") from error
    if not isinstance(data, dict):
        raise DataError(where, "is not a JSON object", "one observation as a JSON object")
    if data.get("v") != VERSION:
        raise DataError(where, f"has version {data.get('v')!r}", f"v = {VERSION}")
    for key in ("kind", "at"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise DataError(where, f"has no {key}", f"{key} as text")
    for key in ("target", "via", "fields"):
        if not isinstance(data.get(key, {}), dict | None):
            raise DataError(where, f"{key} is {type(data[key]).__name__}", f"{key} as an object")
    for key in ("subject", "origin", "id"):
        if not isinstance(data.get(key, ""), str | None):
            raise DataError(where, f"{key} is {type(data[key]).__name__}", f"{key} as text")
    return data


def _raw(data: Mapping[str, Any], where: str) -> bytes | None:
    text, encoded = data.get("raw"), data.get("raw_b64")
    if text is None and encoded is None:
        return None
    if not isinstance(text if text is not None else encoded, str):
        raise DataError(where, "raw is not text", "raw as text or raw_b64 as base64")
    if text is not None:
        return str(text).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError) as error:
        raise DataError(where, f"raw_b64 is not base64: {error}", "base64") from error


def _clean_fields(fields: Mapping[str, Any], where: str) -> Fields:
    clean: dict[str, str | tuple[str, ...]] = {}
    for key, value in fields.items():
        if isinstance(value, str):
            clean[key] = value
        elif isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            clean[key] = tuple(value)
        else:
            raise DataError(where, f"field {key!r} is {_form_of(value)}", "text or a list of texts")
    return clean


def _form_of(value: object) -> str:
    """Name the type of a value, for a list also the first that has no place in it."""
    odd = next((item for item in value if not isinstance(item, str)), None) if isinstance(value, list) else None
    inside = f" with {type(odd).__name__} in it" if isinstance(value, list) else ""
    return type(value).__name__ + inside
