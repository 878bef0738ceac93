"""A store with a few devices and the page over it, without a server: requests go straight to the application."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from netaudit.store.people import Author
from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.roles import ROLES
from netaudit.web.sessions import add_account
from netaudit.web.settings import Settings
from tests.store.things import device, finding, recorded

PASSWORD = "correct horse battery"
HOSTILE = "<script>alert(1)</script>\"'>=cmd"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000064000000320802000000") + bytes(32)
BASE = "http://127.0.0.1"


def plan() -> dict[str, Any]:
    """Two units that hang together, in three phases."""
    common: dict[str, Any] = {"site": "HQ", "status": "covered", "replacement": None, "deadline": "", "cost": ""}
    first: dict[str, Any] = {**common, "device": "d-a", "phase": 1, "after": []}
    second: dict[str, Any] = {**common, "device": "d-b", "phase": 2, "after": ["d-a"]}
    phases = [
        {"number": number, "title": f"Phase {number}", "purpose": "", "deadline": "", "steps": [], "items": items}
        for number, items in ((1, [first]), (2, [second]), (3, []))
    ]
    first["cost"] = second["cost"] = "500\u2013600 EUR"
    periods = [
        {"name": f"2027 Q{number}", "phase": number, "spent": spent, "budget": 100_000}
        for number, spent in ((1, 60_000), (2, 60_000), (3, 0))
    ]
    return {"phases": phases, "unplaced": [], "timetable": {"currency": "EUR", "periods": periods}}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with one run and one account a role; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "plan.json").write_text(json.dumps(plan()))
    (folder / "report.html").write_text("<p>report</p>")
    path = folder / "netaudit.db"
    with Store(path) as opened:
        devices = [device("d-a"), device("d-b", "axis", "192.0.2.8", (HOSTILE,)), device("d-c", None, "192.0.2.9")]
        findings = [finding("d-a", deadline="2027-01-01"), finding("d-b", "not_covered"), finding("d-c", "unknown")]
        opened.record(recorded("run-1", "2026-01-01T08:00:00.000Z", devices, findings, folder))
        with opened.writing() as session:
            for role in ROLES:
                add_account(session, role, role, PASSWORD, Author("test", "2026-01-01T00:00:00.000Z"))
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(filled, tmp_path / "netaudit.db")
    with Store(tmp_path / "netaudit.db") as opened:
        yield opened


@pytest.fixture
def settings() -> Settings:
    return Settings(accounts=True)


@pytest.fixture
def client(store: Store, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(store, settings, 100_000), BASE, follow_redirects=False) as opened:
        yield opened


def log_in(client: TestClient, name: str) -> str:
    """Log in and return the CSRF text that forms of this browser carry."""
    client.cookies.clear()
    client.app.state.limiter.__init__()  # type: ignore[attr-defined]
    assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]
