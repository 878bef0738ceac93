"""The owner's credentials on the command line: fetched before the first packet, the risk stated."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from netaudit.cli.terminal import harmless, say
from netaudit.errors import ScopeError
from netaudit.evidence.observation import Observation
from netaudit.identify.knowledge import Knowledge
from netaudit.scan.login import warnings
from netaudit.scope.model import Credential, Scope
from netaudit.scope.secrets import resolve

SURE: Final = ("confirmed", "probable")


def secrets_of(scope: Scope) -> Mapping[str, str | None]:
    """Fetch every secret by the credential's name, None for one that is missing; say the risk of each that is there."""
    secrets = {credential.name: _secret(credential) for credential in (*scope.credentials, *agent_credentials(scope))}
    for sentence in warnings(tuple(one for one in scope.credentials if secrets[one.name] is not None)):
        say(harmless(sentence))
    return secrets


def agent_credentials(scope: Scope) -> Iterator[Credential]:
    """Yield the credentials of the scope's switches and routers."""
    for credential in scope.credentials:
        if credential.private:
            yield credential.private
    for agent in scope.agents:
        yield agent.secret
        if agent.privacy_secret:
            yield agent.privacy_secret


def maker_finder(scope: Scope, options: argparse.Namespace) -> Callable[[Sequence[Observation]], str] | None:
    """Return what names the maker of a host while a scan runs; None where no credential is bound to a maker."""
    if not any("maker:" in entry for credential in scope.credentials for entry in credential.bound_to):
        return None
    from netaudit.cli.knowledge import knowledge_of

    return partial(_maker_of, knowledge_of(options))


def _maker_of(knowledge: Knowledge, heard: Sequence[Observation]) -> str:
    """The maker behind what one host said so far; only a sure one: a wrong login costs more than none."""
    from netaudit.identify.engine import identify

    makers = {device.maker.value for device in identify(heard, knowledge) if device.maker.grade in SURE}
    return (makers.pop() or "") if len(makers) == 1 else ""


def _secret(credential: Credential) -> str | None:
    try:
        return resolve(credential)
    except ScopeError as error:
        say(f"{error} (the scan goes on without it)")
        return None
