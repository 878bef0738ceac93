"""The virtual building as it stands: start it, scan it, stop it."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from netaudit.demo import personalities
from netaudit.demo.expected import Expected, expected_of
from netaudit.demo.journal import Journal
from netaudit.demo.load import load_plan, taken_down, wanted_ports
from netaudit.demo.model import BuildingPlan
from netaudit.demo.ports import claim_block, find_ports
from netaudit.demo.scope_text import scope_text
from netaudit.demo.stage import Stage
from netaudit.demo.tls import Certificates

_MOST_NOTICES = 4


@dataclass(frozen=True, slots=True)
class Building:
    """A running virtual building. Use it as `async with Building.start() as building`."""

    plan: BuildingPlan
    stage: Stage

    @classmethod
    @asynccontextmanager
    async def start(cls, without: Collection[str] = ()) -> AsyncIterator["Building"]:
        """Open all devices but those `without`, which were taken down; close every socket on the way out.

        Several buildings may stand at once: each takes the next free block, from 127.77.0.0/16 on. Raises UsageError
        where loopback has one address only.
        """
        block, claim = claim_block()
        with claim:
            ports = find_ports(f"127.{block}.0.1", wanted_ports(load_plan(block)))
            building = cls(taken_down(load_plan(block, ports), without), Stage(ports))
            certificates = Certificates()
            try:
                for device in building.plan.devices:
                    await personalities.perform(building.stage, device, certificates)
                yield building
            finally:
                await building.stage.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the user: moved ports, ports in use, multicast that does not work."""
        heard = [notice for notice in (self.stage.ports.notice, *self.stage.notices) if notice]
        more = len(heard) - _MOST_NOTICES
        return (*heard[:_MOST_NOTICES], *([f"And {more} more of this kind."] if more > 0 else []))

    @property
    def journal(self) -> Journal:
        """What the devices were asked."""
        return self.stage.journal

    def scope_toml(self, today: date | None = None) -> str:
        """Return the text of a scope.toml that allows exactly this building, valid for a week."""
        return scope_text(self.plan, today)

    def expected(self) -> list[Expected]:
        """Return what a scan must say about each device, at the addresses where they stand."""
        return [expected_of(device) for device in self.plan.devices]

    def alive(self, address: str) -> bool:
        """True while the device still answers; the fragile one dies of bad input."""
        return self.stage.alive(address)
