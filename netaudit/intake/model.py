"""What a format is, and what it reads out of a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netaudit.evidence.fields import Fields
from netaudit.evidence.tables import Row

if TYPE_CHECKING:
    from netaudit.intake.head import Head
    from netaudit.intake.source import Source

SURE: Final = 100
"""What `looks` returns for a file that can be nothing else."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a file tells, before it becomes an observation.

    `row`: line, packet or entry of the file, from 1. `at`: RFC 3339 UTC where the file says when, else "".
    `raw`: bytes as heard on the wire, or None and `fields`.
    """

    row: int
    kind: str
    target: Mapping[str, Any]
    fields: Fields | None = None
    raw: bytes | None = None
    at: str = ""
    vlan: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read, and why. Never quotes more of it than an address: it may hold a password."""

    row: int
    why: str


Item: TypeAlias = Told | Unread


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `name`: for `--format` and the origin of its observations. `title`: for people.

    `made_by`: the commands or menus that write such a file. `gives`: the kinds of observations that it can lead to.
    `looks`: how sure the first bytes make it, 0 (not this) to 100. `read`: the file to items, never raising for its
    content.
    """

    name: str
    title: str
    made_by: tuple[str, ...]
    gives: tuple[str, ...]
    looks: Callable[["Head"], int]
    read: Callable[["Source"], Iterator[Item]]
    note: str = ""


def told(row: int, found: Row | None, at: str = "") -> Iterator[Told]:
    """Yield a row of a table as an item; nothing for None."""
    if found is not None:
        yield Told(row, found.kind, found.target, found.fields, at=at)
