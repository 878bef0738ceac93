"""netaudit doctor: is this machine ready to scan these networks?"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from netaudit.cli.terminal import harmless, out, say
from netaudit.clock import now
from netaudit.errors import UsageError

_MARKS = {"ok": "ok", "note": "note", "attention": "ATTENTION", "blocked": "BLOCKED"}
_EPILOG = """\
Reads this machine's own tables and sends nothing: rights, interfaces, routes to every network of the scope, ports
that other programs hold, the firewall here, neighbour table, rp_filter, clock, disk, engines, packages, tools.
Without a scope file it says what holds for this machine whatever is asked.

  netaudit doctor
  netaudit doctor --scope scope.toml --format json

`netaudit why ADDRESS` looks at a run instead: why one device was not found.
Exit status: 0 nothing to put right, 1 something will not be seen or cannot be done, 2 wrong use or bad input.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--scope", type=Path, help="who allowed what (default: scope.toml, where it is)")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path(), help="where runs go (default: here)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings."""
    from netaudit.diagnose.checks import examine
    from netaudit.diagnose.machine import look
    from netaudit.scope.load import load_scope

    path = options.scope or Path("scope.toml")
    if options.scope and not path.exists():
        raise UsageError(f"{path} is not there: `netaudit init` writes it, or name another with --scope")
    scope = load_scope(path) if path.exists() else None
    checks = examine(look(scope, options.out), scope, now().date())
    if options.format == "json":
        out(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    else:
        for check in checks:
            out(harmless(f"{_MARKS[check.state]:<9}  {check.subject:<13}  {check.found}"))
            if check.do:
                out(harmless(f"{'':<26}-> {check.do}"))
    bad = sum(check.state in ("attention", "blocked") for check in checks)
    if bad:
        say(f"{bad} of {len(checks)} need attention; what was not seen because of them, a run says itself.")
    return 1 if bad else 0
