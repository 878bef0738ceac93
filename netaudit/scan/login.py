"""The owner's own credentials: each tried once on the hosts it is bound to, in a thread, through the same wire."""

import asyncio

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Reply
from netaudit.probes.base import Heard, HostView, LoginProbe, LoginRefusedError
from netaudit.scan.session import Session
from netaudit.scan.talk import Line
from netaudit.scope.model import Credential
from netaudit.scope.secrets import bound


async def log_in(session: Session, host: HostView) -> None:
    """Run every login probe for which the scope binds a credential to this host."""
    for probe in session.catalogue.login:
        credential = _credential_for(session, host.ip, probe)
        if credential is None or session.journal.finished(probe.name, host.ip):
            continue
        # Written before the try: a run that dies here must not log in a second time (devices count failures).
        session.journal.attempt(probe.name, host.ip, "error", "the login was begun and did not end")
        await _try_once(session, host, probe, credential)


def _credential_for(session: Session, ip: str, probe: LoginProbe) -> Credential | None:
    mac = session.living[ip].mac
    return next(
        (
            credential
            for credential in session.gate.scope.credentials
            if bound(credential, ip, (mac,)) and any(probe.name.startswith(name) for name in credential.protocols)
        ),
        None,
    )


async def _try_once(session: Session, host: HostView, probe: LoginProbe, credential: Credential) -> None:
    started = rfc3339(now())
    secret = session.options.secret(credential) if session.options.secret else None
    if secret is None:
        session.journal.attempt(
            probe.name, host.ip, "not_sent", f"no secret for credential {credential.name!r}", started
        )
        return
    line = Line(session, host.ip)
    try:
        heard = await asyncio.to_thread(probe.ask, host, credential.username, secret, line)
    except LoginRefusedError:
        session.journal.attempt(
            probe.name,
            host.ip,
            "refused",
            f"the device refused credential {credential.name!r}: not tried again",
            started,
        )
    except Exception as error:
        session.journal.attempt(probe.name, host.ip, "error", f"fault in the probe: {type(error).__name__}", started)
    else:
        _keep(session, host, probe, list(heard), line.talked)
        session.journal.attempt(probe.name, host.ip, "answered" if heard else "silent", "", started)
    finally:
        line.hang_up()


def _keep(session: Session, host: HostView, probe: LoginProbe, heard: list[Heard], talked: list[Reply]) -> None:
    # The request holds a digest of the password: its hash is left out of the evidence.
    spoke = talked[-1] if talked else Reply(host.ip, 0, (), rfc3339(now()))
    for finding in heard:
        session.journal.keep(finding, spoke, probe, "")
