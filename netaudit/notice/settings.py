"""notices.toml: what is told, to whom, over which channel. Names secrets, never holds one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from netaudit.scope.model import SOURCES, Credential
from netaudit.toml_file import TomlFile, read_toml

_TELL: Final = ("language", "appeared", "deadline_days", "coverage_drop", "runs")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_HOST: Final = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SOURCE: Final = "env:NAME, keyring:SERVICE/USER, file:PATH or age:PATH#NAME"
FACILITIES: Final = {"user": 1, "daemon": 3, "auth": 4, **{f"local{number}": 16 + number for number in range(8)}}


@dataclass(frozen=True, slots=True)
class Tell:
    """What is told. `deadline_days`: so many days before; `coverage_drop`: share; `runs`: failed and missed ones."""

    language: str = "en"
    appeared: bool = True
    deadline_days: tuple[int, ...] = (90, 30, 7)
    coverage_drop: float = 0.2
    runs: bool = True


@dataclass(frozen=True, slots=True)
class Mail:
    """E-mail by SMTP. `security`: starttls, tls (from the first byte), none. `ca`: a file of certificates, or None."""

    name: str
    server: str
    port: int
    security: str
    sender: str
    to: tuple[str, ...]
    credential: Credential | None
    ca: Path | None

    @property
    def targets(self) -> tuple[str, ...]:
        """One message for each address, so that one that is refused holds up no other."""
        return self.to


@dataclass(frozen=True, slots=True)
class Webhook:
    """A signed POST of JSON."""

    name: str
    url: str
    credential: Credential
    ca: Path | None

    @property
    def targets(self) -> tuple[str, ...]:
        """The address without its query, which may hold a key."""
        return (self.url.partition("?")[0],)


@dataclass(frozen=True, slots=True)
class Syslog:
    """RFC 5424 over udp, tcp or tls. `facility`: its number."""

    name: str
    server: str
    port: int
    transport: str
    facility: int
    ca: Path | None

    @property
    def targets(self) -> tuple[str, ...]:
        """Transport, host and port."""
        return (f"{self.transport} {self.server}:{self.port}",)


Channel: TypeAlias = Mail | Webhook | Syslog


@dataclass(frozen=True, slots=True)
class Settings:
    """`waits`: seconds before the second try, the third ...; after the last of them a message is a dead letter."""

    tell: Tell = Tell()
    waits: tuple[float, ...] = (2, 20, 300, 1800, 7200, 21600, 43200)
    channels: tuple[Channel, ...] = ()

    def channel(self, name: str) -> Channel | None:
        """Return the channel of a name."""
        return next((channel for channel in self.channels if channel.name == name), None)


def read_settings(path: Path) -> Settings:
    """Read notices.toml. Raises DataError with file and line."""
    file = read_toml(path)
    known = {"tell", "retry", "mail", "webhook", "syslog"}
    for table in file.data:
        if table not in known:
            raise file.error(f"has the unknown table [{table}]", f"only {', '.join(sorted(known))}", table)
    channels = tuple(
        make(_Entry(file, table, index, entry))
        for table, make in (("mail", _mail), ("webhook", _webhook), ("syslog", _syslog))
        for index, entry in enumerate(_entries(file, table))
    )
    names = [channel.name for channel in channels]
    if len(names) != len(set(names)):
        raise file.error("two channels have the same name", "a name of its own for each")
    return Settings(_tell(file), _waits(file), channels)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table of the file, with its place for messages."""

    file: TomlFile
    table: str
    index: int
    data: Mapping[str, Any]

    def only(self, *keys: str) -> None:
        """Refuse what is not among the keys."""
        for key in self.data:
            if key not in keys:
                raise self.file.error(f"unknown key {key!r}", f"one of {', '.join(keys)}", self.table, self.index, key)

    def text(self, key: str, expected: str, default: str | None = None, form: re.Pattern[str] | None = None) -> str:
        """Return a text. Raises DataError where it is missing or has another form."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or not value.isprintable() or (form and not form.fullmatch(value)):
            problem = f"{key} is missing" if value is None else f"{key} is {value!r}"
            raise self.file.error(problem, expected, self.table, self.index, key)
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """Return one of some words."""
        return self.text(key, f"one of {', '.join(choices)}", default, re.compile("|".join(choices)))

    def port(self, default: int) -> int:
        """Return the port."""
        value = self.data.get("port", default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 65536:
            raise self.file.error(f"port is {value!r}", "a number from 1 to 65535", self.table, self.index, "port")
        return value

    def ca(self) -> Path | None:
        """Return the file of certificates that are trusted, instead of the machine's own."""
        if "ca" not in self.data:
            return None
        return self.file.path.resolve().parent / Path(self.text("ca", 'ca = "FILE"')).expanduser()

    def credential(self, name: str, username: str = "") -> Credential:
        """Return where the secret lies. It is for this channel only, so it is bound to no device."""
        source = self.text("source", _SOURCE)
        if source.partition(":")[0] not in SOURCES or not source.partition(":")[2]:
            raise self.file.error(f"source is {source!r}", _SOURCE, self.table, self.index, "source")
        return Credential(f"notices {name}", username, source, ())


