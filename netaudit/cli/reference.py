"""Makes docs/reference/commands.md from the commands' own help, so that the page cannot lie.

python -m netaudit.cli.reference > docs/reference/commands.md
"""

import os
import sys

from netaudit.cli import parser_for
from netaudit.cli.verbs import VERBS

_HEAD = """\
# Commands

Generated from `--help` (`python -m netaudit.cli.reference > docs/reference/commands.md`); a test keeps it true.

Exit status of every command: 0 done, 1 done but something needs attention, 2 wrong use or bad input, 130 interrupted.
"""


def page() -> str:
    """Return the whole page."""
    os.environ["COLUMNS"] = "100"
    parts = [_HEAD, _block("netaudit --help", parser_for([]).format_help())]
    for verb in VERBS:
        parser = parser_for([verb])
        actions = next(action for action in parser._actions if action.dest == "verb")
        assert isinstance(actions.choices, dict)
        parts.append(
            f"\n## netaudit {verb}\n\n" + _block(f"netaudit {verb} --help", actions.choices[verb].format_help())
        )
    return "".join(parts)


def _block(command: str, text: str) -> str:
    return f"\n```\n$ {command}\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(page())
