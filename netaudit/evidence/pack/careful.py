"""Opening a pack from anybody: names, links, sizes and overlaps are checked before a byte is unpacked.

A pack is refused whole, by one DataError that names the file and the reason; nothing is left behind outside the folder
given. Caps: an archive can claim any size, and a few kilobytes can unfold to terabytes.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from netaudit.errors import DataError
from netaudit.evidence.pack.names import complaint

MAX_FILES: Final = 1_000_000
MAX_TOTAL: Final = 8 * 2**30
MAX_RATIO: Final = 200
"""Unpacked bytes for one packed byte, over the whole pack. Logs reach 20; a bomb needs 1,000."""
_FREE: Final = 64 * 2**20
_BLOCK: Final = 1 << 20
_LOCAL_HEADER: Final = 30
_ENCRYPTED: Final = 0x1
_EXPECTED: Final = "a pack as `netaudit pack` writes it"


def unpack(pack: Path, folder: Path) -> list[str]:
    """Unpack into an empty folder; return the names. Raises DataError for whatever no pack of ours has."""
    try:
        with zipfile.ZipFile(pack) as archive:
            entries = archive.infolist()
            _check(pack, archive, entries)
            for entry in entries:
                _unpack_one(pack, archive, entry, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(str(pack), f"cannot be unpacked: {error}", _EXPECTED) from error
    except (OSError, UnicodeError, ValueError) as error:
        raise DataError(str(pack), f"cannot be read: {error}", _EXPECTED) from error
    return [entry.filename for entry in entries]


def names_in(folder: Path) -> list[str]:
    """Return the names of all files of an unpacked pack. Raises DataError for links and strange names."""
    return sorted(_walk(folder, folder))


def _walk(folder: Path, top: Path) -> Iterator[str]:
    for path in folder.iterdir():
        name = path.relative_to(top).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _walk(path, top)
            continue
        if not stat.S_ISREG(mode):
            raise DataError(str(top), f"{name!r} is a link or no file", _EXPECTED)
        if wrong := complaint(name):
            raise DataError(str(top), f"{name[:200]!r}: {wrong}", _EXPECTED)
        yield name


def _check(pack: Path, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise DataError(str(pack), f"claims {len(entries)} files", f"at most {MAX_FILES}")
    seen: set[str] = set()
    for entry in entries:
        wrong = _complaint(entry)
        key = entry.filename.casefold()
        if not wrong and key in seen:
            wrong = "it stands twice (upper and lower case are the same)"
        if wrong:
            raise DataError(str(pack), f"{entry.orig_filename[:200]!r}: {wrong}", _EXPECTED)
        seen.add(key)
    _check_sizes(pack, entries)
    _check_places(pack, entries, archive.start_dir)


def _complaint(entry: zipfile.ZipInfo) -> str:
    """Return what is wrong with one entry, "" where nothing is."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if wrong := complaint(entry.orig_filename):
        return wrong
    if entry.orig_filename != entry.filename:
        return "its name is written in two ways"
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is no plain file"
    if entry.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"it is packed by method {entry.compress_type}"
    return ""


def _check_sizes(pack: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > MAX_TOTAL:
        raise DataError(str(pack), f"would unfold to {total} bytes", f"at most {MAX_TOTAL}")
    if total > _FREE and total > MAX_RATIO * packed:
        raise DataError(str(pack), f"would unfold from {packed} to {total} bytes: a zip bomb", _EXPECTED)


def _check_places(pack: Path, entries: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Every file has its own bytes: shared ones are how a small archive unfolds without end."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in ordered[1:]), end]
    if ordered and ordered[0].header_offset != 0:
        raise DataError(str(pack), "begins with something else than its first file", _EXPECTED)
    for entry, limit in zip(ordered, ends, strict=True):
        if entry.header_offset + _LOCAL_HEADER + len(entry.orig_filename) + entry.compress_size > limit:
            raise DataError(str(pack), f"{entry.filename!r} overlaps another file: a zip bomb", _EXPECTED)


def _unpack_one(pack: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / entry.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as source, target.open("xb") as out:
        while block := source.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise DataError(str(pack), f"{entry.filename!r} is longer than it says", _EXPECTED)
            out.write(block)
    if left:
        raise DataError(str(pack), f"{entry.filename!r} is shorter than it says", _EXPECTED)
