"""The owner's credential: only where it is bound, once, and never again after a refusal."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from netaudit.net.exchange import Dialogue, Reply
from netaudit.net.replay import Recorded, Replay
from netaudit.probes.base import Heard, HostView, LoginRefusedError
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.login import warnings
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.gate import Gate
from netaudit.scope.model import Credential
from netaudit.scope.secrets import Bearer, bound
from tests.net.support import TODAY, gate_for
from tests.scan.support import GET, OK, MemoryLog

CAMERA, OTHER = "10.88.0.1", "10.88.0.2"
BEARER = Bearer(CAMERA, ("44:19:b6:00:00:01",), "HQ", "axis")
HOSTS = {CAMERA: Recorded(tcp={80: [OK]}), OTHER: Recorded(tcp={80: [OK]})}


class Login:
    """Asks one page with the credential, or is refused."""

    name: ClassVar[str] = "onvif_device"
    version: ClassVar[int] = 1

    def __init__(self, refuse: bool = False) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self._refuse = refuse

    def ask(self, host: HostView, username: str, password: str, talk: Callable[[Dialogue], Reply]) -> Sequence[Heard]:
        self.asked.append((host.ip, username, password))
        reply = talk(Dialogue(80, (GET,)))
        if self._refuse:
            raise LoginRefusedError
        return [Heard("http.response", reply.messages[0])]


def scan(login: Login, log: MemoryLog, bound_to: str = CAMERA, secret: str | None = "s3cret-word") -> RunOutcome:
    credential = Credential("cctv", "auditor", "env:X", (bound_to,))
    gate = gate_for("10.88.0.0/29")
    gate = Gate(replace(gate.scope, credentials=(credential,)), TODAY)
    options = ScanOptions(secret=lambda _: secret)
    return asyncio.run(run_scan(options, gate, log, catalogue=Catalogue((), (), (login,)), transport=Replay(HOSTS)))


def test_the_credential_goes_only_where_it_is_bound_and_never_into_the_log() -> None:
    login, log = Login(), MemoryLog()
    scan(login, log)
    assert login.asked == [(CAMERA, "auditor", "s3cret-word")]
    assert log.status("onvif_device", CAMERA)[0] == "answered"
    heard = next(o for o in log.written if o.kind == "http.response")
    assert "request" not in heard.via
    assert "s3cret-word" not in repr([log.written, log.records])


def test_a_refused_login_is_not_tried_again_not_even_by_a_resumed_run() -> None:
    log = MemoryLog()
    scan(Login(refuse=True), log)
    assert log.status("onvif_device", CAMERA) == ("refused", "the device refused credential 'cctv': not tried again")
    second = Login()
    scan(second, MemoryLog(log.written, log.records))
    assert second.asked == []


def test_a_wrong_password_is_given_up_after_three_devices() -> None:
    hosts = {f"10.88.0.{n}": Recorded(tcp={80: [OK]}) for n in range(1, 7)}
    login, log = Login(refuse=True), MemoryLog()
    credential = Credential("cctv", "auditor", "env:X", ("10.88.0.0/29",))
    gate = gate_for("10.88.0.0/29")
    gate = Gate(replace(gate.scope, credentials=(credential,)), TODAY)
    options = ScanOptions(engine="connect", secret=lambda _: "wrong", hosts_at_once=1)
    asyncio.run(run_scan(options, gate, log, catalogue=Catalogue((), (), (login,)), transport=Replay(hosts)))
    assert len(login.asked) == 3
    told = [log.status("onvif_device", ip) for ip in hosts]
    assert sorted(status for status, _ in told) == ["not_sent"] * 3 + ["refused"] * 3
    assert "3 devices refused credential 'cctv' and none took it" in repr(told)


def test_a_refusal_in_one_protocol_ends_the_credential_at_that_device() -> None:
    class Other(Login):
        name: ClassVar[str] = "onvif_other"

    first, second, log = Login(refuse=True), Other(), MemoryLog()
    credential = Credential("cctv", "auditor", "env:X", (CAMERA,))
    gate = gate_for("10.88.0.0/29")
    gate = Gate(replace(gate.scope, credentials=(credential,)), TODAY)
    options = ScanOptions(engine="connect", secret=lambda _: "wrong")
    asyncio.run(run_scan(options, gate, log, catalogue=Catalogue((), (), (first, second)), transport=Replay(HOSTS)))
    assert (len(first.asked), len(second.asked)) == (1, 0)
    assert log.status("onvif_other", CAMERA)[0] == "not_sent"


def test_the_risk_is_stated() -> None:
    [sentence] = warnings((Credential("cctv", "auditor", "env:X", ("site:HQ",), ("onvif", "isapi")),))
    assert "'cctv'" in sentence
    assert "lock the account 'auditor'" in sentence


def test_a_run_that_died_in_a_login_does_not_log_in_again() -> None:
    log = MemoryLog()
    scan(Login(), log)
    first = next(index for index, record in enumerate(log.records) if record["probe"] == "onvif_device")
    second = Login()
    scan(second, MemoryLog(log.written, log.records[: first + 1]))
    assert second.asked == []


def test_a_missing_secret_is_said() -> None:
    login, log = Login(), MemoryLog()
    scan(login, log, secret=None)
    assert login.asked == []
    assert log.status("onvif_device", CAMERA) == ("not_sent", "no secret for credential 'cctv'")


@pytest.mark.parametrize(
    ("entry", "fits"),
    [
        ("10.88.0.1", True),
        ("10.88.0.0/24", True),
        ("44:19:B6:00:00:01", True),
        ("44-19-b6-00-00-01", True),
        ("10.88.0.2", False),
        ("44:19:b6:00:00:02", False),
        ("nonsense", False),
        ("site:HQ", True),
        ("site:Annex", False),
        ("site:", False),
        ("maker:axis", True),
        ("maker:dahua", False),
        ("site:HQ and maker:axis", True),
        ("site:HQ and maker:dahua", False),
        ("10.88.0.0/24 and maker:axis", True),
    ],
)
def test_binding_by_address_network_or_mac(entry: str, fits: bool) -> None:
    assert bound(Credential("c", "u", "env:X", (entry,)), BEARER) is fits


def test_without_a_mac_a_mac_binding_fits_nobody() -> None:
    assert not bound(Credential("c", "u", "env:X", ("",)), Bearer(CAMERA, ("",)))
