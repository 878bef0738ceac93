"""JSON as other programs write it: one object at a time, whole file or lines, cut files read to their last object."""

import codecs
import json
from collections.abc import Callable, Iterator
from json import JSONDecoder
from typing import Any, BinaryIO, Final

MAX_OBJECT: Final = 16 * 1024 * 1024
MAX_WHOLE: Final = 256 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_BETWEEN: Final = " \t\r\n,[]\ufeff\0"


def objects(stream: BinaryIO, lose: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, of lines, or of several lists; commas too many or too few do no harm.

    `lose` hears why reading stopped before the end. Other values than objects are skipped.
    """
    decoder, scan = codecs.getincrementaldecoder("utf-8")(errors="replace"), JSONDecoder().raw_decode
    text, ended = "", False
    while not ended:
        data = stream.read(_CHUNK)
        ended = not data
        text += decoder.decode(data, final=ended)
        position = 0
        while (start := _next(text, position)) < len(text):
            try:
                value, position = scan(text, start)
            except (ValueError, RecursionError) as error:
                position = start
                if not ended and len(text) - start < MAX_OBJECT and not isinstance(error, RecursionError):
                    break
                lose(
                    "ends in the middle of an entry" if ended else "has an entry that is no JSON: the rest is left out"
                )
                return
            if isinstance(value, dict):
                yield value
        else:
            position = len(text)
        text = text[position:]


def whole(stream: BinaryIO) -> Any:
    """Return the document, None where it is no JSON or larger than 256 MiB."""
    data = stream.read(MAX_WHOLE + 1)
    try:
        return json.loads(data.decode("utf-8-sig")) if len(data) <= MAX_WHOLE else None
    except (ValueError, RecursionError):
        return None


def text_of(entry: Any, *path: str) -> str:
    """Return the text or number at a path of keys, "" where there is none."""
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    if isinstance(entry, bool) or entry is None:
        return ""
    return str(entry) if isinstance(entry, str | int | float) else ""


def listed(entry: Any, *path: str) -> list[Any]:
    """Return the list at a path of keys; a single text or object is a list of one."""
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    if isinstance(entry, list):
        return entry
    return [entry] if isinstance(entry, str | dict) and entry else []


def _next(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BETWEEN:
        position += 1
    return position
