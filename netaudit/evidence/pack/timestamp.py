"""RFC 3161 time stamps over the manifest: what to ask an authority, and what its answer proves."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

from netaudit.errors import DataError, NetauditError
from netaudit.evidence.der import inside, items

_CERTIFICATES = 0xA0
_EXPECTED = "a time stamp answer (RFC 3161, DER)"


def question(manifest: bytes) -> bytes:
    """Return the request (DER) for a time stamp over the manifest. It holds the manifest's SHA-256 and nothing else."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    # No nonce: the question depends on the manifest alone, so that it can be put later and by somebody else.
    builder = TimestampRequestBuilder().data(manifest).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=False).cert_request(cert_request=True).build().as_bytes()


def stamped_at(answer: bytes, manifest: bytes, where: str = "time stamp") -> datetime:
    """Return the time that the answer states for this manifest. Raises DataError where it is for something else.

    Says nothing about who stamped it: see `check_authority`.
    """
    import hashlib

    from rfc3161_client import decode_timestamp_response

    try:
        stamp = decode_timestamp_response(_sorted(answer))
        imprint, moment = stamp.tst_info.message_imprint.message, stamp.tst_info.gen_time
    except ValueError as error:
        raise DataError(where, f"cannot be read: {error}", _EXPECTED) from error
    if imprint != hashlib.sha256(manifest).digest():
        raise DataError(where, "is for another manifest", "the time stamp over this MANIFEST.sha256")
    return moment


def check_authority(answer: bytes, manifest: bytes, roots: Path) -> str:
    """Return why the answer does not come from an authority under these roots (PEM), "" where it does."""
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        certificates = load_pem_x509_certificates(roots.read_bytes())
    except (OSError, ValueError) as error:
        raise NetauditError(f"{roots} cannot be used: {error} (expected certificates as PEM)") from error
    builder = VerifierBuilder()
    for certificate in certificates:
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(decode_timestamp_response(_sorted(answer)), manifest)
    except (VerificationError, ValueError) as error:
        return str(error) or "it was not made under these roots"
    return ""


def _sorted(answer: bytes) -> bytes:
    """Put the certificates of an answer into DER's order: OpenSSL writes them as they come, and readers are strict.

    They are outside of what is signed; nothing else is touched.
    """
    try:
        token = inside(next(items(answer)))[1]
        signed = inside(inside(inside(token)[1])[0])
        certificates = next(item for item in signed if item.tag == _CERTIFICATES)
    except (IndexError, StopIteration):
        return answer
    ends = [certificates.start, *(item.end for item in inside(certificates))]
    parts = sorted(answer[start:end] for start, end in pairwise(ends))
    return answer[: ends[0]] + b"".join(parts) + answer[ends[-1] :]
