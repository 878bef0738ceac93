"""The scope as three plain texts: who allowed it, what could be asked, what was left out."""

from netaudit.report.visible import visible
from netaudit.scope.model import Scope


def scope_texts(scope: Scope, digest: str) -> dict[str, bytes]:
    """Return scope/authorisation.txt, targets.txt and exclusions.txt. The scope itself is run/scope.toml."""
    granted = scope.authorisation
    rows = (
        ("organisation", granted.organisation), ("authorised by", granted.authorised_by), ("role", granted.role),
        ("reference", granted.reference), ("valid from", granted.valid_from.isoformat()),
        ("valid until", granted.valid_until.isoformat()), ("scope.toml, SHA-256", digest),
    )  # fmt: skip
    targets = "".join(f"{net.cidr}\t{visible(net.site)}\t{visible(net.name)}\n" for net in scope.networks)
    exclusions = "".join(f"{out}\tof {net.cidr}\n" for net in scope.networks for out in net.exclude)
    return {
        "scope/authorisation.txt": "".join(f"{name + ':':22}{visible(text)}\n" for name, text in rows).encode(),
        "scope/targets.txt": targets.encode(),
        "scope/exclusions.txt": exclusions.encode() or b"none\n",
    }
