"""Names of files inside a pack: plain ASCII parts, so that they mean the same on every system and lead nowhere else."""

import hashlib
import re
from typing import Final

MAX_NAME: Final = 200
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")


def complaint(name: str) -> str:
    """Return what is wrong with a name from the outside, "" where nothing is."""
    if not name or len(name) > MAX_NAME:
        return "its name is empty or endless"
    if name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return "its name leads to an absolute place"
    parts = name.split("/")
    if ".." in parts or "." in parts or "" in parts:
        return "its name leads out of the pack"
    for part in parts:
        if not _PART.fullmatch(part) or part.endswith("."):
            return "its name holds characters that no pack has (letters, digits, dot, dash, underscore)"
        if _DEVICES.fullmatch(part):
            return "its name is a device's name on Windows"
    return ""


def safe(text: str, length: int = 60) -> str:
    """Make a part of a name from any text; what had to be changed is told apart by a piece of its hash."""
    plain = _OTHER.sub("_", text)[:length].strip("._-") or "x"
    if plain == text and not _DEVICES.fullmatch(plain):
        return plain
    return f"{plain}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
