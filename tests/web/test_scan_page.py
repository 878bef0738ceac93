"""A scan is started of a scope file on the machine and of nothing else; it runs for real, on loopback."""

import json
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.settings import Settings
from tests.web.conftest import BASE, log_in

SCOPE = """[authorisation]
organisation = "School"
authorised_by = "A. Head"
role = "Head"
reference = "memo 7"
valid_from = 2020-01-01
valid_until = 2120-01-01
[[network]]
cidr = "127.88.7.0/30"
site = "HQ"
"""


@pytest.fixture
def client(store: Store, tmp_path: Path) -> TestClient:
    scopes = tmp_path / "scopes"
    scopes.mkdir()
    (scopes / "hq.toml").write_text(SCOPE)
    (scopes / "old.toml").write_text(SCOPE.replace("2120", "2021"))
    settings = Settings(accounts=True, scopes=scopes, runs=tmp_path / "runs")
    return TestClient(create_app(store, settings, 100_000), BASE, follow_redirects=False)


def test_only_a_scope_file_of_the_folder_can_be_started(client: TestClient) -> None:
    csrf = log_in(client, "administrator")
    text = client.get("/scan").text
    assert "127.88.7.0/30; allowed by A. Head until 2120-01-01" in text
    assert "the authorisation ended on 2021-01-01" in text
    assert text.count("Start a scan") == 1
    for name in ("old.toml", "none.toml", "../hq.toml", "/etc/passwd", ""):
        assert client.post("/scan/start", data={"csrf": csrf, "scope": name}).status_code == 422


def test_a_scan_runs_and_says_so_live_and_lands_in_the_store(client: TestClient, store: Store) -> None:
    csrf = log_in(client, "administrator")
    answer = client.post("/scan/start", data={"csrf": csrf, "scope": "hq.toml"})
    assert answer.headers["location"] == "/scan/1"
    assert client.post("/scan/start", data={"csrf": csrf, "scope": "hq.toml"}).status_code == 422
    told = [line for line in client.get("/scan/1/events").text.splitlines() if line]
    assert told[-2] == "event: end"
    assert json.loads(told[-1].removeprefix("data: ")).startswith("done")
    assert any("Report:" in line for line in told)
    assert store.run(None).organisation == "School"
    assert len(store.runs()) == 2


def test_a_scan_is_stopped_and_keeps_what_it_heard(client: TestClient, store: Store, tmp_path: Path) -> None:
    (tmp_path / "scopes" / "hq.toml").write_text(SCOPE.replace("7.0/30", "0.0/20"))
    csrf = log_in(client, "administrator")
    client.post("/scan/start", data={"csrf": csrf, "scope": "hq.toml"})
    job = client.app.state.jobs.get(1)  # type: ignore[attr-defined]
    while not (job.said or job.status is not None):
        time.sleep(0.05)
    assert client.post("/scan/1/stop", data={"csrf": csrf}).status_code == 303
    assert "event: end" in client.get("/scan/1/events").text
    assert job.text in {"stopped", "done", "done, something needs attention"}
    assert any(path.name == "observations.jsonl" for path in (tmp_path / "runs").rglob("*"))
