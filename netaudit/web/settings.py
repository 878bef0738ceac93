"""How the page is served."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from netaudit.errors import UsageError
from netaudit.web.oidc_settings import OidcSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """`accounts`: people log in by name and password; else one person, by the key that the start printed.

    `scopes`: folder of the scope files from which a scan may be started, None for no scans. `runs`: where such scans
    write. `names`: host names under which the page may be asked, beside its address. `oidc`: who signs people in.
    `notices`: who is told what; messages that failed are sent again from there.
    """

    host: str = "127.0.0.1"
    port: int = 8470
    certificate: Path | None = None
    private_key: Path | None = None
    accounts: bool = False
    scopes: Path | None = None
    runs: Path = Path("netaudit-runs")
    names: tuple[str, ...] = ()
    oidc: OidcSettings | None = None
    notices: Path = Path("notices.toml")

    @property
    def secure(self) -> bool:
        """True when the page is served by TLS."""
        return self.certificate is not None

    @property
    def hosts(self) -> frozenset[str]:
        """The host names that a request may carry: anything else is somebody else's page pointing here."""
        local = {"localhost", "127.0.0.1", "::1"} if is_loopback(self.host) else set()
        return frozenset({self.host, *self.names, *local, *({self.oidc.host} if self.oidc else ())})


def checked(settings: Settings) -> Settings:
    """Return the settings. Raises UsageError where the page would be open to a network without TLS or accounts."""
    if not is_loopback(settings.host) and not (settings.secure and settings.accounts):
        raise UsageError(
            f"{settings.host} can be reached by others: that needs TLS (--certificate, --private-key) and accounts "
            "(--accounts; make the first with `netaudit serve --add-account NAME --role administrator`)"
        )
    if settings.secure != (settings.private_key is not None):
        raise UsageError("--certificate and --private-key belong together")
    return settings


def is_loopback(host: str) -> bool:
    """True for an address or name of this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
