"""Where a store is: a file (SQLite) or the URL of a PostgreSQL database."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from netaudit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """`url`: for SQLAlchemy. `file`: the SQLite file, None for a server. `folder`: where attachments and locks lie."""

    url: str
    file: Path | None
    folder: Path

    @property
    def where(self) -> str:
        """The place as `--store` takes it."""
        return str(self.file) if self.file else self.url.replace("+psycopg", "", 1)

    @property
    def shown(self) -> str:
        """The place for people: a password in the URL is not shown."""
        if self.file:
            return str(self.file)
        parts = urlsplit(self.url)
        return f"{parts.scheme.partition('+')[0]}://{parts.hostname or ''}{parts.path}"


def default_place() -> str:
    """Return $NETAUDIT_STORE, else netaudit/netaudit.db in the user's data folder."""
    return os.environ.get("NETAUDIT_STORE") or str(_user_data() / "netaudit.db")


def place_of(where: str | Path | None = None) -> Place:
    """Return the place of a path or a URL ("postgresql://user@host/name"), the default when None. Raises UsageError.

    A password belongs into ~/.pgpass or $PGPASSWORD, which the PostgreSQL library reads: a URL shows in `ps`.
    """
    text = str(where) if where else default_place()
    if "://" not in text:
        path = Path(text)
        return Place(f"sqlite:///{path}", path, path.parent)
    scheme, _, rest = text.partition("://")
    if scheme not in {"postgresql", "postgres"}:
        raise UsageError(f"a store is a file or postgresql://user@host/name, not {scheme}://")
    return Place(f"postgresql+psycopg://{rest}", None, _user_data())


def _user_data() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "netaudit"
