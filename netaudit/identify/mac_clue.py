"""What a MAC address says about a device, by the role of its block.

A factory's block convicts, a foreign block never clears. A label's own block names the label. A module maker's block
says nothing, a giant's block nothing by itself (facts: oem.md section 3, points 1 to 5).
"""

from netaudit.identify.device import Strength
from netaudit.identify.hit import Hit, Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.oui import MacOwner


def mac_hit(mac: str, knowledge: Knowledge, layer: str) -> Hit:
    """Return the hit of one normalised MAC; worthless ones are hits too, so that the explanation can show them."""
    owner = knowledge.oui.lookup(mac)
    if owner.state != "found":
        return _worthless(mac, f"mac-{owner.state.replace(' ', '-')}", layer)
    if owner.role == "camera maker":
        return _camera_maker(mac, owner, knowledge, layer)
    if owner.role == "generic":
        known = owner.maker if owner.maker in knowledge.makers else ""
        return Hit(f"mac-generic-{owner.prefix}", {}, "nothing", f"{mac} {owner.organisation}", layer, generic=known)
    kind = "module" if owner.role == "module maker" else "registry"
    return _worthless(f"{mac} {owner.organisation}", f"mac-{kind}-{owner.prefix}", layer)


def without_clone(hit: Hit, clones: frozenset[str]) -> Hit:
    """Return the hit, or a worthless one where its MAC is shown by several units at once: a router's, or a clone."""
    if hit.signature.startswith("mac-") and (hit.votes or hit.generic) and hit.saw[:17] in clones:
        return _worthless(hit.saw, "mac-shared", hit.layer)
    return hit


def _camera_maker(mac: str, owner: MacOwner, knowledge: Knowledge, layer: str) -> Hit:
    name = f"mac-{owner.prefix}"
    saw = f"{mac} {owner.organisation}"
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
