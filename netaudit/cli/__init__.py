"""The command line: finds the verb, calls it, turns errors into messages and exit codes.

Exit status: 0 done, 1 done but something needs attention, 2 wrong use or bad input, 130 interrupted.
Only the verb that is called is imported, so that `netaudit --help` is quick.
"""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence

from netaudit import __version__
from netaudit.cli.verbs import MODULES, VERBS
from netaudit.errors import NetauditError

_EPILOG = """\
A first walk:
  netaudit demo                      look at what comes out, on a virtual building
  netaudit init                      write down what may be asked and who allows it
  netaudit scan --dry-run            see what would be sent to whom, and how long it takes
  netaudit scan                      do it; ends with the path of the report
  netaudit explain 10.20.0.7         why is this device called so?

`netaudit VERB --help` explains a verb. Only addresses inside your written scope get a packet; nothing is changed
on any device; no password is guessed.
Exit status: 0 done, 1 done but something needs attention (findings, rows that could not be read, a verification that
failed, a partial run), 2 wrong use or bad input, 130 interrupted.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        parser = parser_for(words)
        if not words:
            parser.print_help(sys.stderr)
            return 2
        options = parser.parse_args(words)
        return int(options.command(options))
    except NetauditError as error:
        print(f"netaudit: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print("netaudit: interrupted", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough: not an error, and no trace at interpreter exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"netaudit: {_system_says(error)}", file=sys.stderr)  # noqa: T201
        return 2


def _system_says(error: OSError) -> str:
    """Say what the system refused, and what to do: a full disk, a folder that may not be written, a path of a file."""
    reason = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}{reason}. What was written before is whole: make room, then call this again (a scan: --resume)"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
        return f"{where}{reason}: choose another place, or see to the rights"
    return f"{where}{reason}"


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser; the options of a verb are there only when `words` names it."""
    parser = argparse.ArgumentParser(
        prog="netaudit",
        description="Which cameras and recorders are on our networks, who really made each one, and how do we get "
        "the banned ones out?",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"netaudit {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    chosen = next((word for word in words if word in VERBS), None)
    for name, summary in VERBS.items():
        verb = verbs.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name == chosen:
            importlib.import_module(f"netaudit.cli.{MODULES.get(name, name)}").configure(verb)
    return parser
