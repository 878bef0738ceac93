"""Runs: what was scanned when, what it could not see, and the files that it left."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.store.people import Author, note
from netaudit.store.schema import RunRow
from netaudit.web.forms import Form, read_form
from netaudit.web.page import page, store_of, to
from netaudit.web.roles import EDIT, READ, Route

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


PACK: Final = "pack.zip"
MAKES: Final = {
    "report.html": "html", "report.pdf": "pdf", "report.xlsx": "xlsx", "report.csv": "csv", PACK: "",
}  # fmt: skip
"""Files that are made on request, with the word of `netaudit report --format` for each."""


def listing(request: Request) -> Response:
    """All runs, the latest first."""
    return page(request, "runs.html.j2", runs=store_of(request).runs())


def one(request: Request, run: str) -> Response:
    """One run: its limits and its files."""
    row = _run(request, run)
    folder = Path(row.folder)
    files = [(name, text) for name, (text, _) in FILES.items() if (folder / name).is_file()]
    makes = [(name, FILES[name][0]) for name in MAKES]
    runs = store_of(request).runs()
    earlier = runs[[item.run for item in runs].index(row.run) + 1 :]
    before = next((item for item in earlier if item.organisation == row.organisation), None)
    return page(request, "run.html.j2", run=row, files=files, makes=makes, there=folder.is_dir(), before=before)


def download(request: Request, run: str, name: str) -> Response:
    """A file that a run left, from the short list above."""
    folder = Path(_run(request, run).folder)
    if name not in FILES or not (folder / name).is_file():
        raise HTTPException(404, "This run has no such file.")
    return FileResponse(folder / name, media_type=FILES[name][1], filename=f"{run}-{name}")


def make(request: Request, run: str, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Make a file of a run, or make it anew, by the command that people type; the run is judged as of today."""
    row, name = _run(request, run), form.text("name", longest=40)
    folder, store, person = Path(row.folder), store_of(request), request.state.person
    if name not in MAKES:
        raise UsageError("no such file can be made of a run")
    if not folder.is_dir():
        raise UsageError("the run's folder is not on this machine any more")
    place = ["--run", str(folder), "--store", store.place.where]
    words = ["pack", "--out", str(folder / name)] if name == PACK else ["report", "--format", MAKES[name]]
    # Judged again, the run says perhaps another thing than the store: it is taken in again.
    commands = [[*words, *place], ["runs", "import", str(folder), "--store", store.place.where]]
    by, title = Author(person.name, rfc3339(now())), f"{FILES[name][0]} of the run {row.run}"
    leads = (f"/runs/{row.run}", "The run and its files")
    job = request.app.state.jobs.run(title, commands, by.who, by.at, row.run, leads)
    with store.writing() as session:
        note(session, by, "make", row.run, {"file": name})
    return to(f"/scan/{job.number}")


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
    Route("POST", "/runs/{run}/make", EDIT, make),
)
