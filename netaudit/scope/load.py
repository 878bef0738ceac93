"""scope.toml to a Scope: every mistake is named with file, line and what was expected."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

from netaudit.errors import ScopeError
from netaudit.scope import agents
from netaudit.scope.model import (
    NEVER_TOUCH,
    PROFILES,
    SOURCES,
    Authorisation,
    Credential,
    Limits,
    Net,
    Network,
    Profile,
    Role,
    Scope,
    SnmpAgent,
)
from netaudit.toml_file import TomlFile, parse_toml, read_toml

_TABLES: Final = frozenset({"authorisation", "limits", "network", "credential", "switch", "router"})
_LIMIT_KEYS: Final = (
    *("packets_per_second", "packets_per_host", "connections_per_host", "pause", "never_touch", "stop_when_silent"),
)
# A mistyped prefix length must not turn a building into a continent.
_MAX_ADDRESSES: Final = 1 << 20


def load_scope(path: Path, profile: Profile = "normal") -> Scope:
    """Read scope.toml. Limits come from the profile where the file names none.

    Raises DataError (malformed) or ScopeError (well-formed, but not allowed), saying what to change.
    """
    return _scope(read_toml(path), profile)


def parse_scope(raw: bytes, profile: Profile = "normal", path: Path = Path("scope.toml")) -> Scope:
    """Parse the bytes of a scope file; same errors as `load_scope`."""
    return _scope(parse_toml(raw, path), profile)


def _scope(file: TomlFile, profile: Profile) -> Scope:
    for table in file.data:
        if table not in _TABLES:
            raise file.error(f"has the unknown table [{table}]", f"only {', '.join(sorted(_TABLES))}", table)
    networks = tuple(_network(file, index, entry) for index, entry in enumerate(_entries(file, "network")))
    if not networks:
        raise file.error("names no network", 'at least one [[network]] with cidr = "..."')
    credentials = tuple(_credential(file, index, entry) for index, entry in enumerate(_entries(file, "credential")))
    scope = Scope(_authorisation(file), networks, _limits(file, PROFILES[profile]), credentials, file.raw)
    return replace(scope, agents=tuple(_agents(file, scope)))


def _entries(file: TomlFile, table: str) -> list[Mapping[str, Any]]:
    entries = file.data.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise file.error(f"[{table}] is not a list of tables", f"[[{table}]] with two brackets", table)
    return entries


def _authorisation(file: TomlFile) -> Authorisation:
    table = file.data.get("authorisation")
    if not isinstance(table, dict):
        raise ScopeError(
            f"{file.path}: there is no [authorisation]: a scan needs somebody who allows it. "
            "Run `netaudit init`, or write organisation, authorised_by, role, reference, valid_from and valid_until"
        )
    values: dict[str, Any] = {
        key: _text(file, "authorisation", 0, table, key) for key in ("organisation", "authorised_by")
    }
    values |= {key: _text(file, "authorisation", 0, table, key, "") for key in ("role", "reference")}
    dates = {key: _date(file, table, key) for key in ("valid_from", "valid_until")}
    for key, value in values.items():
        if key in ("organisation", "authorised_by") and not value.strip():
            raise ScopeError(
                f"{file.path}:{file.line('authorisation', 0, key)}: {key} is empty: say who allows this scan"
            )
    if dates["valid_until"] < dates["valid_from"]:
        raise file.error("valid_until is before valid_from", "a later date", "authorisation", 0, "valid_until")
    return Authorisation(**(values | dates))


def _limits(file: TomlFile, base: Limits) -> Limits:
    table = file.data.get("limits", {})
    if not isinstance(table, dict):
        raise file.error("limits is not a table", "[limits]", "limits")
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _LIMIT_KEYS:
            raise file.error(f"unknown limit {key!r}", f"one of {', '.join(_LIMIT_KEYS)}", "limits", 0, key)
        changes[key] = _limit(file, key, value)
    return replace(base, **changes)


def _limit(file: TomlFile, key: str, value: Any) -> object:
    if key == "never_touch":
        return NEVER_TOUCH | _ports(file, value)
    return _share(file, key, value) if key == "stop_when_silent" else _positive(file, key, value)


def _share(file: TomlFile, key: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise file.error(f"{key} is {value!r}", "a share from 0 to 1, such as 0.05", "limits", 0, key)
    return float(value)


def _positive(file: TomlFile, key: str, value: Any) -> float | int:
    whole = key != "pause"
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not fits or value < (1 if whole else 0):
        raise file.error(f"{key} is {value!r}", "a number above 0", "limits", 0, key)
    return int(value) if whole else float(value)


def _ports(file: TomlFile, value: Any) -> frozenset[int]:
    if not isinstance(value, list) or not all(isinstance(port, int) and 0 < port < 65536 for port in value):
        raise file.error(
            f"never_touch is {value!r}", "a list of ports, added to the built-in ones", "limits", 0, "never_touch"
        )
    return frozenset(value)


def _network(file: TomlFile, index: int, entry: Mapping[str, Any]) -> Network:
    _known_keys(file, "network", index, entry, ("cidr", "site", "name", "exclude", "public", "reason"))
    cidr = _cidr(file, index, "cidr", _text(file, "network", index, entry, "cidr"))
    excluded = entry.get("exclude", [])
    if not isinstance(excluded, list) or not all(isinstance(item, str) for item in excluded):
        raise file.error("exclude is not a list of texts", '["10.20.0.1", "10.20.3.0/28"]', "network", index, "exclude")
    network = Network(
        cidr=cidr,
        site=_text(file, "network", index, entry, "site", ""),
        name=_text(file, "network", index, entry, "name", ""),
        exclude=tuple(_cidr(file, index, "exclude", item) for item in excluded),
        public=entry.get("public", False) is True,
        reason=_text(file, "network", index, entry, "reason", ""),
    )
    _check_reach(file, index, network)
    return network


def _check_reach(file: TomlFile, index: int, network: Network) -> None:
    where = f"{file.path}:{file.line('network', index, 'cidr')}"
    if complaint := no_scope(network.cidr):
        raise ScopeError(f"{where}: {complaint}")
    if _is_public(network.cidr) and not (network.public and network.reason.strip()):
        raise ScopeError(
            f"{where}: {network.cidr} is a public range: if your organisation owns it, set public = true and "
            'reason = "..." on this network; otherwise correct the cidr'
        )


def no_scope(cidr: Net) -> str:
    """Return why these addresses can be no network of a scope, whoever allows it; "" where they can."""
    if cidr.version == 4 and cidr.num_addresses > _MAX_ADDRESSES:
        return f"{cidr} holds {cidr.num_addresses} addresses: split it (at most a /12)"
    if cidr.is_multicast or cidr.is_unspecified:
        return f"{cidr} is no network of hosts: name the network that the devices have"
    return ""


def _is_public(cidr: Net) -> bool:
    return not (cidr.is_private or cidr.is_link_local or cidr.is_loopback) or cidr.prefixlen == 0


def _cidr(file: TomlFile, index: int, key: str, text: str) -> Net:
    try:
        return ip_network(text)
    except ValueError as error:
        raise file.error(f"{text!r}: {error}", 'a network such as "10.20.0.0/20"', "network", index, key) from error


def _credential(file: TomlFile, index: int, entry: Mapping[str, Any]) -> Credential:
    keys = ("name", "username", "secret", "bound_to", "protocols", "auth", "privacy", "privacy_secret")
    _known_keys(file, "credential", index, entry, keys)
    if wrong := agents.user_problem(entry):
        raise file.error(wrong[1], agents.KEYS[wrong[0]], "credential", index, wrong[0])
    source = _text(file, "credential", index, entry, "secret")
    _check_source(file, "credential", index, "secret", source)
    return Credential(
        name=_text(file, "credential", index, entry, "name"),
        username=_text(file, "credential", index, entry, "username"),
        source=source,
        bound_to=_texts(file, index, entry, "bound_to", ()),
        protocols=_texts(file, index, entry, "protocols", ("onvif",)),
        authentication=_text(file, "credential", index, entry, "auth", ""),
        privacy=_text(file, "credential", index, entry, "privacy", ""),
        privacy_source=_privacy_source(file, index, entry),
    )


def _privacy_source(file: TomlFile, index: int, entry: Mapping[str, Any]) -> str:
    if "privacy_secret" not in entry:
        return ""
    source = _text(file, "credential", index, entry, "privacy_secret")
    _check_source(file, "credential", index, "privacy_secret", source)
    return source


def _check_source(file: TomlFile, table: str, index: int, key: str, source: str) -> None:
    scheme, _, place = source.partition(":")
    if scheme not in SOURCES or not place:
        raise file.error(
            f"{key} does not name where the secret lies (a secret itself must never stand in this file)",
            '"env:NAME", "keyring:SERVICE/USER", "file:PATH" or "age:PATH#NAME"', table, index, key,
        )  # fmt: skip


def _agents(file: TomlFile, scope: Scope) -> Iterator[SnmpAgent]:
    roles: tuple[Role, ...] = ("switch", "router")
    for role in roles:
        for index, entry in enumerate(_entries(file, role)):
            texts = {key: _text(file, role, index, entry, key) for key in entry if key != "address"}
            if wrong := agents.problem({"address": "", **texts}):
                raise file.error(wrong[1], agents.KEYS.get(wrong[0], f"one of {', '.join(agents.KEYS)}"), role, index)
            for key in ("community", "auth_secret", "privacy_secret"):
                if key in texts:
                    _check_source(file, role, index, key, texts[key])
            for address in _agent_addresses(file, role, index, entry.get("address"), scope):
                yield agents.agent(role, address, texts)


def _agent_addresses(file: TomlFile, role: Role, index: int, value: Any, scope: Scope) -> list[str]:
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or not wanted or not all(isinstance(item, str) for item in wanted):
        raise file.error("address is missing or no text", agents.KEYS["address"], role, index, "address")
    for item in wanted:
        try:
            held = scope.network_of(ip_address(item)) is not None
        except ValueError as error:
            raise file.error(f"{item!r} is not an address", agents.KEYS["address"], role, index, "address") from error
        if not held:
            raise ScopeError(
                f"{file.path}:{file.line(role, index, 'address')}: {item} is in no network of this scope: add the "
                "network that it stands in, or a [[network]] of its own (cidr with /32)"
            )
    return wanted


def _texts(file: TomlFile, index: int, entry: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = entry.get(key, list(default))
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise file.error(f"{key} is missing or not a list of texts", 'e.g. ["10.20.0.7"]', "credential", index, key)
    return tuple(value)


def _known_keys(file: TomlFile, table: str, index: int, entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise file.error(f"unknown key {key!r} in [[{table}]]", f"one of {', '.join(known)}", table, index, key)


def _text(
    file: TomlFile, table: str, index: int, entry: Mapping[str, Any], key: str, default: str | None = None
) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str):
        problem = f"{key} is missing" if value is None else f"{key} is {value!r}"
        raise file.error(problem, f'{key} = "..."', table, index, key)
    return value


def _date(file: TomlFile, table: Mapping[str, Any], key: str) -> date:
    value = table.get(key)
    if type(value) is not date:
        raise file.error(
            f"{key} is missing" if value is None else f"{key} is {value!r}",
            f"{key} = 2027-11-01 (a date without quotes)", "authorisation", 0, key,
        )  # fmt: skip
    return value
