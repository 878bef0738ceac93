"""Links that go away under a run: a cable pulled, an adapter unplugged, an address that DHCP took back."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from netaudit.net.interfaces import Interface, address_links
from netaudit.net.sockets import link_flags

_LOOKED: Final = 1.0
# A port that is set up anew is down for a moment.
_TWICE: Final = 2
_NONE_LEFT: Final = "the run was stopped: of the links that it began with none is left"


class Links:
    """The links of a run that carried when it began."""

    def __init__(self, interfaces: Iterable[Interface]) -> None:
        placed = address_links()
        self._carried = tuple(here for here in interfaces if not here.loopback and not _fault(here, placed))

    def lost(self) -> tuple[str, ...]:
        """Return a sentence for each that carries no more."""
        placed = address_links() if self._carried else {}
        faults = [fault for here in self._carried if (fault := _fault(here, placed))]
        return tuple(
            f"{fault} since the run began: what had not been asked there by then is unknown; see to it, then go on "
            "with --resume"
            for fault in dict.fromkeys(faults)
        )

    async def watch(self, stop: Callable[[str], None]) -> None:
        """Look every second, until cancelled; call `stop` with the reason where none is left for two seconds."""
        bare = 0
        while self._carried:
            await asyncio.sleep(_LOOKED)
            bare = bare + 1 if len(self.lost()) == len(self._carried) else 0
            if bare >= _TWICE:
                stop(_NONE_LEFT)


def _fault(here: Interface, placed: Mapping[str, str]) -> str:
    """What is wrong with it, "" while it carries."""
    flags = link_flags(here.name)
    if not flags.up or not flags.running:
        return f"interface {here.name} ({here.address}) is down"
    return "" if here.address in placed else f"interface {here.name} has lost its address {here.address}"
