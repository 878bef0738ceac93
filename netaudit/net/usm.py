"""SNMP version 3: authentication and encryption of one user (RFC 3414, 3826, 7860), by the crypto of pysnmp.

A message is sealed after the gate has looked at it in clear, as a TLS message is, and opened when it comes in. Nothing
here opens a socket. The names of algorithms are those of `scope.agents`. The only file that imports pysnmp's security
modules, and only when a version 3 agent is read.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

_ENCRYPTED: Final = 0x02


@dataclass(frozen=True, slots=True, repr=False)
class Usm:
    """One user with his secrets; never shown. `privacy`: "" where messages are signed but not encrypted."""

    user: str
    authentication: str
    secret: str
    privacy: str = ""
    privacy_secret: str = ""
    _keys: dict[bytes, tuple[Any, Any]] = field(default_factory=dict, compare=False)

    def seal(self, plain: bytes) -> bytes:
        """Return a version 3 message encrypted (where the user has a privacy secret) and signed."""
        library = _library()
        message = library.decode(plain)
        user = library.user_of(message)
        authentic, private = self._keys_for(bytes(user[0]))
        if self.privacy:
            moment = (int(user[1]), int(user[2]), None)
            scoped = library.encode(message["msgData"]["plaintext"])
            secret, salt = library.encryption(self.privacy).encrypt_data(private, moment, scoped)
            message["msgData"] = library.encrypted(secret)
            user[5] = bytes(salt)
        service = library.authentication(self.authentication)
        user[4] = bytes(service.digest_length)
        message["msgSecurityParameters"] = library.encode(user)
        return bytes(service.authenticate_outgoing_message(authentic, library.encode(message)))

    def open(self, wire: bytes) -> bytes | None:
        """Return an answer in clear, None for one that this user's secret did not sign or that cannot be read."""
        try:
            return self._opened(wire)
        except Exception:
            # The library raises what it likes at bytes that a stranger wrote; all of it means the same.
            return None

    def _opened(self, wire: bytes) -> bytes:
        library = _library()
        message = library.decode(wire)
        user = library.user_of(message)
        authentic, private = self._keys_for(bytes(user[0]))
        library.authentication(self.authentication).authenticate_incoming_message(authentic, user[4], wire)
        if message["msgGlobalData"]["msgFlags"].asOctets()[0] & _ENCRYPTED:
            moment = (user[1], user[2], user[5])
            clear = library.encryption(self.privacy).decrypt_data(private, moment, message["msgData"]["encryptedPDU"])
            message["msgData"] = library.clear(clear)
        return library.encode(message)

    def _keys_for(self, engine: bytes) -> tuple[Any, Any]:
        """Keys of this user at one agent: made once, since hashing a password takes a megabyte of it."""
        if engine not in self._keys:
            library = _library()
            where = library.octets(engine)
            service = library.authentication(self.authentication)
            authentic = service.localize_key(service.hash_passphrase(self.secret.encode()), where)
            private = None
            if self.privacy:
                cipher, name = library.encryption(self.privacy), service.identifier
                private = cipher.localize_key(name, cipher.hash_passphrase(name, self.privacy_secret.encode()), where)
            self._keys[engine] = (authentic, private)
        return self._keys[engine]


class _Library:
    """The parts of pysnmp that are used."""

    def __init__(self) -> None:
        from pyasn1.codec.ber import decoder, encoder
        from pyasn1.type import univ
        from pysnmp.proto.mpmod.rfc3412 import ScopedPDU, ScopedPduData, SNMPv3Message
        from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

        self._decoder, self._encoder, self._univ = decoder, encoder, univ
        self._message, self._parameters = SNMPv3Message, UsmSecurityParameters
        self._scoped, self._data = ScopedPDU, ScopedPduData

    def octets(self, data: bytes) -> Any:
        return self._univ.OctetString(data)

    def decode(self, raw: bytes) -> Any:
        return self._decoder.decode(raw, asn1Spec=self._message())[0]

    def encode(self, value: Any) -> bytes:
        return bytes(self._encoder.encode(value))

    def user_of(self, message: Any) -> Any:
        return self._decoder.decode(bytes(message["msgSecurityParameters"]), asn1Spec=self._parameters())[0]

    def encrypted(self, secret: Any) -> Any:
        data = self._data()
        data["encryptedPDU"] = secret
        return data

    def clear(self, scoped: bytes) -> Any:
        data = self._data()
        data["plaintext"] = self._decoder.decode(scoped, asn1Spec=self._scoped())[0]
        return data

    def authentication(self, name: str) -> Any:
        return _authentications()[name]

    def encryption(self, name: str) -> Any:
        return _encryptions()[name]


@cache
def _library() -> _Library:
    return _Library()


@cache
def _authentications() -> dict[str, Any]:
    from pysnmp.proto.secmod.rfc3414.auth.hmacmd5 import HmacMd5
    from pysnmp.proto.secmod.rfc3414.auth.hmacsha import HmacSha
    from pysnmp.proto.secmod.rfc7860.auth.hmacsha2 import HmacSha2

    made: dict[str, Any] = {"md5": HmacMd5(), "sha1": HmacSha()}
    made["md5"].identifier, made["sha1"].identifier = HmacMd5.SERVICE_ID, HmacSha.SERVICE_ID
    for name, size in (("sha224", 28), ("sha256", 32), ("sha384", 48), ("sha512", 64)):
        identifier = next(oid for oid, length in HmacSha2.KEY_LENGTH.items() if length == size)
        made[name] = HmacSha2(identifier)
        made[name].identifier = identifier
    return made


@cache
def _encryptions() -> dict[str, Any]:
    from pysnmp.proto.secmod.eso.priv.aes192 import Aes192, AesBlumenthal192
    from pysnmp.proto.secmod.eso.priv.aes256 import Aes256, AesBlumenthal256
    from pysnmp.proto.secmod.rfc3414.priv.des import Des
    from pysnmp.proto.secmod.rfc3826.priv.aes import Aes

    return {
        "des": Des(), "aes128": Aes(), "aes192": AesBlumenthal192(), "aes256": AesBlumenthal256(),
        "aes192-cisco": Aes192(), "aes256-cisco": Aes256(),
    }  # fmt: skip
