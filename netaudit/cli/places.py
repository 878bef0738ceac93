"""Where a user's own files lie, by the XDG base directory specification."""

import os
from pathlib import Path


def user_data() -> Path:
    """Return the folder of what netaudit keeps for the user: $XDG_DATA_HOME/netaudit."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "netaudit"


def user_config() -> Path:
    """Return the folder of what the user writes: $XDG_CONFIG_HOME/netaudit."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "netaudit"


def user_signatures() -> Path:
    """Return the folder of the user's own signatures, laid out like signatures/; it need not exist."""
    return user_config() / "signatures"


def user_registry() -> Path:
    """Return the folder of the user's own copies of the MAC registries; it need not exist."""
    return user_data() / "oui"


def beside_store(store: str | Path | None, name: str) -> Path:
    """Return the path of a file that is kept beside the store chosen, $NETAUDIT_STORE, or the default.

    For a store on a server that is the user's data folder.
    """
    chosen = str(store or os.environ.get("NETAUDIT_STORE") or "")
    return (Path(chosen).parent if chosen and "://" not in chosen else user_data()) / name
