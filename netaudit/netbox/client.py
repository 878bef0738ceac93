"""The one file that speaks with a NetBox, through pynetbox: to the host that the user names, and to no other.

Beside the MAC registries and the time stamp authority this is the only place where netaudit asks a host outside the
written scope. Redirects are not followed: the token is for one host. Nothing is ever deleted.
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from netaudit.errors import NetauditError
from netaudit.netbox.compare import Row

OLDEST: Final = (4, 2)
"""MAC addresses are objects of their own since then."""
BATCH: Final = 50
_TIMEOUT: Final = 60.0


class NetBox:
    """A NetBox with a token."""

    def __init__(self, url: str, token: str) -> None:
        """Raise NetauditError where there is no such NetBox, it is too old, or the token would cross in the clear."""
        _refuse_plain_text(url)
        try:
            import pynetbox
            import requests
        except ImportError:
            raise NetauditError("the API of NetBox needs the package pynetbox: install netaudit[netbox]") from None
        self._refusal: type[Exception] = pynetbox.RequestError
        self._failures = (pynetbox.RequestError, pynetbox.ContentError, requests.RequestException)
        self._url = url
        self._api = pynetbox.api(url, token=token)
        self._api.http_session.max_redirects = 0
        self._api.http_session.mount(url, _patient(requests))
        self._check_version()

    def rows(self, endpoint: str, **filters: Sequence[str | int]) -> list[Row]:
        """Return the objects that any value of the filter fits; all of them without one."""
        there = self._endpoint(endpoint)
        try:
            return [dict(record) for record in (there.filter(**filters) if filters else there.all())]
        except self._failures as error:
            raise self._error(error) from None

    def create(self, endpoint: str, bodies: Sequence[Mapping[str, Any]]) -> list[int | str]:
        """Make objects; return the id of each, or why NetBox refused it."""
        done = self._together(endpoint, "create", bodies)
        return [answer if isinstance(answer, str) else int(answer.id) for answer in done]

    def update(self, endpoint: str, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
        """Change fields of objects (each body has its id); return why NetBox refused it, "" where it did not."""
        return [answer if isinstance(answer, str) else "" for answer in self._together(endpoint, "update", bodies)]

    def _together(self, endpoint: str, verb: str, bodies: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Send fifty at once; NetBox takes all or none, so where it refuses, one by one."""
        act = getattr(self._endpoint(endpoint), verb)
        answers: list[Any] = []
        for start in range(0, len(bodies), BATCH):
            some = [dict(body) for body in bodies[start : start + BATCH]]
            try:
                answers += list(act(some))
            except self._refusal:
                answers += [self._alone(act, body) for body in some]
            except self._failures as error:
                raise self._error(error) from None
        return answers

    def _alone(self, act: Any, body: dict[str, Any]) -> Any:
        try:
            return act([body])[0]
        except self._refusal as error:
            return str(error)[:500]
        except self._failures as error:
            raise self._error(error) from None

    def _endpoint(self, endpoint: str) -> Any:
        app, _, name = endpoint.partition(".")
        return getattr(getattr(self._api, app), name)

    def _check_version(self) -> None:
        try:
            version = str(self._api.version)
        except self._failures as error:
            raise self._error(error) from None
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if not numbers:
            raise NetauditError(f"{self._url} is no NetBox: its answer names no API version")
        if numbers < OLDEST:
            raise NetauditError(f"{self._url} is NetBox {version}: the API is used from 4.2 on; use netbox-csv")

    def _error(self, error: Exception) -> NetauditError:
        return NetauditError(f"{self._url}: {str(error)[:500]}")


def _patient(requests: Any) -> Any:
    class Patient(requests.adapters.HTTPAdapter):  # type: ignore[misc]
        """Gives every request a time-out: requests has none of its own."""

        def send(self, request: Any, **options: Any) -> Any:
            return super().send(request, **{**options, "timeout": options.get("timeout") or _TIMEOUT})

    return Patient()


def _refuse_plain_text(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or parts.scheme not in ("http", "https"):
        raise NetauditError(f"{url} is no http or https address")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise NetauditError(f"{url}: the token would cross the network in the clear; use https")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
