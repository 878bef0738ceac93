"""The virtual building as data: sites, devices, what each one is in truth and what a scan must say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any


@dataclass(frozen=True, slots=True)
class Site:
    """One building of the virtual owner and its camera network."""

    name: str
    cidr: IPv4Network
    network: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What a device is. Ids as in the word lists; `brand` "" means sold without a label.

    `relabelled`: None where the question makes no sense (no brand, no camera).
    """

    type: str
    maker: str = ""
    brand: str = ""
    model: str = ""
    relabelled: bool | None = None


@dataclass(frozen=True, slots=True)
class DemoDevice:
    """One device on one loopback address.

    `services`: personality name to its settings, all values filled in; empty for a device that is off.
    `say`: where a scan must say something else than the truth; see `netaudit.demo.expected`.
    """

    address: str
    site: str
    place: str
    family: str
    truth: Truth
    services: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, str] = field(default_factory=dict)
    say: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """The one credential of the virtual building; invented and public, so it may stand in the documentation."""

    name: str
    username: str
    password: str
    variable: str


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """The whole of building.toml, families merged in."""

    organisation: str
    authorised_by: str
    role: str
    reference: str
    login: Login
    sites: tuple[Site, ...]
    devices: tuple[DemoDevice, ...]
