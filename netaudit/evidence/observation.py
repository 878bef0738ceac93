"""The observation: what was heard, from where, by which request. Immutable; format version 1."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields

VERSION: Final = 1
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was heard.

    `target`: ip, port, transport, mac, host, site, vlan - whatever is known.
    `via`: sensor, interface, source_ip, probe, version, request (SHA-256 of the request's bytes).
    `raw`: the answer as heard, secrets cut out; None where the source kept no bytes.
    `fields`: the parsed view, always derived from `raw` where there is one.
    `id`: SHA-256 (hex) over the canonical JSON of everything else.
    """

    kind: str
    at: str
    target: Mapping[str, Any]
    origin: str
    via: Mapping[str, Any]
    raw: bytes | None
    fields: Fields
    subject: str | None = None
    id: str = ""


def observe(
    kind: str,
    at: str,
    target: Mapping[str, Any],
    *,
    origin: str = "probe",
    via: Mapping[str, Any] = _EMPTY,
    raw: bytes | None = None,
    fields: Fields | None = None,
    subject: str | None = None,
) -> Observation:
    """Make an observation: cut leaked secrets, derive the fields from the raw bytes, compute the id."""
    if raw is not None:
        raw = kinds.redact(kind, raw)
        fields = kinds.read(kind, raw)
    draft = Observation(kind, at, dict(target), origin, dict(via), raw, dict(fields or {}), subject)
    return _with_id(draft)


def to_dict(observation: Observation) -> dict[str, Any]:
    """Return the observation as the JSON object of design 4.1, keys in the documented order."""
    out: dict[str, Any] = {"v": VERSION, "id": observation.id, **_without_id(observation)}
    return out


def to_line(observation: Observation) -> str:
    """Return one line of JSON without the line end."""
    return json.dumps(to_dict(observation), ensure_ascii=False, separators=(",", ":"))


def from_line(line: str | bytes, where: str = "observation") -> Observation:
    """Read one line. `where` ("file:line") goes into the message of the DataError for anything malformed."""
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
        return _with_id(observation)
    expected = _digest({key: value for key, value in data.items() if key != "id"})
    if observation.id != expected:
        raise DataError(where, "the id does not fit the content: the line was changed", f"id {expected}")
    return observation if raw == heard else _with_id(observation)


def canonical(value: object) -> bytes:
    """Canonical JSON: keys sorted by code point, no blanks, UTF-8 without escapes for non-ASCII text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def _with_id(draft: Observation) -> Observation:
    digest = _digest({"v": VERSION, **_without_id(draft)})
    return Observation(
        draft.kind, draft.at, draft.target, draft.origin, draft.via, draft.raw, draft.fields, draft.subject, digest
    )


def _without_id(observation: Observation) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": observation.kind, "at": observation.at, "target": dict(observation.target)}
    if observation.subject is not None:
        out["subject"] = observation.subject
    out["origin"] = observation.origin
    out["via"] = dict(observation.via)
    if observation.raw is not None:
        out.update(_raw_keys(observation.raw))
    out["fields"] = {
        key: value if isinstance(value, str) else list(value)
        for key, value in observation.fields.items()
        if observation.raw is None or key not in kinds.BULKY
    }
    return out


def _raw_keys(raw: bytes) -> dict[str, str]:
    try:
        return {"raw": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_b64": base64.b64encode(raw).decode("ascii")}


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
            raise DataError(where, f"field {key!r} is {type(value).__name__}", "text or a list of texts")
    return clean
