"""What every answer carries, what no request may be, and hostile text that stays text."""

import pytest
from starlette.testclient import TestClient

from netaudit.errors import UsageError
from netaudit.web.app import routes
from netaudit.web.settings import Settings, checked
from tests.web.conftest import HOSTILE, log_in
from tests.web.test_roles import filled


def test_no_page_runs_what_a_device_said(client: TestClient) -> None:
    log_in(client, "administrator")
    seen = 0
    for route in routes():
        if route.method == "GET" and route.path.count("{") < 2 and not route.path.startswith("/api"):
            for device in ("d-a", "d-b"):
                text = client.get(filled(route.path.replace("{device}", device))).text
                assert "<script>alert" not in text
                seen += "&lt;script&gt;alert" in text
    assert seen
    assert HOSTILE not in client.get("/devices/d-b").text


@pytest.mark.parametrize("path", ["/", "/login", "/static/app.js", "/no/such/page", "/devices/none"])
def test_every_answer_holds_the_browser(client: TestClient, path: str) -> None:
    log_in(client, "viewer")
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_page_has_inline_script_or_style_or_names_another_host(client: TestClient) -> None:
    log_in(client, "administrator")
    for route in routes():
        if route.method == "GET" and not route.path.startswith(("/api", "/files", "/runs/{run}/files", "/scan/{job}")):
            text = client.get(filled(route.path)).text
            assert "<style" not in text
            assert " style=" not in text
            assert " onclick=" not in text
            assert all(part.split(">")[0].startswith(' src="/static/') for part in text.split("<script")[1:])
            assert 'src="http' not in text


def test_a_foreign_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/login", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/login", headers={"host": "localhost:8470"}).status_code == 200


def test_a_large_body_is_refused(client: TestClient) -> None:
    csrf = log_in(client, "facilities")
    answer = client.post("/devices/d-a/place", content=b"x" * (3 * 2**20), headers={"x-csrf": csrf})
    assert answer.status_code == 413


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "audit.example"])
def test_others_are_let_in_only_with_tls_and_accounts(host: str) -> None:
    with pytest.raises(UsageError, match="TLS"):
        checked(Settings(host=host))
    with pytest.raises(UsageError, match="TLS"):
        checked(Settings(host=host, accounts=True))


def test_cookies_are_kept_from_scripts(client: TestClient) -> None:
    log_in(client, "viewer")
    client.cookies.clear()
    answer = client.post("/login", data={"name": "viewer", "password": "correct horse battery"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
