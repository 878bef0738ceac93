"""The observation: what was heard, from where, by which request. Immutable; format version 1."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields

VERSION: Final = 1
_spell: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


class Observation(Struct, frozen=True):
    """One thing that was heard. A frozen record; a Struct, since a million of them are made in a row.

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
    return with_id(draft)


def to_dict(observation: Observation) -> dict[str, Any]:
    """Return the observation as the JSON object of design 4.1, keys in the documented order."""
    out: dict[str, Any] = {"v": VERSION, "id": observation.id, **_without_id(observation)}
    return out


def to_line(observation: Observation) -> str:
    """Return one line of JSON without the line end: the id, then the canonical JSON that it is the hash of.

    So that a reader can check the id over the bytes as they stand.
    """
    content = canonical({"v": VERSION, **_without_id(observation)}).decode("utf-8", "surrogatepass")
    return f'{{"id":"{observation.id}",{content[1:]}'


def canonical(value: object) -> bytes:
    """Canonical JSON: keys sorted by code point, no blanks, UTF-8 without escapes for non-ASCII text."""
    return _spell(value).encode("utf-8", "surrogatepass")


def digest(content: Mapping[str, Any], spell: Callable[[object], bytes] = canonical) -> str:
    """Return the SHA-256 (hex) of the canonical JSON: the id, where `content` is all but the id."""
    return hashlib.sha256(spell(content)).hexdigest()


def with_id(draft: Observation, spell: Callable[[object], bytes] = canonical) -> Observation:
    """Return the observation with its id computed over what `to_line` writes of it.

    `spell`: a quicker way to the canonical JSON, where the caller knows that it gives the same.
    """
    name = digest({"v": VERSION, **_without_id(draft)}, spell)
    return Observation(
        draft.kind, draft.at, draft.target, draft.origin, draft.via, draft.raw, draft.fields, draft.subject, name
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
