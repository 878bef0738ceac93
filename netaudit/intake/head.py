"""The beginning of a file: what a format is recognised by."""

from functools import cached_property
from typing import Final

from netaudit.intake.header_line import find_header, normal
from netaudit.intake.text import decode_text

HEAD: Final = 64 * 1024


class Head:
    """The first 64 KiB of a file, unpacked. `raw`: as they are."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw[:HEAD]

    @cached_property
    def text(self) -> str:
        """The bytes as text, whatever their encoding."""
        return decode_text(self.raw)

    @cached_property
    def lines(self) -> list[str]:
        """Lines of text that hold something, stripped; the last may be cut."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @cached_property
    def header(self) -> frozenset[str]:
        """The columns of a CSV file's first line, in the one spelling of `normal`; empty for what is no CSV."""
        found = find_header(self.text.splitlines()[:20])
        return frozenset(normal(name) for name in found.names) if found else frozenset()
