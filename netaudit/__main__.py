"""Where the program starts: `netaudit`, and `python -m netaudit`. Ctrl-C ends it with a line, at whatever moment."""

import os
import sys
from typing import Any, Final

_AGAIN: Final = 0.05
"""Seconds until an interruption that was lost is sent again."""


def start() -> int:
    """Run the command line; return its exit status. Interrupted, the process ends here and at once."""
    sys.unraisablehook = keep_interruption
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


def keep_interruption(lost: Any) -> None:
    """Send a Ctrl-C again that Python drops, with a trace, since it came while an object was tidied away.

    `lost` is what `sys.unraisablehook` gets; anything else that cannot be raised is shown as ever.
    """
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    # Not at once: it would be raised in here, and be dropped again.
    from signal import SIGINT, pthread_kill
    from threading import Timer, main_thread

    again = Timer(_AGAIN, lambda: pthread_kill(main_thread().ident or 0, SIGINT))
    again.daemon = True
    again.start()


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
