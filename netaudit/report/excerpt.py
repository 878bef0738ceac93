"""The piece of an answer that a person needs to see: around the text that matched, text or hex, never the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netaudit.evidence.observation import Observation

TEXT_BEFORE: Final = 120
TEXT_AFTER: Final = 140
HEX_BYTES: Final = 64
HEX_WIDTH: Final = 8
MAX_FIELDS: Final = 6
_ALLOWED_CONTROLS: Final = b"\t\r\n"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of an answer: `before`, the text that matched, `after`. All three may hold line ends.

    `binary`: `before` is a hex dump, the other two are empty. `cut_front`, `cut_back`: there was more.
    `size`: bytes of the whole answer, None where the source kept no bytes (the text is then the parsed fields).
    """

    before: str
    hit: str
    after: str
    binary: bool = False
    cut_front: bool = False
    cut_back: bool = False
    size: int | None = None

    @property
    def front(self) -> str:
        """What stands before the piece: an ellipsis where something was cut."""
        return "…" if self.cut_front and not self.binary else ""

    @property
    def back(self) -> str:
        """What stands behind it; the offsets of a hex dump already say that it begins in the middle."""
        return "…" if self.cut_back else ""


def excerpt(observation: Observation, saw: str) -> Excerpt:
    """Return what to show of an observation in which a signature saw the text `saw`."""
    raw = observation.raw
    if raw is None:
        return _of_fields(observation, saw)
    needle = saw.encode("utf-8", "replace")
    at = max(raw.find(needle), 0) if needle else 0
    start = max(at - TEXT_BEFORE, 0)
    end = min(at + min(len(needle), TEXT_AFTER) + TEXT_AFTER, len(raw))
    piece = raw[start:end]
    text = _text(piece)
    if text is None:
        return _hex(raw, at)
    return _marked(text, saw, start > 0, end < len(raw), len(raw))


def _text(piece: bytes) -> str | None:
    """Decode a slice that may begin or end inside a character; None when it is not text."""
    if any(byte < 0x20 and byte not in _ALLOWED_CONTROLS and byte != 0x1B for byte in piece):
        return None
    for skip in range(min(4, len(piece) + 1)):
        for drop in range(min(4, len(piece) - skip + 1)):
            try:
                return piece[skip : len(piece) - drop].decode("utf-8")
            except UnicodeDecodeError:
                continue
    return None


def _marked(text: str, saw: str, cut_front: bool, cut_back: bool, size: int | None) -> Excerpt:
    before, hit, after = text.partition(saw) if saw else (text, "", "")
    before, after = before.lstrip("\r\n"), after.rstrip("\r\n")
    return Excerpt(before, hit, after, cut_front=cut_front, cut_back=cut_back, size=size)


def _hex(raw: bytes, at: int) -> Excerpt:
    start = max(at - HEX_WIDTH, 0) // HEX_WIDTH * HEX_WIDTH
    piece = raw[start : start + HEX_BYTES]
    dump = "\n".join(_hex_lines(piece, start))
    return Excerpt(dump, "", "", True, start > 0, start + HEX_BYTES < len(raw), len(raw))


def _hex_lines(piece: bytes, offset: int) -> Iterator[str]:
    for line in range(0, len(piece), HEX_WIDTH):
        chunk = piece[line : line + HEX_WIDTH]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in chunk)
        yield f"{offset + line:04x}  {chunk.hex(' '):<{HEX_WIDTH * 3 - 1}}  {text}"


def _of_fields(observation: Observation, saw: str) -> Excerpt:
    pairs = [
        (name, text)
        for name, value in observation.fields.items()
        for text in ((value,) if isinstance(value, str) else value)
    ]
    # The field that matched comes first; the others give it its surroundings.
    pairs.sort(key=lambda pair: not (saw and saw in pair[1]))
    shown = pairs[:MAX_FIELDS]
    text = "\n".join(f"{name}: {value[:TEXT_AFTER]}" for name, value in shown)
    return _marked(text, saw[:TEXT_AFTER], False, len(pairs) > len(shown), None)
