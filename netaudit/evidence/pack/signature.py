"""An Ed25519 signature over the manifest: offline, small, and checkable with openssl alone.

The public key lies in the pack for convenience only: whoever changes a pack can put another one in. What counts is the
key, or its fingerprint, that the reader got from the signer by another way.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.errors import DataError, UsageError
from netaudit.evidence.pack.manifest import PUBLIC_KEY, SIGNATURE, sha256

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_EXPECTED = "an Ed25519 key as PEM: `openssl genpkey -algorithm ed25519 -out key.pem`"


def sign(manifest: bytes, key: Path, password: bytes | None = None) -> dict[str, bytes]:
    """Return the files that sign a manifest: signature and public key. Raises DataError or UsageError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    try:
        private = load_pem_private_key(key.read_bytes(), password)
    except TypeError as error:
        raise UsageError(f"{key} is locked by a password: set NETAUDIT_KEY_PASSWORD") from error
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise DataError(str(key), f"cannot be used: {error}", _EXPECTED) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise DataError(str(key), "is a key of another kind", _EXPECTED)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {SIGNATURE: private.sign(manifest), PUBLIC_KEY: public}


def read_public_key(data: bytes, where: str) -> "Ed25519PublicKey":
    """Read a public key (PEM). Raises DataError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise DataError(where, f"cannot be used: {error}", "an Ed25519 public key as PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise DataError(where, "is a key of another kind", "an Ed25519 public key as PEM")
    return key


def fits(manifest: bytes, signature: bytes, key: "Ed25519PublicKey") -> bool:
    """True when the signature over the manifest was made with this key."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def fingerprint(key: "Ed25519PublicKey") -> str:
    """Return the SHA-256 of the key's 32 bytes: short enough to read out over the telephone."""
    return sha256(key.public_bytes_raw())
