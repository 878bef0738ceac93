"""Read building.toml and the families into a BuildingPlan: families extended, values filled in."""

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import quote

from netaudit.demo.model import BuildingPlan, DemoDevice, Login, Site, Truth
from netaudit.demo.ports import FIRST_BLOCK, Ports
from netaudit.errors import UsageError

_HERE: Final = Path(__file__).resolve().parent
OWNER: Final = _HERE / "owner.toml"
"""The answers of the virtual building's owner, for `--owner`."""
_PERSONAL: Final = ("http", "rtsp", "wsd", "onvif", "sadp", "dhip", "mdns", "ssdp", "ubnt", "reolink", "open", "tls")


def load_plan(block: int = FIRST_BLOCK, ports: Ports | None = None) -> BuildingPlan:
    """Return the building as it will stand in 127.`block`.0.0/16 when ports are moved as `ports` says."""
    ports = ports or Ports()
    data = _toml(_HERE / "building.toml", block)
    families = {path.stem: _toml(path, block) for path in sorted((_HERE / "families").glob("*.toml"))}
    building, login = data["building"], Login(**data["login"])
    sites = tuple(Site(row["name"], IPv4Network(row["cidr"]), row["network"]) for row in data["site"])
    devices = tuple(_device(row, families, sites, ports, login) for row in data["device"])
    return BuildingPlan(**building, login=login, sites=sites, devices=devices)


def taken_down(plan: BuildingPlan, without: Collection[str]) -> BuildingPlan:
    """Return the plan without the devices at these addresses of `netaudit demo --table`. Raises UsageError."""
    ends = {_end(device.address): device for device in plan.devices}
    unknown = [address for address in without if _end(address) not in ends]
    if unknown:
        raise UsageError(f"no virtual device is at {', '.join(unknown)}: `netaudit demo --table` lists them")
    gone = {_end(address) for address in without}
    return replace(plan, devices=tuple(device for end, device in ends.items() if end not in gone))


def _end(address: str) -> str:
    """What of an address stays the same in whichever block a building stands."""
    return ".".join(address.split(".")[2:])


def wanted_ports(plan: BuildingPlan) -> set[int]:
    """Return every TCP port that some device of the plan opens."""
    return {port for device in plan.devices for spec in device.services.values() for port in _ports_of(spec)}


def _ports_of(spec: Mapping[str, Any]) -> set[int]:
    named = {*spec.get("ports", ()), *spec.get("tripwire", ()), *map(int, spec.get("banner", {}))}
    return {port for port in named if isinstance(port, int)}


def _toml(path: Path, block: int) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    return tomllib.loads(text.replace(f"127.{FIRST_BLOCK}.", f"127.{block}."))


def _device(
    row: Mapping[str, Any], families: Mapping[str, dict[str, Any]], sites: tuple[Site, ...], ports: Ports, login: Login
) -> DemoDevice:
    own = {key: row[key] for key in (*_PERSONAL, "values", "say") if key in row}
    merged = _merge(_family(row["family"], families), own)
    truth = Truth(**row["truth"])
    values = _values(row["address"], row["place"], truth, merged, ports, login)
    services: dict[str, dict[str, Any]] = {name: _fill(merged[name], values) for name in _PERSONAL if name in merged}
    for name in row.get("without", ()):
        services.pop(name)
    site = next(site.name for site in sites if IPv4Address(row["address"]) in site.cidr)
    return DemoDevice(
        row["address"], site, row["place"], row["family"], truth, services, values, merged.get("say", {}),
        row.get("note", ""),
    )  # fmt: skip


def _family(name: str, families: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    family = families[name]
    return _merge(_family(family["extends"], families), family) if "extends" in family else family


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables deeply; pages by their path; any other list or text of `over` replaces that of `base`."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merge(below, value)
        elif key == "page" and below:
            paths = {page["path"] for page in value}
            merged[key] = [*value, *(page for page in below if page["path"] not in paths)]
        else:
            merged[key] = value
    return merged


def _values(
    address: str, place: str, truth: Truth, merged: Mapping[str, Any], ports: Ports, login: Login
) -> dict[str, str]:
    """Everything that a family may write as ${name}."""
    http, rtsp = merged.get("http", {}), merged.get("rtsp", {})
    http_port = ports.moved(next(iter(http.get("ports", ())), 80))
    values = {
        "address": address,
        "place": place,
        "model": truth.model,
        "http_port": str(http_port),
        "http": address if http_port == 80 else f"{address}:{http_port}",
        "rtsp_port": str(ports.moved(next(iter(rtsp.get("ports", ())), 554))),
        "seed": hashlib.sha256(address.encode()).hexdigest(),
        "username": login.username,
        "password": login.password,
        **{key: str(value) for key, value in merged.get("values", {}).items()},
    }
    values["model"] = values.get("wire_model", values["model"])
    values["model_url"] = quote(values["model"], safe="")
    values["label_url"] = quote(values.get("label", ""), safe="")
    values["nonce"] = values["seed"][:32]
    values["uuid_head"] = "-".join((values["seed"][:8], values["seed"][8:12], "11b3", values["seed"][12:16]))
    # Hikvision leaves out the blank before "build" in SADP, and only there.
    values["sadp_firmware"] = values.get("firmware", "").replace(" build", "build")
    values |= _spellings(values.get("mac", ""), values.get("serial", ""))
    return {key: Template(value).safe_substitute(values) for key, value in values.items()}


def _spellings(mac: str, serial: str) -> dict[str, str]:
    """The ways in which protocols write a MAC and cut a serial."""
    plain = mac.replace(":", "")
    return {
        "mac_dash": mac.replace(":", "-"),
        "mac_plain": plain,
        "mac_upper": plain.upper(),
        "serial_tail": serial[-5:],
    }


def _fill(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return Template(value).substitute(values)
    if isinstance(value, dict):
        return {key: _fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, values) for item in value]
    return value
