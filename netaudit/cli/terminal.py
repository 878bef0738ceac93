"""What people see: messages and progress on standard error, tables on standard output."""

import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from netaudit.listen.options import ListenProgress
    from netaudit.scan.options import Progress


def say(message: str = "") -> None:
    """Print a message for people: standard error, so that standard output stays a pipe of data."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def out(line: str) -> None:
    """Print one line of data to standard output."""
    print(line, flush=False)  # noqa: T201


def out_json(row: object) -> None:
    """Print one document as a line of JSON to standard output."""
    from netaudit.evidence.json_line import json_line

    out(json_line(row).decode("utf-8", "surrogatepass"))


def ask(question: str, default: str = "", check: Callable[[str], str | None] | None = None) -> str:
    """Ask on the terminal until `check` (text -> complaint or None) is content. Raises EOFError at end of input."""
    hint = f" [{default}]" if default else ""
    while True:
        say(f"{question}{hint}")
        answer = input("> ").strip() or default
        complaint = check(answer) if check else None
        if complaint is None:
            return answer
        say(f"  {complaint}")


def harmless(text: str, limit: int = 0) -> str:
    """Make untrusted text safe for a terminal: control, bidirectional and other invisible characters are shown."""
    safe = "".join(char if _printable(char) else _visible(char) for char in text)
    return safe if not limit or len(safe) <= limit else safe[: limit - 1] + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """Lay out a table as lines; cells are made harmless. On a terminal the widest column gives way; a pipe gets all."""
    cells = [list(head), *([harmless(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    room = shutil.get_terminal_size((100, 24)).columns - 2 * (len(head) - 1)
    while sys.stdout.isatty() and sum(widths) > room and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    for row in cells:
        shown = (harmless(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(shown).rstrip()


class ProgressLine:
    """One line that keeps itself up to date on a terminal; a line every few seconds elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._next = 0.0
        self._phase = ""

    def __call__(self, progress: "Progress | ListenProgress") -> None:
        """Show the progress, at most ten times a second (terminal) or every three seconds and at each phase."""
        now = time.monotonic()
        if now < self._next and (self._live or progress.phase == self._phase):
            return
        self._next, self._phase = now + (0.1 if self._live else 3.0), progress.phase
        line = _progress_text(progress)
        if self._live:
            width = shutil.get_terminal_size((100, 24)).columns - 1
            self._stream.write("\r" + line[:width].ljust(width))
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Leave the line, so that what follows starts on a fresh one."""
        if self._live:
            self._stream.write("\n")
            self._stream.flush()


def _progress_text(progress: "Progress | ListenProgress") -> str:
    if progress.phase == "listen":
        return _listening_text(progress)  # type: ignore[arg-type]
    return _scanning_text(progress)  # type: ignore[arg-type]


def _listening_text(progress: "ListenProgress") -> str:
    whole = "" if progress.seconds is None else f" of {duration(progress.seconds)}"
    outside = f", {progress.outside} addresses outside the scope" if progress.outside else ""
    return (
        f"listening: {duration(progress.elapsed)}{whole}, {progress.units} units, {progress.kept} kept of "
        f"{progress.messages} messages{outside}"
    )


def _scanning_text(progress: "Progress") -> str:
    share = f"{progress.done}/{progress.total}" if progress.total else str(progress.done)
    # At the first line of a phase and at the end there is no rate to speak of, and "0 s left" is no news.
    rate = f" at {progress.rate:.0f}/s" if progress.rate >= 1 and progress.phase != "done" else ""
    left = "" if progress.eta is None or progress.eta < 1 else f", about {duration(progress.eta)} left"
    return f"{progress.phase}: {share}, {progress.found} found, {progress.packets} packets{rate}{left}"


def duration(seconds: float) -> str:
    """Write a time span for people: 4 s, 3 min, 2 h 10 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _printable(char: str) -> bool:
    return char == " " or unicodedata.category(char)[0] not in "CZ"


def _visible(char: str) -> str:
    return char if char == "\u00a0" else f"\\u{ord(char):04x}" if ord(char) > 0xFF else f"\\x{ord(char):02x}"
