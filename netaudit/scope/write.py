"""Answers to scope.toml: what `netaudit init` and `make audit NET=...` write."""

import os
from collections.abc import Sequence
from pathlib import Path

from netaudit.errors import UsageError
from netaudit.scope.load import parse_scope
from netaudit.scope.model import Authorisation, Network

_HEAD = """\
# What netaudit may ask, and who allowed it. This file is hashed into every log and every evidence pack.
# Edit it freely; `netaudit scan --dry-run` shows what it allows.

"""
_TAIL = """
# Defaults of the profile "normal"; remove the # to change one.
[limits]
# packets_per_second = 500     # in all
# packets_per_host = 10        # a second
# connections_per_host = 1     # open at a time
# stop_when_silent = 0.05      # the run stops itself when a larger share of the hosts falls silent under it
# never_touch = []             # ports, in addition to the built-in ones (printers, control systems)

# A credential names where a secret lies, and never holds one.
# [[credential]]
# name = "cctv-reader"
# username = "auditor"
# secret = "env:NETAUDIT_CCTV"
# bound_to = ["10.20.0.7"]

# Your own switches and routers, read by SNMP: on which port does each camera hang? (netaudit switches --help)
# [[switch]]
# address = ["10.20.0.2"]
# community = "env:NETAUDIT_SNMP"
"""


def scope_text(granted: Authorisation, networks: Sequence[Network]) -> str:
    """Render a scope file. The text is parsed again before it is returned, so that only valid files are made."""
    text = _HEAD + _authorisation(granted) + "".join(_network(network) for network in networks) + _TAIL
    parse_scope(text.encode())
    return text


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet, whole or not at all. Raises UsageError when it does."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already: edit it, or name another file with --scope") from error
    finally:
        draft.unlink()


def _authorisation(granted: Authorisation) -> str:
    return (
        "[authorisation]\n"
        f"organisation = {quoted(granted.organisation)}\n"
        f"authorised_by = {quoted(granted.authorised_by)}\n"
        f"role = {quoted(granted.role)}\n"
        f"reference = {quoted(granted.reference)}\n"
        f"valid_from = {granted.valid_from.isoformat()}\n"
        f"valid_until = {granted.valid_until.isoformat()}\n"
    )


def _network(network: Network) -> str:
    lines = ["", "[[network]]", f"cidr = {quoted(str(network.cidr))}", f"site = {quoted(network.site)}"]
    if network.name:
        lines.append(f"name = {quoted(network.name)}")
    lines.append(f"exclude = [{', '.join(quoted(str(item)) for item in network.exclude)}]")
    if network.public:
        lines += ["public = true", f"reason = {quoted(network.reason)}"]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a TOML basic string: quotes, backslashes and control characters escaped."""
    out = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in out) + '"'
