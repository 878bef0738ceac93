"""What one check of the machine found, and its words from checks.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from netaudit.toml_file import read_toml

State: TypeAlias = Literal["ok", "note", "attention", "blocked"]
"""note: good to know, nothing need be done; attention: something will not be seen; blocked: nothing can be scanned."""

_FILE: Final = Path(__file__).parent / "checks.toml"
_KEYS: Final = {"subject", "state", "found", "do"}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: about what, how it stands, what was found, what to do ("" where nothing is to be done)."""

    id: str
    subject: str
    state: State
    found: str
    do: str = ""


def check(id_: str, /, **values: object) -> Check:
    """Fill the words of one finding. Raises KeyError for an unknown id or a value that is missing."""
    words = _words()[id_]
    return Check(id_, words.subject, words.state, words.found.format_map(values), words.do.format_map(values))


@cache
def _words() -> Mapping[str, Check]:
    file = read_toml(_FILE)
    found: dict[str, Check] = {}
    for name, entry in file.data.items():
        if set(entry) != _KEYS or entry["state"] not in get_args(State):
            raise file.error("is no finding", "subject, state, found and do", name)
        found[name] = Check(name, **entry)
    return found
