"""What came of the files of an import, told: counts, rows that could not be read, files that were refused."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netaudit.cli.terminal import harmless, out, say, table

if TYPE_CHECKING:
    from netaudit.intake.reading import Account

_SHOWN = 20


def show(accounts: Sequence["Account"], refused: Sequence[str], public: int = 0, *, quiet: bool = False) -> int:
    """Print what came of the files; return the exit status. `quiet`: standard output is taken by the data."""
    rows = [(a.source.name, a.format.name, _counted(a) or "nothing", str(a.new), str(a.unread_count)) for a in accounts]
    for line in table(("FILE", "FORMAT", "READ", "NEW", "UNREAD"), rows):
        (say if quiet else out)(line)
    for account in accounts:
        _show_unread(account)
    for problem in refused:
        say(f"Not read: {harmless(problem)}")
    if public:
        say(f"{public} public addresses outside the scope were left out.")
    return 1 if refused or not all(account.whole for account in accounts) else 0


def _counted(account: "Account") -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(account.told.items()))


def _show_unread(account: "Account") -> None:
    name = account.source.name
    for item in account.unread[:_SHOWN]:
        say(harmless(f"{name}:{item.row}: {item.why}", 200))
    if account.unread_count > _SHOWN:
        say(f"{name}: {account.unread_count - _SHOWN} more rows could not be read")
    for loss in account.losses:
        say(harmless(f"{name}: {loss}; what came before is kept", 300))
