"""Two runs held against each other on a page: real runs, judged for real, each with other units."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from netaudit.cli import main
from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import Observation, observe
from netaudit.evidence.run import RunInfo, write_run
from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.settings import Settings
from tests.cli.small_run import SCOPE
from tests.web.test_journeys import REFUSAL

BASE = "http://127.0.0.1"
OWNER = """[owner]
organisation = "City of Example"
jurisdictions = "US"
us_prime_contractor = "yes"

[[site]]
name = "Town hall"
purpose_of_use = "government_facility"
"""


def heard() -> Iterator[Observation]:
    """What three cameras say: two of a maker that has to go."""
    raws = {2: REFUSAL.format(2), 3: REFUSAL.format(3), 4: "RTSP/1.0 200 OK\r\nServer: GStreamer RTSP server\r\n\r\n"}
    for number, raw in raws.items():
        target = {"ip": f"10.20.0.{number}", "port": 554, "transport": "tcp", "site": "Town hall"}
        yield observe("rtsp.response", "2026-11-20T08:05:00.000Z", target, raw=raw.encode())


def make_run(folder: Path, day: int, *without: str) -> None:
    """A run of that day in which some addresses were silent."""
    with RunLog.create(folder, SCOPE) as log:
        for item in heard():
            if item.target["ip"] not in without:
                log.observation(item)
        at = f"2026-11-{day}T08:{{}}:00.000Z"
        write_run(folder, RunInfo(folder.name, "0.1.0", at.format("00"), at.format("10"), "complete"))
    (folder / "owner.toml").write_text(OWNER)
    store = ["--store", str(folder.parent / "netaudit.db")]
    assert main(["report", "--run", str(folder), "--format", "json", *store]) in (0, 1)
    assert main(["runs", "import", str(folder), *store]) == 0


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The page over four runs: two units leave, one of them comes back; the last was never judged."""
    root = tmp_path_factory.mktemp("runs")
    make_run(root / "r1", 20)
    make_run(root / "r2", 21, "10.20.0.2", "10.20.0.3")
    make_run(root / "r3", 22, "10.20.0.3")
    make_run(root / "r4", 23)
    (root / "r4" / "findings.jsonl").unlink()
    with Store(root / "netaudit.db") as store:
        app = create_app(store, Settings(), 100_000)
        with TestClient(app, BASE) as client:
            client.get(f"/login?key={app.state.key}")
            yield client


def test_gone_and_come_back(compared: TestClient) -> None:
    gone = compared.get("/compare?old=r1&new=r2").text
    assert gone.count('data-label="What">Gone<') == 2
    assert "0 units have to go on 2026-11-21; 2 had to go on 2026-11-20" in gone
    back = compared.get("/compare?old=r2&new=r3").text
    assert back.count('data-label="What">Come back<') == 1
    assert 'role="alert"' in back
    assert "is back at Town hall" in back


def test_the_order_in_which_two_runs_are_named_does_not_matter(compared: TestClient) -> None:
    assert compared.get("/compare?old=r2&new=r1").text == compared.get("/compare?old=r1&new=r2").text


def test_one_kind_of_change_alone(compared: TestClient) -> None:
    assert compared.get("/compare?old=r1&new=r2&kind=gone").text.count('data-label="What">') == 2
    none = compared.get("/compare?old=r1&new=r2&kind=verdict").text
    assert "Nothing of this kind" in none
    assert compared.get("/compare?old=r1&new=r2&kind=%00&page=99999999999999").status_code == 200


def test_each_unit_leads_to_its_card(compared: TestClient) -> None:
    text = compared.get("/compare?old=r1&new=r2").text
    card = text.split('data-label="Unit"><a href="')[1].split('"')[0]
    assert compared.get(card).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "Compare two runs"),
        ("old=r1&new=r1", 422, "Pick two different runs"),
        ("old=r1", 404, "no such run"),
        ("old=r1&new=%00", 404, "no such run"),
        ("old=r1&new=r4", 422, "was not judged yet"),
    ],
)
def test_what_cannot_be_compared_is_told(compared: TestClient, query: str, status: int, said: str) -> None:
    answer = compared.get(f"/compare?{query}")
    assert answer.status_code == status
    assert said in answer.text


def test_the_list_of_runs_offers_the_latest_two(compared: TestClient) -> None:
    text = compared.get("/runs").text
    assert 'name="old" value="r3" checked' in text
    assert 'name="new" value="r4" checked' in text
    assert "/compare?old=r1&amp;new=r2" in compared.get("/runs/r2").text
