"""Ed25519 over the manifest: made here, checked by openssl, and refused when anything else was signed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from netaudit.errors import DataError, UsageError
from netaudit.evidence.pack.manifest import PUBLIC_KEY, SIGNATURE
from netaudit.evidence.pack.signature import fingerprint, fits, read_public_key, sign

LISTED = b"0" * 64 + b"  README.txt\n"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    _openssl("genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "key.pem"))
    return tmp_path / "key.pem"


def test_openssl_accepts_the_signature(key: Path, tmp_path: Path) -> None:
    files = {**sign(LISTED, key), "list": LISTED}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    _openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / PUBLIC_KEY), "-rawin", "-in", str(tmp_path / "list"),
        "-sigfile", str(tmp_path / SIGNATURE),
    )  # fmt: skip


def test_it_fits_this_manifest_and_this_key_only(key: Path, tmp_path: Path) -> None:
    files = sign(LISTED, key)
    public = read_public_key(files[PUBLIC_KEY], "key")
    _openssl("genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "other.pem"))
    other = read_public_key(sign(LISTED, tmp_path / "other.pem")[PUBLIC_KEY], "other")
    assert fits(LISTED, files[SIGNATURE], public)
    assert not fits(LISTED + b"\n", files[SIGNATURE], public)
    assert not fits(LISTED, files[SIGNATURE], other)
    assert not fits(LISTED, b"", public)
    assert len(fingerprint(public)) == 64
    assert fingerprint(public) != fingerprint(other)


def test_a_locked_key_asks_for_its_password(key: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pem"
    _openssl("pkcs8", "-topk8", "-in", str(key), "-out", str(locked), "-passout", "pass:abc", "-v2", "aes-256-cbc")
    with pytest.raises(UsageError, match="NETAUDIT_KEY_PASSWORD"):
        sign(LISTED, locked)
    with pytest.raises(DataError):
        sign(LISTED, locked, b"wrong")
    assert sign(LISTED, locked, b"abc") == sign(LISTED, key)


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    rsa = tmp_path / "rsa.pem"
    _openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024", "-out", str(rsa))
    with pytest.raises(DataError, match="another kind"):
        sign(LISTED, rsa)
    with pytest.raises(DataError, match="openssl genpkey"):
        sign(LISTED, tmp_path / "nowhere.pem")
    with pytest.raises(DataError):
        read_public_key(b"rubbish", "key")
