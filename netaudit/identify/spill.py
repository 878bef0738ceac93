"""Sightings on disk: a log of a million lines is identified in the memory of a small one.

One temporary file without a name, so that nothing is left behind however the run ends. It holds what the log holds, and
is readable by its owner only.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final, NamedTuple, Self

from msgspec import Struct, msgpack

from netaudit.identify.hit import Hit
from netaudit.identify.keys import Key
from netaudit.identify.sighting import Sighting

_LARGE_PLACE: Final = Path("/var/tmp")  # noqa: S108  # the file has no name there
"""Where large temporary files belong: /tmp is in memory on many systems. TMPDIR goes first."""
_SHARED: Final = 32_768
"""Hits that are kept in memory once for all, since many sightings show them; the others are written out."""
_RECENT: Final = 4096


class _Record(Struct, array_like=True, gc=False):
    """A sighting as it is written: a hit that many share is only its number."""

    id: str
    at: str
    kind: str
    subject: str | None
    site: str
    ip: str
    channel: str
    ports: tuple[int, ...]
    macs: tuple[str, ...]
    keys: tuple[Key, ...]
    hits: tuple[int | Hit, ...]
    names: tuple[str, ...]


class Block(NamedTuple):
    """Where a list of sightings stands in the file."""

    offset: int
    size: int


class Spill:
    """A temporary file of lists of sightings; a context manager. Raises OSError when the disk is full."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._shared: list[Hit] = []
        self._numbers: dict[Hit, int] = {}
        self._recent: set[Hit] = set()
        self._decode = msgpack.Decoder(list[_Record]).decode
        self._encode = msgpack.Encoder().encode

    @property
    def is_open(self) -> bool:
        """True when the log is too large for the memory."""
        return self._file is not None

    def open(self) -> IO[bytes]:
        """Return the file, made the first time."""
        if self._file is None:
            place = _LARGE_PLACE if "TMPDIR" not in os.environ and _LARGE_PLACE.is_dir() else None
            self._file = TemporaryFile(dir=place)  # noqa: SIM115
        return self._file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, sightings: Iterable[Sighting]) -> Block:
        """Append a list."""
        data = self._encode([self._record(sighting) for sighting in sightings])
        block = Block(self._end, len(data))
        file = self.open()
        file.seek(self._end)
        file.write(data)
        self._end += len(data)
        return block

    def read(self, block: Block) -> Iterator[Sighting]:
        """Yield the sightings of a list, in order."""
        file = self.open()
        file.seek(block.offset)
        return map(self._sighting, self._decode(file.read(block.size)))

    def _record(self, s: Sighting) -> _Record:
        hits = tuple([self._code(hit) for hit in s.hits])
        return _Record(
            s.id, s.at, s.kind, s.subject, s.site, s.ip, s.channel, s.ports, s.macs, s.keys, hits, s.names
        )  # fmt: skip

    def _sighting(self, r: _Record) -> Sighting:
        hits = tuple([self._shared[hit] if isinstance(hit, int) else hit for hit in r.hits])
        return Sighting(
            r.id, r.at, r.kind, r.subject, r.site, r.ip, r.channel, r.ports, r.macs, r.keys, hits, r.names
        )  # fmt: skip

    def _code(self, hit: Hit) -> int | Hit:
        """Return the number of a hit that came again, the hit itself where it is new."""
        number = self._numbers.get(hit)
        if number is not None:
            return number
        if hit not in self._recent or len(self._shared) >= _SHARED:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            self._recent.add(hit)
            return hit
        self._numbers[hit] = len(self._shared)
        self._shared.append(hit)
        return self._numbers[hit]


class Buckets:
    """Sightings by bucket, gathered to lists of some length before they are written."""

    def __init__(self, spill: Spill, length: int) -> None:
        self._spill = spill
        self._length = length
        self._open: dict[int, list[Sighting]] = defaultdict(list)
        self._blocks: dict[int, list[Block]] = defaultdict(list)

    def add(self, bucket: int, sighting: Sighting) -> None:
        """Add a sighting to a bucket."""
        waiting = self._open[bucket]
        waiting.append(sighting)
        if len(waiting) >= self._length:
            self._blocks[bucket].append(self._spill.write(waiting))
            waiting.clear()

    def pop(self, bucket: int) -> Iterator[Sighting]:
        """Yield the sightings of a bucket in the order they came, and forget them."""
        for block in self._blocks.pop(bucket, ()):
            yield from self._spill.read(block)
        yield from self._open.pop(bucket, ())
