"""One e-mail to one address by SMTP, with STARTTLS or TLS where the channel says so."""

import smtplib
import socket
from email.message import EmailMessage
from typing import IO, Final

from netaudit.notice.door.stream import CONNECT, Answer, stream, tls, told
from netaudit.notice.settings import Mail

_MOST: Final = 64 * 1024
_READY: Final = 220


class _Bounded:
    """Reads lines up to a number of bytes in all: a server may continue a reply without end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = _MOST

    def readline(self, size: int) -> bytes:
        """Return a line. Raises OSError when the server has said too much."""
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError(f"the server said more than {_MOST} bytes")
        return line

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Session(smtplib.SMTP):
    """A conversation over a connection that is there already."""

    def __init__(self, sock: socket.socket, host: str) -> None:
        near = sock.getsockname()[0]
        super().__init__(local_hostname=f"[IPv6:{near}]" if ":" in near else f"[{near}]", timeout=CONNECT)
        self.sock = sock
        # The name that the certificate must have.
        self._host = host

    def getreply(self) -> tuple[int, bytes]:
        """Return one reply. Raises SMTPServerDisconnected where it does not end."""
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()


def send_mail(channel: Mail, secret: str, message: EmailMessage, to: str) -> Answer:
    """Send one message. What goes wrong is an answer, never an error."""
    try:
        with stream(channel.server, channel.port) as plain:
            context = None if channel.security == "none" else tls(channel.ca)
            if context and channel.security == "tls":
                with context.wrap_socket(plain, server_hostname=channel.server) as sock:
                    return _talk(_Session(sock, channel.server), channel, secret, message, to)
            session = _Session(plain, channel.server)
            if context is None:
                return _talk(session, channel, secret, message, to)
            _greet(session)
            session.starttls(context=context)
            return _hand_over(session, channel, secret, message, to)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients.get(to, (0, b""))
        return _refused(code, text)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return told(error)


def _talk(session: _Session, channel: Mail, secret: str, message: EmailMessage, to: str) -> Answer:
    _greet(session)
    return _hand_over(session, channel, secret, message, to)


def _greet(session: _Session) -> None:
    code, text = session.getreply()
    if code != _READY:
        raise smtplib.SMTPConnectError(code, text)
    session.ehlo_or_helo_if_needed()


def _hand_over(session: _Session, channel: Mail, secret: str, message: EmailMessage, to: str) -> Answer:
    try:
        if channel.credential:
            session.login(channel.credential.username, secret)
        session.send_message(message, channel.sender, [to])
        try:
            session.quit()
        except (OSError, smtplib.SMTPException):
            # It was taken: how the server says good-bye changes nothing.
            return Answer()
        return Answer()
    finally:
        session.close()


def _refused(code: int, text: bytes | str) -> Answer:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Answer(f"{code} {said}"[:500], final=code >= 500)
