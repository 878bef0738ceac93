"""Signing in by OpenID Connect, at a real provider in a process of its own; and everything that must be refused."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from netaudit.errors import DataError, NetauditError
from netaudit.store.people import Author
from netaudit.store.schema import AccountRow
from netaudit.store.store import Store
from netaudit.web.app import create_app
from netaudit.web.oidc import ALGORITHMS, SignIn, SignInError, mark
from netaudit.web.oidc_settings import OidcSettings, read_oidc
from netaudit.web.roles import Role
from netaudit.web.sessions import add_account
from netaudit.web.settings import Settings
from tests.web.conftest import BASE, PASSWORD

PEOPLE = (
    '{"sub": "anna", "preferred_username": "anna", "groups": ["staff", "hands"]}',
    '{"sub": "ben", "preferred_username": "viewer", "groups": ["staff"]}',
    '{"sub": "eve", "groups": ["others"]}',
)
ROLES: Mapping[Role, frozenset[str]] = {"viewer": frozenset({"staff"}), "facilities": frozenset({"hands"})}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider over real sockets that signs, and holds clients to nonce and PKCE (oidc_provider.py)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(__file__).with_name("oidc_provider.py")), str(port), *PEOPLE]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            assert server.poll() is None, "the provider did not start"
            assert time.monotonic() < deadline
            try:
                with urllib.request.urlopen(f"{address}/jwks", timeout=30):
                    break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()


@pytest.fixture
def settings(issuer: str) -> Settings:
    oidc = OidcSettings(issuer, "netaudit", BASE, ROLES, secret="not guessed", label="City login")
    return Settings(accounts=True, oidc=oidc)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def over_there(url: str, who: str) -> dict[str, str]:
    """Press the button with that name at the provider; return what it sends back with the browser."""
    opener = urllib.request.build_opener(_Stay())
    with pytest.raises(urllib.error.HTTPError) as refused:
        opener.open(url, urllib.parse.urlencode({"sub": who}).encode(), timeout=60)
    with refused.value as answer:
        assert answer.code == 302
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["location"]).query))


def sign_in(client: TestClient, who: str) -> Any:
    """The whole way of a browser."""
    away = client.get("/login/oidc")
    assert away.status_code == 303
    return client.get("/login/oidc/back", params=over_there(away.headers["location"], who))


def test_somebody_signs_in_with_the_role_of_their_groups(client: TestClient, store: Store, issuer: str) -> None:
    assert "Sign in with City login" in client.get("/login").text
    answer = sign_in(client, "anna")
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert "anna" in client.get("/").text
    assert client.get("/manage").status_code == 403
    with store.reading() as session:
        account = session.query(AccountRow).filter_by(name="anna").one()
        assert (account.role, account.password) == ("facilities", mark(issuer, "anna"))
    again = sign_in(client, "anna")
    assert again.status_code == 200
    with store.reading() as session:
        assert session.query(AccountRow).filter_by(name="anna").count() == 1
    refused = client.post("/login", data={"name": "anna", "password": account.password})
    assert refused.status_code == 401


def test_what_goes_over_the_browser_carries_state_nonce_and_challenge(client: TestClient) -> None:
    away = client.get("/login/oidc")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(away.headers["location"]).query))
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) > 40
    assert len(query["nonce"]) > 40
    assert query["redirect_uri"] == f"{BASE}/login/oidc/back"
    assert "secret" not in away.headers["location"]
    cookie = away.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_name_of_an_account_here_is_not_taken_over(client: TestClient, store: Store) -> None:
    sign_in(client, "ben")
    with store.reading() as session:
        names = [row.name for row in session.query(AccountRow) if row.name.startswith("viewer")]
    assert len(names) == 2
    assert names[1].startswith("viewer (")


def test_who_has_no_group_here_is_not_let_in(client: TestClient, store: Store) -> None:
    answer = sign_in(client, "eve")
    assert answer.status_code == 401
    assert "none of your groups has a role here" in answer.text
    assert client.get("/").headers["location"] == "/login"
    with store.reading() as session:
        assert session.query(AccountRow).filter_by(name="eve").count() == 0


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(client: TestClient) -> None:
    answer = over_there(client.get("/login/oidc").headers["location"], "anna")
    own = dict(client.cookies)
    client.cookies.clear()
    assert "not begun in this browser" in client.get("/login/oidc/back", params=answer).text
    client.cookies.update(own)
    # The other browser's try has used it up.
    assert client.get("/login/oidc/back", params=answer).status_code == 401
    for guess in ({}, {"state": "x", "code": "y"}, {**answer, "state": "x"}):
        assert client.get("/login/oidc/back", params=guess).status_code == 401


def test_what_the_service_refuses_is_said(client: TestClient) -> None:
    answer = over_there(client.get("/login/oidc").headers["location"], "anna")
    denied = client.get("/login/oidc/back", params={"state": answer["state"], "error": "access_denied"})
    assert (denied.status_code, "access_denied" in denied.text) == (401, True)
    wrong = over_there(client.get("/login/oidc").headers["location"], "anna")
    assert client.get("/login/oidc/back", params={**wrong, "code": "guess"}).status_code == 401
    other = over_there(client.get("/login/oidc").headers["location"], "anna")
    assert "another service" in client.get("/login/oidc/back", params={**other, "iss": "https://evil.example"}).text


def test_an_account_that_was_disabled_here_stays_out(client: TestClient, store: Store) -> None:
    sign_in(client, "anna")
    with store.writing() as session:
        session.query(AccountRow).filter_by(name="anna").update({"disabled": True})
    assert "disabled" in sign_in(client, "anna").text
    assert client.get("/").headers["location"] == "/login"


@pytest.fixture
def begun(settings: Settings) -> tuple[SignIn, dict[str, str], str]:
    """A sign-in that came back, before its answer is looked at."""
    assert settings.oidc
    service = SignIn(settings.oidc)
    url, browser = service.begin()
    return service, over_there(url, "anna"), browser


def test_a_code_without_its_verifier_is_worth_nothing(begun: tuple[SignIn, dict[str, str], str]) -> None:
    service, answer, browser = begun
    state = service._begun[answer["state"]]
    service._begun[answer["state"]] = type(state)(browser, state.nonce, "x" * 64, state.at)
    with pytest.raises(SignInError, match="did not accept"):
        service.finish(answer, browser)


def test_a_token_for_another_nonce_is_refused(begun: tuple[SignIn, dict[str, str], str]) -> None:
    service, answer, browser = begun
    state = service._begun[answer["state"]]
    service._begun[answer["state"]] = type(state)(browser, "other", state.verifier, state.at)
    with pytest.raises(SignInError, match="does not hold"):
        service.finish(answer, browser)


def test_keys_that_were_changed_over_there_are_asked_for_again(begun: tuple[SignIn, dict[str, str], str]) -> None:
    service, answer, browser = begun
    service._keys = (time.monotonic() - 60, other_keys())
    assert service.finish(answer, browser)["sub"] == "anna"


def test_a_token_of_another_signer_is_refused(begun: tuple[SignIn, dict[str, str], str]) -> None:
    service, answer, browser = begun
    service._keys = (time.monotonic(), other_keys())
    with pytest.raises(SignInError, match="does not hold"):
        service.finish(answer, browser)


def other_keys() -> dict[str, Any]:
    from joserfc.jwk import RSAKey

    return {"keys": [RSAKey.generate_key(2048).as_dict(private=False)]}


def test_tokens_signed_with_a_shared_secret_or_not_at_all_are_none() -> None:
    assert not {"none", "HS256", "HS384", "HS512"} & set(ALGORITHMS)


def test_a_service_that_calls_itself_otherwise_is_not_used(issuer: str, store: Store) -> None:
    named = issuer.replace("127.0.0.1", "localhost") + "/"
    oidc = OidcSettings(named, "netaudit", BASE, ROLES)
    with pytest.raises(NetauditError, match="calls itself otherwise"):
        SignIn(oidc).begin()
    with TestClient(create_app(store, Settings(accounts=True, oidc=oidc)), BASE, follow_redirects=False) as client:
        answer = client.get("/login/oidc")
        assert (answer.status_code, "cannot be used now" in answer.text) == (502, True)


GOOD = """issuer = "https://login.example"
client_id = "netaudit"
address = "https://audit.example/"
secret_file = "secret"
claim = "realm_access.roles"
[roles]
viewer = ["staff"]
administrator = ["it"]
"""


def test_the_file_of_the_service(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3\n")
    (tmp_path / "oidc.toml").write_text(GOOD)
    found = read_oidc(tmp_path / "oidc.toml")
    assert (found.secret, found.back, found.host) == ("s3", "https://audit.example/login/oidc/back", "audit.example")
    assert found.role_of({"realm_access": {"roles": ["staff", "it"]}}) == "administrator"
    assert found.role_of({"realm_access": {"roles": "staff"}}) == "viewer"
    assert found.role_of({"realm_access": 7}) is None
    assert Settings(oidc=found).hosts >= {"audit.example"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://login.example", "http://login.example", "issuer is not safe"),
        ("https://audit.example/", "audit.example", "address is not safe"),
        ('client_id = "netaudit"', "", "has no client_id"),
        ("viewer =", "king =", "roles.king is no role"),
        ("[roles]", "[rules]", "unknown key 'rules'"),
        ("secret_file", "secret", "unknown key 'secret'"),
        ('"secret"', '"gone"', "cannot be read"),
        ("claim =", "scope =", "without openid"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "secret").write_text("s3\n")
    (tmp_path / "oidc.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(DataError, match=said):
        read_oidc(tmp_path / "oidc.toml")


def test_an_account_of_elsewhere_cannot_be_entered_by_password(store: Store, client: TestClient) -> None:
    with store.writing() as session:
        add_account(session, "carl", "viewer", PASSWORD, Author("test", "2026-01-01T00:00:00.000Z"))
        session.query(AccountRow).filter_by(name="carl").update({"password": mark("https://x.example", "carl")})
    assert client.post("/login", data={"name": "carl", "password": PASSWORD}).status_code == 401
