"""Secrets come only from where the owner put them, and are never shown."""

import sys
from pathlib import Path
from types import ModuleType

import pyrage
import pytest

from netaudit.errors import ScopeError
from netaudit.scope import secrets
from netaudit.scope.model import Credential

SECRET = "correct horse"


def credential(source: str, *bound_to: str) -> Credential:
    return Credential("lobby", "auditor", source, bound_to)


def failure(source: str) -> str:
    with pytest.raises(ScopeError) as error:
        secrets.resolve(credential(source))
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    return str(error.value)


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETAUDIT_TEST_SECRET", SECRET)
    assert secrets.resolve(credential("env:NETAUDIT_TEST_SECRET")) == SECRET
    monkeypatch.setenv("NETAUDIT_TEST_SECRET", "")
    assert "holds no secret" in failure("env:NETAUDIT_TEST_SECRET")
    monkeypatch.delenv("NETAUDIT_TEST_SECRET")
    assert "export NETAUDIT_TEST_SECRET" in failure("env:NETAUDIT_TEST_SECRET")


@pytest.mark.parametrize("data", [SECRET, SECRET + "\n", SECRET + "\r\n"])
def test_from_a_file_of_the_owner_alone(tmp_path: Path, data: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(data.encode())
    file.chmod(0o600)
    assert secrets.resolve(credential(f"file:{file}")) == SECRET
    file.chmod(0o400)
    assert secrets.resolve(credential(f"file:{file}")) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o700])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    file.chmod(mode)
    assert f"chmod 600 {file}" in failure(f"file:{file}")


@pytest.mark.parametrize("data", [b"", b"\n", SECRET.encode() + b"\nmore\n", b"x" * 2000, SECRET.encode() + b"\xff"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(data)
    file.chmod(0o600)
    assert "lobby" in failure(f"file:{file}")


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert "cannot be read" in failure(f"file:{tmp_path / 'none'}")
    assert "cannot be read" in failure(f"file:{tmp_path}")


@pytest.mark.parametrize("source", ["", "env:", "plain", "vault:x", "keyring:service", "keyring:/user", "keyring:a/"])
def test_other_sources_are_refused(source: str) -> None:
    assert "write " in failure(source)


def test_without_the_package_keyring_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "install netaudit[keyring]" in failure("keyring:cameras/admin")


def test_from_the_key_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    # No key ring runs on a build machine: the package's two names that we use stand in for it.
    ring, errors = ModuleType("keyring"), ModuleType("keyring.errors")

    class KeyringError(Exception):
        pass

    def get_password(service: str, user: str) -> str | None:
        if service == "locked":
            raise KeyringError(SECRET)
        return {("cctv/lobby", "auditor"): SECRET}.get((service, user))

    vars(errors)["KeyringError"] = KeyringError
    vars(ring).update(get_password=get_password, errors=errors)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert secrets.resolve(credential("keyring:cctv/lobby/auditor")) == SECRET
    assert "holds no secret" in failure("keyring:cctv/other")
    assert "unlock the key ring" in failure("keyring:locked/x")


def test_from_a_file_that_age_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secrets.age"
    file.write_bytes(pyrage.passphrase.encrypt(f"other=x\nlobby = {SECRET}\n".encode(), "open sesame"))
    monkeypatch.setenv(secrets.PASSPHRASE, "open sesame")
    assert secrets.resolve(credential(f"age:{file}#lobby")) == SECRET
    assert "holds no secret" in failure(f"age:{file}#nobody")
    assert "write age:PATH#NAME" in failure(f"age:{file}")
    assert "cannot be read" in failure(f"age:{file}.gone#lobby")
    monkeypatch.setenv(secrets.PASSPHRASE, "another")
    assert "check the passphrase" in failure(f"age:{file}#lobby")
    file.write_bytes(b"no age file")
    assert "cannot be opened" in failure(f"age:{file}#lobby")


@pytest.mark.parametrize(
    ("entry", "ip", "macs", "expected"),
    [
        ("192.0.2.7", "192.0.2.7", (), True),
        ("192.0.2.7", "192.0.2.8", (), False),
        ("192.0.2.0/28", "192.0.2.7", (), True),
        ("192.0.2.9/28", "192.0.2.7", (), True),
        ("2001:db8::/64", "2001:db8::7%eth0", (), True),
        ("192.0.2.7", "::ffff:192.0.2.7", (), True),
        ("44:19:B6:00:00:01", "192.0.2.7", ("44-19-b6-00-00-01",), True),
        ("4419.b600.0001", "192.0.2.7", ("4419b6000001",), True),
        ("44:19:B6:00:00:01", "192.0.2.7", (), False),
        ("", "192.0.2.7", ("",), False),
        ("anything", "192.0.2.7", ("anything",), False),
        ("192.0.2.7", "not an address", (), False),
    ],
)
def test_a_credential_is_used_only_where_it_is_bound(
    entry: str, ip: str, macs: tuple[str, ...], expected: bool
) -> None:
    assert secrets.bound(credential("env:X", entry), secrets.Bearer(ip, macs)) is expected
