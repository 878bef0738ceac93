"""The shipped data as plain tables, read without the code under test, so that data and loader are checked apart."""

import csv
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SIGNATURES = ROOT / "signatures"
OUI_DATA = ROOT / "oui_data"
SLOT = re.compile(r"\{(\w+)\}")


class Row(NamedTuple):
    """One entry of a file: `where` is "file: id" for messages, `kind` the observation kind (fingerprints only)."""

    where: str
    kind: str
    data: dict[str, Any]


@cache
def table(path: str, name: str) -> tuple[dict[str, Any], ...]:
    """Return the entries of `[[name]]` in a file below signatures/."""
    return tuple(tomllib.loads((SIGNATURES / path).read_text(encoding="utf-8"))[name])


def ids(path: str, name: str) -> set[str]:
    """Return the ids of a word list."""
    return {entry["id"] for entry in table(path, name)}


@cache
def signatures() -> tuple[Row, ...]:
    """Return every signature."""
    return tuple(_rows("fingerprints", "signature", "id"))


@cache
def models() -> tuple[Row, ...]:
    """Return every model row, in order."""
    return tuple(_rows("models", "model", "pattern"))


@cache
def platform_makers() -> dict[str, str]:
    """Return platform id to maker id ("" where the platform tells none)."""
    return {entry["id"]: entry["maker"] for entry in table("platforms.toml", "platform")}


def claimed_maker(says: dict[str, str]) -> str:
    """Return the maker that a signature names, directly or through its platform; "" for none."""
    return says.get("maker") or platform_makers().get(says.get("platform", ""), "")


def needs(signature: dict[str, Any]) -> list[dict[str, str]]:
    """Return the further traits that a signature asks for."""
    needed = signature.get("needs", [])
    return [needed] if isinstance(needed, dict) else needed


def registry(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in oui_data/."""
    with (OUI_DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def plain(text: str) -> str:
    """Return a name without case and punctuation, as names are compared."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _rows(folder: str, name: str, label: str) -> Iterator[Row]:
    for path in sorted((SIGNATURES / folder).glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))[name]:
            yield Row(f"{path.name}: {entry.get(label)}", path.stem, entry)
