"""What a cause is, and its words from causes.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from netaudit.toml_file import read_toml

Sure: TypeAlias = Literal["certain", "likely", "possible"]
ORDER: Final[tuple[Sure, ...]] = get_args(Sure)
_FILE: Final = Path(__file__).parent / "causes.toml"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why an address was not seen or not named, and what would have to be true for it to be seen."""

    id: str
    sure: Sure
    title: str
    because: str
    do: str


def cause(name: str, values: Mapping[str, object]) -> Cause:
    """Fill the words of one cause. Raises KeyError for an unknown name or a value that is missing."""
    words = _words()[name]
    return Cause(
        name, words.sure, words.title, words.because.format_map(dict(values)), words.do.format_map(dict(values))
    )


@cache
def _words() -> Mapping[str, Cause]:
    file = read_toml(_FILE)
    found: dict[str, Cause] = {}
    for index, entry in enumerate(file.data["cause"]):
        if set(entry) != {"id", "sure", "title", "because", "do"} or entry["sure"] not in ORDER:
            raise file.error("is no cause", "id, sure, title, because and do", "cause", index)
        found[entry["id"]] = Cause(**entry)
    return found
