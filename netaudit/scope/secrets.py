"""Where a credential's secret comes from, and for which device it may be used. No secret is ever printed or kept."""

import os
import re
import stat
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from netaudit.errors import ScopeError
from netaudit.scope.gate import plain_address
from netaudit.scope.model import Credential

MAX_SECRET: Final = 1024
"""Longest secret, in bytes: a longer file is surely the wrong file."""
PASSPHRASE: Final = "NETAUDIT_PASSPHRASE"  # noqa: S105
_MAX_VAULT: Final = 1 << 20
_MAC: Final = re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12}", re.IGNORECASE)


def resolve(credential: Credential) -> str:
    """Return the secret of env:NAME, keyring:SERVICE/USER, file:PATH or age:PATH#NAME.

    Raises ScopeError that names the credential and its source and says what to do; never the secret.
    """
    scheme, _, place = credential.source.partition(":")
    reader = _READERS.get(scheme)
    if reader is None or not place:
        raise _error(credential, "is not a source", "write env:NAME, keyring:SERVICE/USER, file:PATH or age:PATH#NAME")
    secret = reader(credential, place)
    if not secret:
        raise _error(credential, "holds no secret", "set it, or remove the credential from the scope")
    return secret


@dataclass(frozen=True, slots=True)
class Bearer:
    """What is known of a device when it is decided which credential is for it. `maker`: an id, "" not known."""

    ip: str
    macs: tuple[str, ...] = ()
    site: str = ""
    maker: str = ""


def bound(credential: Credential, bearer: Bearer) -> bool:
    """True when the owner bound this credential to the address, its network, one of the MACs, the site or the maker.

    "site:NAME" and "maker:ID" bind to a site of the scope and to a maker. An entry that joins several with " and "
    ("site:HQ and maker:axis") wants all of them.
    """
    return any(all(_fits(part.strip(), bearer) for part in entry.split(" and ")) for entry in credential.bound_to)


def _fits(entry: str, bearer: Bearer) -> bool:
    scheme, _, name = entry.partition(":")
    if scheme == "site":
        return bool(name) and name == bearer.site
    if scheme == "maker":
        return bool(name) and name == bearer.maker
    wanted = {_plain_mac(mac) for mac in bearer.macs} - {""}
    return _plain_mac(entry) in wanted or _holds(entry, bearer.ip)


def _from_environment(credential: Credential, name: str) -> str:
    if name not in os.environ:
        raise _error(credential, "is not set", f"export {name} before the scan")
    return os.environ[name]


def _from_key_ring(credential: Credential, place: str) -> str:
    service, slash, user = place.rpartition("/")
    if not slash or not service or not user:
        raise _error(credential, "is not SERVICE/USER", "write keyring:SERVICE/USER")
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise _error(credential, "needs the package keyring", "install netaudit[keyring]") from None
    try:
        return str(keyring.get_password(service, user) or "")
    except keyring.errors.KeyringError as error:
        raise _error(credential, f"cannot be read ({type(error).__name__})", "unlock the key ring") from None


def _from_file(credential: Credential, place: str) -> str:
    path = Path(place).expanduser()
    try:
        with path.open("rb") as file:
            # Held against the open file, not the path, so that nobody can swap it in between.
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode) or stat.S_IMODE(mode) & 0o177:
                raise _error(credential, "may be read by others", f"chmod 600 {place}")
            data = file.read(MAX_SECRET + 1)
    except OSError as error:
        raise _error(credential, f"cannot be read ({error.strerror})", "check the path and its owner") from None
    return _text(credential, data)


def _text(credential: Credential, data: bytes) -> str:
    line = data.rstrip(b"\r\n")
    if len(data) > MAX_SECRET or b"\n" in line:
        raise _error(credential, "holds more than one line", "keep only the secret in it")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        # Without the cause: its text would hold bytes of the secret.
        raise _error(credential, "is not UTF-8 text", "keep only the secret in it, as text") from None


def _from_age(credential: Credential, place: str) -> str:
    """One of the NAME=SECRET lines of a file that age encrypted with a passphrase (age-encryption.org)."""
    path, _, name = place.rpartition("#")
    if not path or not name:
        raise _error(credential, "does not say which secret of the file", "write age:PATH#NAME")
    try:
        import pyrage
    except ImportError:
        raise _error(credential, "needs the package pyrage", "install netaudit[age]") from None
    try:
        with Path(path).expanduser().open("rb") as file:
            data = file.read(_MAX_VAULT + 1)
    except OSError as error:
        raise _error(credential, f"cannot be read ({error.strerror})", "check the path and its owner") from None
    try:
        lines = pyrage.passphrase.decrypt(data, passphrase()).decode("utf-8").splitlines()
    except (pyrage.DecryptError, UnicodeDecodeError):
        # Without the cause: it may hold what was decrypted.
        raise _error(credential, "cannot be opened", "check the passphrase, and that age -p made the file") from None
    return next((line.partition("=")[2] for line in lines if line.partition("=")[0].strip() == name), "").strip()


def passphrase() -> str:
    """Return the passphrase of encrypted files: $NETAUDIT_PASSPHRASE, else asked for once on the terminal."""
    return os.environ.get(PASSPHRASE) or _asked()


@cache
def _asked() -> str:
    import getpass

    return getpass.getpass("Passphrase of the encrypted secrets: ")


_READERS: Final = {"env": _from_environment, "keyring": _from_key_ring, "file": _from_file, "age": _from_age}


def _error(credential: Credential, problem: str, remedy: str) -> ScopeError:
    return ScopeError(f"credential {credential.name!r}: {credential.source} {problem}: {remedy}")


def _plain_mac(text: str) -> str:
    return re.sub("[:.-]", "", text.lower()) if _MAC.fullmatch(text) else ""


def _holds(entry: str, ip: str) -> bool:
    try:
        network, address = ip_network(entry, strict=False), plain_address(ip)
    except ValueError:
        return False
    return address.version == network.version and address in network
