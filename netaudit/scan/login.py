"""The owner's own credentials: each tried once on the hosts it is bound to, in a thread, through the same wire."""

import asyncio
from collections.abc import Callable

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.probes.base import Heard, HostView, LoginProbe, LoginRefusedError
from netaudit.scan.session import Session
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
    talked: list[Reply] = []
    try:
        heard = await asyncio.to_thread(probe.ask, host, credential.username, secret, _talker(session, host.ip, talked))
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
        _keep(session, host, probe, list(heard), talked)
        session.journal.attempt(probe.name, host.ip, "answered" if heard else "silent", "", started)


def _keep(session: Session, host: HostView, probe: LoginProbe, heard: list[Heard], talked: list[Reply]) -> None:
    # The request holds a digest of the password: its hash is left out of the evidence.
    spoke = talked[-1] if talked else Reply(host.ip, 0, (), rfc3339(now()))
    for finding in heard:
        session.journal.keep(finding, spoke, probe, "")


def _talker(session: Session, ip: str, talked: list[Reply]) -> Callable[[Request], Reply]:
    loop = asyncio.get_running_loop()

    def talk(request: Request) -> Reply:
        wire = session.transport
        held = wire.exchange(ip, request) if isinstance(request, Datagram) else wire.dialogue(ip, request)
        outcome = asyncio.run_coroutine_threadsafe(held, loop).result()
        reply = outcome.reply or Reply(ip, request.port, (), rfc3339(now()), truncated=True)
        talked.append(reply)
        return reply

    return talk
