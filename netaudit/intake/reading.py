"""Files in, observations out; what was told and what could not be read is counted a file."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from netaudit.evidence.observation import Observation
from netaudit.intake.model import Format, Told, Unread
from netaudit.intake.place import Placer
from netaudit.intake.registry import format_named, recognise
from netaudit.intake.source import Source

SHOWN: Final = 1000
"""Rows that could not be read and are listed one by one; the rest is counted."""


@dataclass(slots=True)
class Account:
    """What came of one file. `told`: observations by kind; `new`: those that the log had not yet.

    `unread`: rows that could not be read, the first ones; `unread_count`: all of them. `losses`: why it ended early.
    """

    source: Source
    format: Format
    told: Counter[str] = field(default_factory=Counter)
    new: int = 0
    left_out: int = 0
    unread: list[Unread] = field(default_factory=list)
    unread_count: int = 0

    @property
    def losses(self) -> tuple[str, ...]:
        """Why the file was not read to its end."""
        return tuple(self.source.losses)

    @property
    def whole(self) -> bool:
        """True where every row was read."""
        return not self.unread_count and not self.losses


def chosen_format(source: Source, name: str = "") -> Format:
    """Return the format called `name`, or the one that the file is in.

    Raises DataError for a file in no known format, UsageError for an unknown name.
    """
    return format_named(name) if name else recognise(source.head(), source.name)


def read(account: Account, placer: Placer, keep: Callable[[Observation], bool]) -> Account:
    """Read the file of an account to its end, and note in it what came of it. `keep`: writes; True for new evidence."""
    for item in account.format.read(account.source):
        if isinstance(item, Unread):
            account.unread_count += 1
            if len(account.unread) < SHOWN:
                account.unread.append(item)
            continue
        _keep(item, account, placer, keep)
    return account


def _keep(item: Told, account: Account, placer: Placer, keep: Callable[[Observation], bool]) -> None:
    observation = placer.place(item, account.source, account.format.name)
    if observation is None:
        account.left_out += 1
        return
    account.told[item.kind] += 1
    account.new += keep(observation)


def sentences(accounts: Iterable[Account], placer: Placer) -> list[str]:
    """Return what the import could not see, as the report says it."""
    found = []
    for account in accounts:
        name = account.source.name
        found += [f"{name}: {loss}" for loss in account.losses]
        if account.unread_count:
            found.append(f"{name}: {account.unread_count} rows could not be read")
    if placer.outside:
        nets = [f"{net} ({count})" for net, count in itertools.islice(placer.outside.most_common(), 8)]
        more = f" and {len(placer.outside) - 8} more networks" if len(placer.outside) > 8 else ""
        found.append(
            f"{placer.outside.total()} addresses outside the scope were told by files: {', '.join(nets)}{more}; "
            "they are kept and were never asked"
        )
    if placer.public:
        found.append(f"{placer.public} public addresses outside the scope were told by files and left out")
    return found
