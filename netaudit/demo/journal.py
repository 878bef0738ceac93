"""What the building heard: so that a test can prove that a scan only looked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_MAX_ENTRIES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `harm`: why a real device would have suffered from it, empty for a harmless one."""

    address: str
    protocol: str
    port: int
    what: str
    harm: str = ""


@dataclass(slots=True)
class Journal:
    """All requests in the order in which they came; bounded, `dropped` counts the rest."""

    entries: list[Entry] = field(default_factory=list)
    dropped: int = 0

    def note(self, address: str, protocol: str, port: int, what: str, harm: str = "") -> None:
        """Write down one request."""
        if len(self.entries) < _MAX_ENTRIES:
            self.entries.append(Entry(address, protocol, port, what[:200], harm))
        else:
            self.dropped += 1

    def harmful(self) -> list[Entry]:
        """Return the requests that would have changed something, tried a login or touched a forbidden port."""
        return [entry for entry in self.entries if entry.harm]

    def of(self, address: str) -> Iterator[Entry]:
        """Yield what one device heard."""
        return (entry for entry in self.entries if entry.address == address)
