"""Each role against each route; no route without a decision; nothing without a login; no form but our own."""

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from netaudit.store.store import Store
from netaudit.web.app import create_app, routes
from netaudit.web.roles import ROLES
from netaudit.web.settings import Settings
from tests.web.conftest import BASE, PASSWORD, log_in

FILLED = {
    "device": "d-a", "run": "run-1", "site": "1", "policy": "US-NDAA19-889B", "name": "report.html", "number": "1",
    "view": "1", "decision": "1", "account": "99", "job": "9",
}  # fmt: skip
DECIDED = list(routes())


def filled(path: str) -> str:
    for name, value in FILLED.items():
        path = path.replace("{" + name + "}", value)
    return path


def test_every_route_of_the_application_carries_a_decision(store: Store) -> None:
    app = create_app(store, Settings())
    known = {(route.method, route.path) for route in DECIDED}
    assert len(known) == len(DECIDED)
    for route in app.router.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route) or hasattr(route, "methods")
        methods = (getattr(route, "methods", None) or set()) - {"HEAD"}
        assert {(method, getattr(route, "path", "")) for method in methods} <= known


@pytest.mark.parametrize("route", DECIDED, ids=lambda route: f"{route.method} {route.path}")
def test_nobody_gets_in_without_a_login(client: TestClient, route: object) -> None:
    method, path, allow = route.method, filled(route.path), route.allow  # type: ignore[attr-defined]
    answer = client.request(method, path)
    if path.startswith("/login/oidc"):
        # No such service is set up here; test_oidc has one.
        assert answer.status_code == 404
    elif allow is None:
        assert answer.status_code == (401 if method == "POST" else 200)
        assert "Log in" in answer.text
    elif path.startswith("/api/"):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_its_decision_says(client: TestClient, role: str) -> None:
    csrf = log_in(client, role)
    for route in DECIDED:
        if route.allow is None or route.path == "/logout":
            continue
        answer = client.request(route.method, filled(route.path), headers={"x-csrf": csrf})
        if role in route.allow:
            assert answer.status_code not in {401, 403, 500}, f"{role} {route.method} {route.path}"
        else:
            assert answer.status_code == 403, f"{role} {route.method} {route.path}"


@pytest.mark.parametrize("route", [r for r in DECIDED if r.method != "GET" and r.allow], ids=lambda r: r.path)
def test_a_form_that_is_not_ours_changes_nothing(client: TestClient, route: object) -> None:
    log_in(client, "administrator")
    path = filled(route.path)  # type: ignore[attr-defined]
    for headers in ({}, {"x-csrf": "guess"}):
        answer = client.request(route.method, path, headers=headers, data={"csrf": "x"})  # type: ignore[attr-defined]
        assert answer.status_code == 403
        assert "not ours" in answer.text


def test_logging_out_ends_the_login(client: TestClient) -> None:
    csrf = log_in(client, "viewer")
    cookie = client.cookies["netaudit"]
    assert client.post("/logout", headers={"x-csrf": csrf}).status_code == 303
    client.cookies.set("netaudit", cookie)
    assert client.get("/").status_code == 303


def test_the_local_key_lets_one_person_in_and_no_other_key_does(store: Store) -> None:
    app = create_app(store, Settings())
    with TestClient(app, BASE, follow_redirects=False) as client:
        assert client.get("/login?key=wrong").status_code == 200
        assert client.get("/").headers["location"] == "/login"
        assert client.get(f"/login?key={app.state.key}").headers["location"] == "/"
        assert client.get("/manage").status_code == 200


def test_passwords_cannot_be_tried_for_long(client: TestClient) -> None:
    for _ in range(10):
        assert client.post("/login", data={"name": "viewer", "password": "x" * 12}).status_code == 401
    assert client.post("/login", data={"name": "viewer", "password": "x" * 12}).status_code == 429


def test_who_asks_too_often_does_not_shut_the_others_of_the_same_address_out(store: Store, settings: Settings) -> None:
    with TestClient(create_app(store, settings, 20), BASE, follow_redirects=False) as client:
        log_in(client, "viewer")
        assert 429 in [client.get("/runs").status_code for _ in range(21)]
        client.cookies.clear()
        assert client.post("/login", data={"name": "auditor", "password": PASSWORD}).status_code == 303
        assert client.get("/runs").status_code == 200
