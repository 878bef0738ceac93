"""Runs: what was scanned when, what it could not see, and the files that it left."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from netaudit.errors import UsageError
from netaudit.store.schema import RunRow
from netaudit.web.page import page, store_of
from netaudit.web.roles import READ, Route

# What a run's folder may hand out, and how a browser is told to take it: never shown as a page of ours.
FILES: Final = {
    "report.html": ("Report", "text/html"),
    "report.pdf": ("Report for print", "application/pdf"),
    "report.xlsx": ("Workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "report.csv": ("Table", "text/csv"),
    "report.json": ("Data", "application/json"),
    "report.md": ("Summary", "text/markdown"),
    "pack.zip": ("Evidence pack", "application/zip"),
}


def listing(request: Request) -> Response:
    """All runs, the latest first."""
    return page(request, "runs.html.j2", runs=store_of(request).runs())


def one(request: Request, run: str) -> Response:
    """One run: its limits and its files."""
    row = _run(request, run)
    folder = Path(row.folder)
    files = [(name, text) for name, (text, _) in FILES.items() if (folder / name).is_file()]
    runs = store_of(request).runs()
    earlier = runs[[item.run for item in runs].index(row.run) + 1 :]
    before = next((item for item in earlier if item.organisation == row.organisation), None)
    return page(request, "run.html.j2", run=row, files=files, there=folder.is_dir(), before=before)


def download(request: Request, run: str, name: str) -> Response:
    """A file that a run left, from the short list above."""
    folder = Path(_run(request, run).folder)
    if name not in FILES or not (folder / name).is_file():
        raise HTTPException(404, "This run has no such file.")
    return FileResponse(folder / name, media_type=FILES[name][1], filename=f"{run}-{name}")


def _run(request: Request, run: str) -> RunRow:
    try:
        row = store_of(request).run(run)
    except UsageError:
        row = None
    if row is None or row.run != run:
        raise HTTPException(404, "There is no such run in the store.")
    return row


ROUTES = (
    Route("GET", "/runs", READ, listing),
    Route("GET", "/runs/{run}", READ, one),
    Route("GET", "/runs/{run}/files/{name}", READ, download),
)
