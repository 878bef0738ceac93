"""Where each unit hangs: switch port, recorder channel, ONVIF profiles; measured, from the observations of the run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from netaudit.evidence.fields import every, first
from netaudit.evidence.observation import Observation
from netaudit.identify.device import Device
from netaudit.identify.edge_ports import EdgePort, edge_ports

# Profile S names itself "Streaming" in its scope.
_SAME: Final = {"Streaming": "S"}
_LONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Hang:
    """What was heard about a unit's place on the network; "" where nobody said. `recorder`: an address."""

    switch: str = ""
    port: str = ""
    vlan: str = ""
    watts: str = ""
    recorder: str = ""
    channel: str = ""
    channel_name: str = ""
    profiles: tuple[str, ...] = ()


def hangs(devices: Iterable[Device], log: Mapping[str, Observation]) -> dict[str, Hang]:
    """Return the place of each device by its id; devices about which nothing was heard are left out."""
    edges = edge_ports(log.values())
    found = {device.device: _of(device, log, _on_switch(device, edges)) for device in devices}
    return {name: hang for name, hang in found.items() if hang != Hang()}


def _on_switch(device: Device, edges: Mapping[str, EdgePort]) -> Hang:
    edge = next((edges[mac] for mac in device.macs if mac in edges), None)
    return Hang(edge.switch, edge.port, edge.vlan, edge.watts) if edge else Hang()


def _of(device: Device, log: Mapping[str, Observation], hang: Hang) -> Hang:
    profiles = set[str]()
    for key in device.observations:
        heard = log.get(key)
        if heard is None:
            continue
        fields = heard.fields
        if heard.kind == "switch.port":
            hang = replace(
                hang, switch=first(fields, "switch"), port=first(fields, "port"), vlan=first(fields, "vlan"),
                watts=first(fields, "poe_watts"),
            )  # fmt: skip
        elif heard.kind == "recorder.channel":
            hang = replace(
                hang, recorder=str(heard.target.get("ip") or heard.target.get("host") or ""),
                channel=first(fields, "channel"), channel_name=first(fields, "name"),
            )  # fmt: skip
        else:
            profiles |= {_SAME.get(text, text) for text in every(fields, "scope.profile") if text.isalnum()}
    return replace(hang, profiles=tuple(sorted(text for text in profiles if len(text) <= _LONGEST)))


def behind(devices: Iterable[Device], places: Mapping[str, Hang]) -> dict[str, str]:
    """Return camera to the recorder it hangs on, as device ids; only where one device has the recorder's address."""
    at: dict[tuple[str, str], set[str]] = {}
    rows = list(devices)
    for device in rows:
        for address in device.addresses:
            at.setdefault((device.site, address), set()).add(device.device)
    found: dict[str, str] = {}
    for device in rows:
        hang = places.get(device.device)
        above = at.get((device.site, hang.recorder), set()) if hang and hang.recorder else set()
        if len(above) == 1 and above != {device.device}:
            found[device.device] = next(iter(above))
    return found
