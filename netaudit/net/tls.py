"""TLS to old devices, without a socket: bytes in, bytes out. Nothing is verified: the certificate is evidence."""

import ssl
import warnings
from functools import cache
from typing import Final

# More handshake than this is no handshake: a real chain is below 20 KiB.
HANDSHAKE_CAP: Final = 256 * 1024


@cache
def old_device_context() -> ssl.SSLContext:
    """Return a context that old cameras can talk to: TLS 1.0, weak ciphers and short keys, no verification.

    Only for reading what a device says of itself: nothing secret goes through it (testbed.md 2, teaching 9).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


class TlsSession:
    """One client side of TLS. Feed what arrives, send what `pending` gives."""

    def __init__(self) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = old_device_context().wrap_bio(self._incoming, self._outgoing)
        self._fed = 0

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire; empty means end of stream."""
        self._fed += len(data)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def pending(self) -> bytes:
        """Return the bytes that must go to the wire now."""
        return self._outgoing.read()

    def handshake(self) -> bool:
        """Go on with the handshake; True when it is done. Raises ssl.SSLError when it fails or does not end."""
        if self._fed > HANDSHAKE_CAP:
            raise ssl.SSLError(f"no end of the handshake after {HANDSHAKE_CAP} bytes")
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def encrypt(self, message: bytes) -> None:
        """Encrypt one message; `pending` then holds it."""
        self._session.write(message)

    def decrypt(self, limit: int) -> bytes | None:
        """Return up to `limit` decrypted bytes, b"" at the end of the stream, None when more must be fed first.

        Raises ssl.SSLError for garbage.
        """
        try:
            return self._session.read(limit)
        except ssl.SSLWantReadError:
            return None
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    @property
    def certificate(self) -> bytes | None:
        """DER of the peer's certificate, once the handshake is done."""
        return self._session.getpeercert(binary_form=True)

    @property
    def version(self) -> str:
        """Protocol spoken, such as "TLSv1.2"."""
        return self._session.version() or ""
