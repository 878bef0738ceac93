"""What is loaded while the wire is waited for: modules that are needed only after the last packet."""

from contextlib import suppress
from importlib import import_module
from threading import Timer
from typing import Final

from netaudit.scope.model import Scope

_REPORT: Final = ("netaudit.report.model", "netaudit.report.html", "netaudit.report.csv", "netaudit.report.json")
_STORE: Final = ("netaudit.store.folder", "netaudit.store.store", "alembic.command")
_SMALL: Final = 4096
# The first seconds are busy.
_NOT_BEFORE: Final = 3.0


def load_meanwhile(scope: Scope) -> None:
    """Load in a thread, soon. The store's library only for a small scope: else memory counts for more than time."""
    small = sum(network.cidr.num_addresses for network in scope.networks) <= _SMALL
    loading = Timer(_NOT_BEFORE, _load, (_REPORT + (_STORE if small else ()),))
    loading.daemon = True
    loading.start()


def _load(names: tuple[str, ...]) -> None:
    # Who needs it will say what is missing.
    with suppress(ImportError):
        for name in names:
            import_module(name)
        from netaudit.report import html

        html.prepare()
