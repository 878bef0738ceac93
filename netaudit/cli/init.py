"""netaudit init: ask what may be scanned and who allows it, and write that down."""

import argparse
from collections.abc import Sequence
from datetime import date
from ipaddress import ip_network
from pathlib import Path

from netaudit.cli.terminal import ask, say
from netaudit.clock import now
from netaudit.errors import NetauditError, UsageError
from netaudit.scope.gate import check_dates
from netaudit.scope.load import load_scope, no_scope, parse_scope
from netaudit.scope.model import Authorisation, Net, Network
from netaudit.scope.write import scope_text, write_new

_EPILOG = """\
Asks which networks may be scanned (this machine's own are proposed), who allows it, and until when; writes
scope.toml. Nothing is sent. Every answer can be given as an option, for scripts:

  netaudit init
  netaudit init --network 192.168.1.0/24 --site "Head office"
  netaudit init --network 10.0.0.0/24 --organisation "Example School" --authorised-by "A. Person" \\
                --role "Head of Estates" --reference "memo 7" --until 2027-06-30 --yes
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--scope", type=Path, default=Path("scope.toml"), help="file to write (default: %(default)s)")
    parser.add_argument("--network", action="append", default=[], metavar="CIDR", help="a network; may be repeated")
    parser.add_argument("--exclude", action="append", default=[], metavar="ADDRESS", help="address or network left out")
    parser.add_argument("--site", default="", help="name of the building")
    parser.add_argument("--public-reason", default="", metavar="WHY", help="needed for public ranges that are yours")
    parser.add_argument("--organisation", default="", help="who owns the networks")
    parser.add_argument("--authorised-by", default="", metavar="NAME", help="who allows the scan")
    parser.add_argument("--role", default="", help="what that person is")
    parser.add_argument("--reference", default="", help="ticket, memo or contract that holds the permission")
    parser.add_argument("--until", default="", metavar="DATE", help="last day of the permission, YYYY-MM-DD")
    parser.add_argument("--yes", action="store_true", help="ask nothing; fail where an answer is missing")
    parser.add_argument("--keep", action="store_true", help="leave a valid existing file as it is")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the scope file."""
    if options.scope.exists():
        if not options.keep:
            raise UsageError(f"{options.scope} exists already: edit it, or name another file with --scope")
        check_dates(load_scope(options.scope), now().date())
        say(f"Using the permission recorded in {options.scope}.")
        return 0
    try:
        text = _text(options)
    except EOFError as error:
        raise UsageError("an answer is missing: answer on the terminal, or give it as an option (--help)") from error
    write_new(options.scope, text)
    say(f"Wrote {options.scope}. Next: netaudit scan --scope {options.scope} --dry-run")
    return 0


def _text(options: argparse.Namespace) -> str:
    """Ask what is missing; render the file. Networks come first: a mistake there ends the questions early."""
    networks = _networks(options)
    today = now().date()
    say("\nEvery scan needs somebody who allows it. The answers are kept with every log and report.")
    granted = Authorisation(
        organisation=_answer(options, "organisation", "Which organisation owns these networks?"),
        authorised_by=_answer(options, "authorised_by", "Who allows the scan? (name)"),
        role=_answer(options, "role", "What is that person's role?", optional=True),
        reference=_answer(options, "reference", "Where is the permission written down? (ticket, memo)", optional=True),
        valid_from=today,
        valid_until=date.fromisoformat(_until(options, today)),
    )
    return scope_text(granted, networks)


def _networks(options: argparse.Namespace) -> list[Network]:
    cidrs = [_network(text) for text in options.network or _asked_networks(options)]
    excluded = tuple(_parsed(item) for item in options.exclude)
    site = options.site or ("" if options.yes else ask("What is the building called?", "Main building"))
    networks = [Network(cidr, site, exclude=excluded) for cidr in cidrs]
    for index, network in enumerate(networks):
        if _refused_as_public(network):
            reason = options.public_reason or (
                "" if options.yes else ask(f"{network.cidr} is public. Why is it yours?")
            )
            networks[index] = Network(network.cidr, site, exclude=excluded, public=bool(reason), reason=reason)
    # Rendering with a stand-in authorisation makes every mistake in the networks show before the questions start.
    scope_text(Authorisation("-", "-", "", "", date.min, date.max), networks)
    return networks


def _refused_as_public(network: Network) -> bool:
    try:
        parse_scope(scope_text(Authorisation("-", "-", "", "", date.min, date.max), [network]).encode())
    except NetauditError as error:
        return "public range" in str(error)
    return False


def _asked_networks(options: argparse.Namespace) -> list[str]:
    from netaudit.net.interfaces import local_networks

    proposed = [str(network) for network in local_networks()]
    if options.yes:
        raise UsageError("--yes needs at least one --network")
    if proposed:
        say("This machine is on: " + ", ".join(proposed))
    answer = ask("Which networks may be scanned? (separated by blanks)", " ".join(proposed), _complaint_networks)
    return answer.replace(",", " ").split()


def _complaint_networks(answer: str) -> str | None:
    texts: Sequence[str] = answer.replace(",", " ").split()
    try:
        for text in texts:
            _network(text)
    except UsageError as error:
        return str(error)
    return None if texts else "at least one network, such as 10.20.0.0/24"


def _network(text: str) -> Net:
    cidr = _parsed(text)
    if complaint := no_scope(cidr):
        raise UsageError(complaint)
    return cidr


def _parsed(text: str) -> Net:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no network: {error} (such as 10.20.0.0/24)") from error


def _answer(options: argparse.Namespace, name: str, question: str, *, optional: bool = False) -> str:
    given = str(getattr(options, name))
    if given or (options.yes and optional):
        return given
    if options.yes:
        raise UsageError(f"--yes needs --{name.replace('_', '-')}")
    return ask(question, check=None if optional else lambda text: None if text else "this cannot stay empty")


def _until(options: argparse.Namespace, today: date) -> str:
    year_ahead = today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat()
    if not options.until and options.yes:
        return year_ahead
    if options.until:
        if complaint := _complaint_date(options.until, today):
            raise UsageError(f"--until: {complaint}")
        return str(options.until)
    return ask("Until which day? (YYYY-MM-DD)", year_ahead, lambda text: _complaint_date(text, today))


def _complaint_date(text: str, today: date) -> str | None:
    try:
        until = date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no date such as {today.replace(year=today.year + 1, day=1)}"
    return None if until >= today else f"{until} has passed"
