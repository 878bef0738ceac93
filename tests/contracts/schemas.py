"""The published schemas: read from docs/, ready to hold anything against them."""

import json
import tomllib
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by its name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of one schema, with all others at hand."""
    resources = [Resource.from_contents(schema) for schema in schemas().values()]
    registry: Registry[Any] = Registry().with_resources((str(item.id()), item) for item in resources)
    return Draft202012Validator(schemas()[name], registry=registry)


def faults(name: str, value: Any, where: str = "") -> list[str]:
    """Return what a schema has against a value."""
    return [f"{where}{error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(value)]


def toml(path: Path) -> Any:
    """Return a TOML file as JSON would hold it: days and times as texts."""
    return _plain(tomllib.loads(path.read_text(encoding="utf-8")))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value
