"""The owner's own credentials: each tried once on the hosts it is bound to, in a thread, through the same wire.

A device counts failed logins and locks its account. So a refusal ends a credential at that host for good, whatever the
protocol, also in a resumed run; and a credential that three hosts have refused before any took it is not used again.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Reply
from netaudit.net.usm import Usm
from netaudit.probes.base import Heard, HostView, LoginProbe, LoginRefusedError, UserProbe
from netaudit.scan.session import Session
from netaudit.scan.talk import Line
from netaudit.scope.gate import plain_address
from netaudit.scope.model import Credential
from netaudit.scope.secrets import Bearer, bound

REFUSALS: Final = 3
"""Hosts that may refuse a credential before it is taken for wrong, as long as none has taken it."""


async def log_in(session: Session, host: HostView) -> None:
    """Run every login probe for which the scope binds a credential to this host."""
    bearer = _bearer(session, host)
    for probe in session.catalogue.login:
        credential = _credential_for(session, bearer, probe)
        if credential is None or session.journal.finished(probe.name, host.ip):
            continue
        if why := _spent(session, host.ip, credential):
            session.journal.attempt(probe.name, host.ip, "not_sent", why)
            continue
        # Written before the try: a run that dies here must not log in a second time (devices count failures).
        session.journal.attempt(probe.name, host.ip, "error", "the login was begun and did not end")
        await _try_once(session, host, probe, credential)


def _bearer(session: Session, host: HostView) -> Bearer:
    network = session.gate.scope.network_of(plain_address(host.ip))
    maker = session.options.maker_of(host.observations) if session.options.maker_of else ""
    return Bearer(host.ip, (session.living[host.ip].mac,), network.site if network else "", maker)


def _credential_for(session: Session, bearer: Bearer, probe: LoginProbe) -> Credential | None:
    return next(
        (
            credential
            for credential in session.gate.scope.credentials
            if bound(credential, bearer) and any(probe.name.startswith(name) for name in credential.protocols)
        ),
        None,
    )


def _spent(session: Session, ip: str, credential: Credential) -> str:
    """Why a credential may not be tried here any more, "" while it may."""
    if ip in session.journal.refused(refusal_of(credential)):
        return f"the device refused credential {credential.name!r} before: not tried again"
    if len(session.journal.refused(refusal_of(credential))) >= REFUSALS and credential.name not in session.welcome:
        return f"{REFUSALS} devices refused credential {credential.name!r} and none took it: not used any more"
    return ""


def refusal_of(credential: Credential) -> str:
    """The reason that an attempt gives for a refusal: how a later one, or a resumed run, knows of it."""
    return f"the device refused credential {credential.name!r}: not tried again"


async def _try_once(session: Session, host: HostView, probe: LoginProbe, credential: Credential) -> None:
    started = rfc3339(now())
    secret, private = _secrets(session, credential)
    if secret is None or private is None:
        session.journal.attempt(
            probe.name, host.ip, "not_sent", f"no secret for credential {credential.name!r}", started
        )
        return
    line = Line(session, host.ip)
    try:
        if credential.authentication and isinstance(probe, UserProbe):
            user = Usm(credential.username, credential.authentication, secret, credential.privacy, private)
            heard = await asyncio.to_thread(probe.ask_as, host, user, line)
        else:
            heard = await asyncio.to_thread(probe.ask, host, credential.username, secret, line)
    except LoginRefusedError:
        session.journal.attempt(probe.name, host.ip, "refused", refusal_of(credential), started)
    except Exception as error:
        session.journal.attempt(probe.name, host.ip, "error", f"fault in the probe: {type(error).__name__}", started)
    else:
        if heard:
            session.welcome.add(credential.name)
        _keep(session, host, probe, list(heard), line.talked)
        session.journal.attempt(probe.name, host.ip, "answered" if heard else "silent", "", started)
    finally:
        line.hang_up()


def _secrets(session: Session, credential: Credential) -> tuple[str | None, str | None]:
    """Return the secret, and the second one of an SNMP user ("" where he has none); None for one that is missing."""
    resolve = session.options.secret
    if resolve is None:
        return None, None
    return resolve(credential), resolve(credential.private) if credential.private else ""


def _keep(session: Session, host: HostView, probe: LoginProbe, heard: list[Heard], talked: list[Reply]) -> None:
    # The request holds a digest of the password: its hash is left out of the evidence.
    spoke = talked[-1] if talked else Reply(host.ip, 0, (), rfc3339(now()))
    for finding in heard:
        session.journal.keep(finding, spoke, probe, "")


def warnings(credentials: tuple[Credential, ...]) -> Iterator[str]:
    """Say, before the first try, what each credential will be tried on and what a wrong one may do."""
    for credential in credentials:
        where = ", ".join(credential.bound_to)
        yield (
            f"Credential {credential.name!r} ({', '.join(credential.protocols)}) will be tried once on each device of "
            f"{where} that speaks the protocol. Where the password is wrong, a device may lock the account "
            f"{credential.username!r} for a while (many do after 3 to 7 failures): one refusal ends it at that device, "
            f"{REFUSALS} refusals before any success end it for this run."
        )
