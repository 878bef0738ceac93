"""Contradictions: clues that cannot all be right are kept and said in one sentence, never averaged away."""

from collections.abc import Callable, Iterable
from typing import Final

from netaudit.identify.device import Contradiction, Side
from netaudit.identify.fuse import Ranked, is_witness

_LAYER_NAMES: Final = {
    "mac": "MAC", "tls": "certificate", "http": "web server", "rtsp": "RTSP server", "sadp": "SADP answer",
    "dhip": "DHIP answer", "vendor_search": "maker's search answer", "wsd": "ONVIF discovery", "onvif": "ONVIF",
    "upnp": "UPnP", "mdns": "mDNS", "snmp": "SNMP", "isapi": "ISAPI", "dahua_cgi": "CGI", "favicon": "web icon",
    "factory": "factory number", "ports": "open ports", "lldp": "LLDP", "dhcp": "DHCP", "recorder": "recorder",
    "typed": "typed statement", "inventory": "inventory", "name": "device name",
}  # fmt: skip
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def layer_name(layer: str) -> str:
    """Return a layer's name for people."""
    return _LAYER_NAMES.get(layer, layer.replace("_", " "))


def _by_layer(value: str, layer: str) -> str:
    return layer_name(layer)


def contradiction(
    question: str,
    ranked: Iterable[Ranked],
    named: Callable[[str], str] = str,
    witness: Callable[[str, str], str] = _by_layer,
) -> Contradiction | None:
    """Return the contradiction in the answers to one question, None when all that matter agree.

    `named`: id to the name for people. `witness`: (value, layer) to what the sentence calls it. The sides come without
    signatures: whoever knows the hits adds them.
    """
    sides = [
        Side(item.value, layers, ())
        for item in ranked
        if (layers := tuple(sorted(layer for layer, strength in item.layers.items() if is_witness(strength))))
    ]
    if len(sides) < 2:
        return None
    return Contradiction(question, tuple(sides), _sentence(question, sides, named, witness))


def _sentence(question: str, sides: list[Side], named: Callable[[str], str], witness: Callable[[str, str], str]) -> str:
    said = ", ".join(_said(side, named, witness) for side in sides)
    layers = {layer for side in sides for layer in side.layers}
    most = max(len(side.layers) for side in sides)
    leaders = [side for side in sides if len(side.layers) == most]
    if len(leaders) > 1 or len(layers) < 2:
        return f"{question}: {said}: the independent layers are evenly divided"
    verb, leader = "says" if most == 1 else "say", named(leaders[0].value)
    return f"{question}: {said}: {_number(most)} of {_number(len(layers))} independent layers {verb} {leader}"


def _said(side: Side, named: Callable[[str], str], witness: Callable[[str, str], str]) -> str:
    names = sorted((witness(side.value, layer) for layer in side.layers), key=str.casefold)
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return f"{listed} {'says' if len(names) == 1 else 'say'} {named(side.value)}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
