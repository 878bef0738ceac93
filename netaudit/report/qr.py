"""The digest of the evidence as a QR code, so that a sheet of paper can be held against a file with a telephone."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

QUIET = 4
"""Modules of white around the code, as the standard asks."""


def qr_text(evidence_digest: str, run: str) -> str:
    """Return what the code says: the digest of EVIDENCE.sha256 and the run it belongs to."""
    return f"netaudit evidence sha256:{evidence_digest} run:{run[:40]}"


@cache
def qr_path(text: str) -> tuple[int, str]:
    """Return the width of the code in modules, the quiet zone included, and its dark parts as an SVG path."""
    import segno

    rows = [list(row) for row in segno.make_qr(text, error="m").matrix]
    return len(rows) + 2 * QUIET, "".join(_path(rows))


def qr_svg(text: str) -> str:
    """Return the code as an SVG picture of its own, black on white."""
    size, path = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>'
    )


def _path(rows: Sequence[Sequence[int]]) -> Iterator[str]:
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
            x += length
