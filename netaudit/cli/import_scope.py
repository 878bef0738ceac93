"""Whose networks imported files speak of: a scope file's, or such as the command line names. Nothing is sent there."""

import argparse
from collections.abc import Sequence
from datetime import date
from ipaddress import ip_network
from pathlib import Path

from netaudit.errors import UsageError
from netaudit.scope.load import load_scope, parse_scope
from netaudit.scope.model import Authorisation, Network, Scope
from netaudit.scope.write import scope_text

_NOBODY = Authorisation(
    "not named", "nobody: files were imported, nothing may be sent", "", "", date(1970, 1, 1), date(1970, 1, 1)
)


def scope_of(options: argparse.Namespace, *, needed: bool = True) -> Scope | None:
    """Return the scope for a new run: of --scope, of --network, or scope.toml here. Raises UsageError where needed."""
    if options.network:
        if options.scope:
            raise UsageError("--network and --scope say the same: name one of them")
        return parse_scope(permission_for_nothing(options.network))
    path = options.scope or Path("scope.toml")
    if path.exists():
        return load_scope(path)
    if options.scope or needed:
        raise UsageError(
            f"{path} is not there: name your networks with --network 10.20.0.0/24, write a scope with `netaudit init`, "
            "or add to a run with --out"
        )
    return None


def permission_for_nothing(networks: Sequence[str]) -> bytes:
    """Return a scope that names networks to report on and permits no packet: it ended in 1970. Raises UsageError."""
    try:
        nets = [ip_network(text.strip(), strict=False) for text in networks]
    except ValueError as error:
        raise UsageError(f"--network {error}: write it as 10.20.0.0/24") from error
    why = "named on the command line"
    return scope_text(_NOBODY, [Network(net, public=net.is_global, reason=why) for net in nets]).encode()
