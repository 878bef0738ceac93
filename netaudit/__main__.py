"""Where the program starts: `netaudit`, and `python -m netaudit`. Ctrl-C ends it with a line, at whatever moment."""

import os
import sys


def start() -> int:
    """Run the command line; return its exit status. Interrupted, the process ends here and at once."""
    try:
        from netaudit.cli import main

        status = main()
    except KeyboardInterrupt:
        # While the program was still being loaded: there is nothing to keep yet.
        sys.stderr.write("netaudit: interrupted\n")
        status = 130
    if status == 130:
        _end(status)
    return status


def _end(status: int) -> None:
    """End without Python's own tidying up: it would die by the signal, or show a trace at a second Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(status)


if __name__ == "__main__":
    sys.exit(start())
