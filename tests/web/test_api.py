"""The interface for programs: schemathesis runs against its own description; tokens, pages, conflicts, problems."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth
from starlette.testclient import TestClient

from netaudit.clock import now, rfc3339
from netaudit.store.people import Author
from netaudit.store.store import Store
from netaudit.web.app import create_app, routes
from netaudit.web.sessions import add_token
from netaudit.web.settings import Settings


def token(store: Store, role: str) -> dict[str, str]:
    with store.writing() as session:
        made = add_token(session, "test", role, now().date().isoformat(), Author("test", rfc3339(now())))
    return {"authorization": f"Bearer {made}"}


def test_the_interface_is_as_it_describes_itself(store: Store) -> None:
    app = create_app(store, Settings(accounts=True), 1_000_000)
    headers = {**token(store, "administrator"), "host": "127.0.0.1"}
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    found = list(described.get_all_operations())
    operations = [item.ok() for item in found if isinstance(item, Ok)]
    # All but the description itself, which schemathesis reads.
    assert len(operations) == len(found) == sum(route.path.startswith("/api/") for route in routes()) - 1

    for operation in operations:

        @settings(
            max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            # Without the header the answer is 401 for everything: that is a test of its own (test_roles).
            case.call_and_validate(headers=headers, excluded_checks=[ignored_auth])

        holds()


@pytest.fixture
def viewer(client: TestClient, store: Store) -> TestClient:
    client.headers.update(token(store, "viewer"))
    return client


def test_a_page_of_devices(viewer: TestClient) -> None:
    answer = viewer.get("/api/v1/devices", params={"limit": 2, "sort": "address"}).json()
    assert (answer["total"], [item["device"] for item in answer["items"]]) == (3, ["d-a", "d-b"])
    rest = viewer.get("/api/v1/devices", params={"limit": 2, "offset": 2, "sort": "address"}).json()
    assert [item["device"] for item in rest["items"]] == ["d-c"]
    assert viewer.get("/api/v1/devices", params={"verdict": "covered"}).json()["total"] == 1


def test_one_device_whole(viewer: TestClient) -> None:
    answer = viewer.get("/api/v1/devices/d-a").json()
    assert answer["device"]["maker"]["value"] == "dahua"
    assert answer["findings"]["findings"][0]["policy"] == "US-NDAA19-889B"


def test_problems_are_documents_and_name_the_field(viewer: TestClient) -> None:
    wrong = viewer.get("/api/v1/devices", params={"limit": 0})
    assert wrong.headers["content-type"] == "application/problem+json"
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["limit"])
    assert viewer.get("/api/v1/devices/none").json()["status"] == 404
    assert viewer.patch("/api/v1/devices/d-a", json={}).status_code == 403


def test_the_second_of_two_programs_is_told(client: TestClient, store: Store) -> None:
    client.headers.update(token(store, "facilities"))
    first = client.patch("/api/v1/devices/d-a", json={"version": 1, "values": {"room": "3.14"}})
    assert first.json() == {"device": "d-a", "version": 2, "typed": {"room": "3.14"}}
    second = client.patch("/api/v1/devices/d-a", json={"version": 1, "values": {"room": "cellar"}})
    assert second.status_code == 409
    assert second.json()["current"] == {"room": "3.14", "version": 2}


def test_a_token_that_is_over_withdrawn_or_guessed_opens_nothing(client: TestClient, store: Store) -> None:
    with store.writing() as session:
        old = add_token(session, "old", "viewer", "2020-01-01", Author("test", rfc3339(now())))
    for guess in (old, "netaudit_guess", ""):
        assert client.get("/api/v1/runs", headers={"authorization": f"Bearer {guess}"}).status_code == 401
