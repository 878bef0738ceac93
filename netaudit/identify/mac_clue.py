"""What a MAC address says about a device, by the role of its block.

A factory's block convicts, a foreign block never clears. A label's own block names the label. A module maker's block
says nothing, a giant's block nothing by itself (facts: oem.md section 3, points 1 to 5).
"""

from typing import Final

from netaudit.identify.device import Strength
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.oui import MacOwner

_NO_OWNER: Final = frozenset({"mac-no-match", "mac-no-MAC", "mac-locally-administered", "mac-multicast",
                              "mac-malformed"})  # fmt: skip


def block_hit(mac: str, knowledge: Knowledge, layer: str) -> Hit:
    """Return what a normalised MAC says by its block, which all MACs of the block say; worthless ones are hits too.

    `saw` holds what the registry knows of the block.
    """
    owner = knowledge.oui.lookup(mac)
    if owner.state != "found":
        return _worthless("", f"mac-{owner.state.replace(' ', '-')}", layer)
    if owner.role == "camera maker":
        return _camera_maker(owner, knowledge, layer)
    if owner.role == "generic":
        known = owner.maker if owner.maker in knowledge.makers else ""
        return Hit(f"mac-generic-{owner.prefix}", {}, "nothing", owner.organisation, layer, generic=known)
    kind = "module" if owner.role == "module maker" else "registry"
    return _worthless(owner.organisation, f"mac-{kind}-{owner.prefix}", layer)


def of_mac(block: Hit, mac: str) -> Hit:
    """Return the hit of one MAC in the block of `block_hit`: what was seen is the MAC and its owner."""
    saw = mac if block.signature in _NO_OWNER else f"{mac} {block.saw}"
    return Hit(block.signature, block.says, block.strength, saw, block.layer, block.votes, (), block.generic)


def without_clone(hit: Hit, clones: frozenset[str]) -> Hit:
    """Return the hit, or a worthless one where its MAC is shown by several units at once: a router's, or a clone."""
    if hit.signature.startswith("mac-") and (hit.votes or hit.generic) and hit.saw[:17] in clones:
        return _worthless(hit.saw, "mac-shared", hit.layer)
    return hit


def _camera_maker(owner: MacOwner, knowledge: Knowledge, layer: str) -> Hit:
    name = f"mac-{owner.prefix}"
    saw = owner.organisation
    strength: Strength = "strong"
    if owner.maker in knowledge.makers:
        votes: tuple[Vote, ...] = (Vote("maker", owner.maker, layer, strength),)
        says = {"maker": owner.maker}
        if owner.brand in knowledge.brands:
            # A maker's block for one of its labels (Ezviz, Imou) names the label as well.
            votes += (Vote("brand", owner.brand, layer, "moderate"),)
            says["brand"] = owner.brand
        return Hit(name, says, strength, saw, layer, votes)
    if owner.maker in knowledge.brands:
        # The block of a label: it names the label, and hides who built the unit.
        votes = (Vote("brand", owner.maker, layer, "moderate"),)
        return Hit(name, {"brand": owner.maker}, "moderate", saw, layer, votes)
    return _worthless(saw, f"mac-registry-{owner.prefix}", layer)


def _worthless(saw: str, name: str, layer: str) -> Hit:
    return Hit(name, {}, "nothing", saw, layer)
