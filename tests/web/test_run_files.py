"""The files of a run are made from the page, by those who may, and handed out."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from netaudit.clock import now
from netaudit.store.people import standing
from netaudit.store.schema import UnitRow
from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.settings import Settings
from tests.web.conftest import BASE, log_in
from tests.web.test_journeys import make_run


@pytest.fixture
def client(store: Store, tmp_path: Path) -> TestClient:
    """A page over a store that holds a run of a real log."""
    make_run(tmp_path / "school")
    words = ["report", "--run", str(tmp_path / "school"), "--store", store.place.where]
    assert subprocess.run([sys.executable, "-m", "netaudit", *words], check=False).returncode in {0, 1}
    subprocess.run(
        [sys.executable, "-m", "netaudit", "runs", "import", str(tmp_path / "school"), "--store", store.place.where],
        check=True,
    )
    return TestClient(create_app(store, Settings(accounts=True), 100_000), BASE, follow_redirects=False)


def made(client: TestClient, csrf: str, run: str, name: str) -> str:
    """Have a file made; return the path of its job when it has ended."""
    answer = client.post(f"/runs/{run}/make", data={"csrf": csrf, "name": name})
    assert answer.status_code == 303
    path = answer.headers["location"]
    job = client.app.state.jobs.get(int(path.rpartition("/")[2]))  # type: ignore[attr-defined]
    limit = time.monotonic() + 240
    while job.status is None and time.monotonic() < limit:
        time.sleep(0.05)
    assert job.status in {0, 1}, list(job.lines)
    assert name != "pack.zip" or any("MANIFEST.sha256" in line for line in job.lines)
    return path


def test_pack_and_workbook_are_made_and_the_pack_verifies(client: TestClient, tmp_path: Path, store: Store) -> None:
    run = store.run(None).run
    csrf = log_in(client, "facilities")
    page = client.get(f"/runs/{run}").text
    assert "pack.zip</span>" not in page
    for name in ("report.xlsx", "pack.zip"):
        assert f'href="/runs/{run}"' in client.get(made(client, csrf, run, name)).text
    page = client.get(f"/runs/{run}").text
    assert "pack.zip</span>" in page
    assert "report.xlsx</span>" in page
    (tmp_path / "got.zip").write_bytes(client.get(f"/runs/{run}/files/pack.zip").content)
    words = ["verify", str(tmp_path / "got.zip")]
    assert subprocess.run([sys.executable, "-m", "netaudit", *words], check=False).returncode == 0


def settled(client: TestClient, location: str) -> None:
    """Wait for the job that an answer leads to."""
    path = location.partition("?")[0]
    job = client.app.state.jobs.get(int(path.rpartition("/")[2]))  # type: ignore[attr-defined]
    limit = time.monotonic() + 240
    while job.status is None and time.monotonic() < limit:
        time.sleep(0.05)
    assert job.status in {0, 1}, list(job.lines)


def test_a_unit_set_aside_is_excluded_until_that_is_taken_back(
    client: TestClient, store: Store, tmp_path: Path
) -> None:
    run = store.run(None).run
    device = store.members(run)[0]
    csrf = log_in(client, "facilities")

    def verdict() -> str:
        with store.reading() as session:
            return session.scalars(select(UnitRow.verdict).where(UnitRow.device == device)).one()

    before = verdict()
    data = {"csrf": csrf, "why": "kept as evidence", "expires": f"{now().year + 1}-06-30"}
    settled(client, client.post(f"/devices/{device}/exclude", data=data).headers["location"])
    assert (before, verdict()) == ("depends", "excluded")
    assert b"kept as evidence" in (tmp_path / "school" / "owner.toml").read_bytes()
    with store.reading() as session:
        [decision] = standing(session, "exclude", "")
    made(client, csrf, run, "pack.zip")
    words = ["verify", str(tmp_path / "school" / "pack.zip")]
    assert subprocess.run([sys.executable, "-m", "netaudit", *words], check=False).returncode == 0
    path = f"/devices/{device}/decisions/{decision.id}/withdraw"
    settled(client, client.post(path, data={"csrf": csrf, "why": "handed over"}).headers["location"])
    assert verdict() == before


def test_nothing_else_is_made_and_not_by_an_auditor(client: TestClient, store: Store) -> None:
    run = store.run(None).run
    csrf = log_in(client, "facilities")
    for name in ("", "plan.json", "../x", "observations.jsonl"):
        assert client.post(f"/runs/{run}/make", data={"csrf": csrf, "name": name}).status_code == 422
    csrf = log_in(client, "auditor")
    assert client.post(f"/runs/{run}/make", data={"csrf": csrf, "name": "pack.zip"}).status_code == 403
    assert "Make it" not in client.get(f"/runs/{run}").text
