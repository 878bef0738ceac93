"""What a table tells of a device: rows of ARP, forwarding, lease and asset tables as kinds, targets and fields.

Whoever reads a table - a file of another program, a switch over SNMP - makes its observations with these, so that a
MAC, its address and its switch port meet whatever way they came in. No raw bytes are kept of a table: a row is its
fields. An absent value is left out.

    table.arp     ip, mac; interface, vlan, state; source: the router or host whose table it is
    table.mac     mac; switch, port, vlan; type (dynamic, static); source: whose table it is; macs_on_port: how many
                  MACs the same port shows, where the reader knows the whole table: many of them mean an uplink
    dhcp.lease    mac, ip; hostname, vendor_class, parameter_request_list, client_id; starts, ends, state; source
    table.asset   whatever an inventory says: ip, mac, name, serial, manufacturer, model, firmware, driver, category,
                  location, site, status, asset_tag, switch, port, vlan; source
    switch.port   where a device hangs, as concluded: mac, switch, port, vlan, poe_watts, lldp_system, lldp_description
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from netaudit.evidence.addresses import ip_of, mac_of
from netaudit.evidence.fields import MAX_TEXT, Fields

ARP: Final = "table.arp"
MAC: Final = "table.mac"
LEASE: Final = "dhcp.lease"
ASSET: Final = "table.asset"
KINDS: Final = (ARP, MAC, LEASE, ASSET)
ENDED: Final = frozenset({"expired", "released", "declined", "abandoned", "free", "backup", "reset"})
"""States of a lease whose address may be another unit's by now: its row says nothing about the address."""


class Row(NamedTuple):
    """One row: the `kind`, `target` and `fields` of its observation."""

    kind: str
    target: Mapping[str, Any]
    fields: Fields


def arp(ip: str, mac: str, **more: str) -> Row | None:
    """Return an ARP or neighbour row; None where address or MAC names no unit (an incomplete entry)."""
    ip, mac = ip_of(ip), mac_of(mac)
    return Row(ARP, {"ip": ip, "mac": mac, **_vlan(more)}, _kept(ip=ip, mac=mac, **more)) if ip and mac else None


def forwarding(mac: str, **more: str) -> Row | None:
    """Return a row of a switch's forwarding table; None where the MAC names no unit. It tells no address."""
    mac = mac_of(mac)
    return Row(MAC, {"mac": mac, **_vlan(more)}, _kept(mac=mac, **more)) if mac else None


def lease(ip: str, mac: str, **more: str) -> Row | None:
    """Return a DHCP lease; None where neither address nor MAC is one.

    Of a lease that has ended the address is kept as a field, but is no longer where the unit is.
    """
    ip, mac = ip_of(ip), mac_of(mac)
    if not ip and not mac:
        return None
    here = ip if more.get("state", "").lower() not in ENDED else ""
    return Row(LEASE, _target(ip=here, mac=mac), _kept(ip=ip, mac=mac, **more))


def asset(**told: str) -> Row | None:
    """Return a row of an inventory; None where it has neither address nor MAC nor serial nor name."""
    ip, mac = ip_of(_host(told.pop("ip", ""))), mac_of(told.pop("mac", ""))
    if not (ip or mac or told.get("serial") or told.get("name")):
        return None
    return Row(ASSET, _target(ip=ip, mac=mac) | _vlan(told), _kept(ip=ip, mac=mac, **told))


def _host(address: str) -> str:
    """The host of "http://10.20.0.7:80/", without a login that stands in it; a bare address stays."""
    try:
        return (urlsplit(address).hostname or "") if "//" in address else address
    except ValueError:
        return ""


def _target(**known: str) -> dict[str, str]:
    return {key: value for key, value in known.items() if value}


def _vlan(told: Mapping[str, str]) -> dict[str, str]:
    return _target(vlan=told.get("vlan", "").strip())


def _kept(**told: str) -> dict[str, str | tuple[str, ...]]:
    return {key: text[:MAX_TEXT] for key, value in told.items() if (text := value.strip())}