def _entries(file: TomlFile, table: str) -> list[Mapping[str, Any]]:
    entries = file.data.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise file.error(f"[{table}] is not a list of tables", f"[[{table}]] with two brackets", table)
    return entries


def _name(entry: _Entry) -> str:
    return entry.text("name", "small letters, digits and -, at most 40", entry.table, _NAME)


def _mail(entry: _Entry) -> Mail:
    entry.only("name", "server", "port", "security", "from", "to", "username", "source", "ca")
    name, security = _name(entry), entry.choice("security", ("starttls", "tls", "none"), "starttls")
    to = entry.data.get("to")
    if not isinstance(to, list) or not to or not all(isinstance(one, str) and _ADDRESS.fullmatch(one) for one in to):
        raise entry.file.error("to is no list of addresses", 'to = ["it@example.org"]', "mail", entry.index, "to")
    username = entry.text("username", 'username = "..."', "")
    if username and security == "none":
        problem = "a password over a connection that is not encrypted"
        raise entry.file.error(problem, 'security = "starttls" or "tls"', "mail", entry.index, "security")
    credential = entry.credential(name, username) if username else None
    port = entry.port({"tls": 465, "none": 25}.get(security, 587))
    sender = entry.text("from", 'from = "netaudit@example.org"', None, _ADDRESS)
    server = entry.text("server", 'server = "mail.example.org"', None, _HOST)
    return Mail(name, server, port, security, sender, tuple(to), credential, entry.ca())


def _webhook(entry: _Entry) -> Webhook:
    entry.only("name", "url", "source", "ca", "plain")
    url, plain = entry.text("url", 'url = "https://..."'), entry.data.get("plain", False)
    if plain not in (True, False):
        raise entry.file.error(f"plain is {plain!r}", "true or false", "webhook", entry.index, "plain")
    if not _is_url(url) or (urlsplit(url).scheme == "http" and not plain):
        expected = "an https address without a password in it (http only with plain = true: anybody between can read)"
        raise entry.file.error("url is not one that is posted to", expected, "webhook", entry.index, "url")
    name = _name(entry)
    return Webhook(name, url, entry.credential(name), entry.ca())


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    return whole and url.isascii() and " " not in url and "@" not in parts.netloc and not parts.fragment


def _syslog(entry: _Entry) -> Syslog:
    entry.only("name", "server", "port", "transport", "facility", "ca")
    transport = entry.choice("transport", ("udp", "tcp", "tls"), "udp")
    facility = FACILITIES[entry.choice("facility", tuple(FACILITIES), "local0")]
    server = entry.text("server", 'server = "log.example.org"', None, _HOST)
    return Syslog(
        _name(entry), server, entry.port(6514 if transport == "tls" else 514), transport, facility, entry.ca()
    )


def _tell(file: TomlFile) -> Tell:
    entry = _Entry(file, "tell", 0, _table(file, "tell"))
    entry.only(*_TELL)
    flags = {key: entry.data.get(key, True) for key in ("appeared", "runs")}
    for key, value in flags.items():
        if not isinstance(value, bool):
            raise file.error(f"{key} is {value!r}", "true or false", "tell", 0, key)
    days = entry.data.get("deadline_days", list(Tell().deadline_days))
    if not isinstance(days, list) or not all(type(day) is int and 0 < day < 4000 for day in days):
        raise file.error(f"deadline_days is {days!r}", "a list of days, e.g. [90, 30, 7]", "tell", 0, "deadline_days")
    drop = entry.data.get("coverage_drop", Tell().coverage_drop)
    if type(drop) not in (int, float) or not 0 < drop <= 1:
        raise file.error(f"coverage_drop is {drop!r}", "a share such as 0.2", "tell", 0, "coverage_drop")
    language = entry.text("language", "the code of a language", "en", re.compile("[a-z]{2}"))
    return Tell(language, flags["appeared"], tuple(sorted(set(days), reverse=True)), float(drop), flags["runs"])


def _waits(file: TomlFile) -> tuple[float, ...]:
    entry = _Entry(file, "retry", 0, _table(file, "retry"))
    entry.only("seconds")
    waits = entry.data.get("seconds", list(Settings().waits))
    fit = isinstance(waits, list) and all(type(wait) in (int, float) and 0 <= wait <= 604_800 for wait in waits)
    if not fit or len(waits) > 20:
        raise file.error(
            f"seconds is {waits!r}", "up to 20 pauses in seconds, e.g. [2, 20, 300]", "retry", 0, "seconds"
        )
    return tuple(map(float, waits))


def _table(file: TomlFile, name: str) -> Mapping[str, Any]:
    table = file.data.get(name, {})
    if not isinstance(table, dict):
        raise file.error(f"{name} is not a table", f"[{name}]", name)
    return table
