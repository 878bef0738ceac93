"""SNMP version 3: a real agent answers the owner's user, refuses a wrong secret once, and nothing else may be asked."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from netaudit.evidence.kinds.snmp import LEAVES
from netaudit.probes import snmp_message, snmp_system
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.options import RunOutcome, ScanOptions
from netaudit.scan.run import run_scan
from netaudit.scope.allow_list import shipped_list
from netaudit.scope.forms import snmp_v3_system
from netaudit.scope.gate import Gate
from netaudit.scope.load import parse_scope
from netaudit.scope.model import Credential
from tests.net.support import TODAY, gate_for
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, Cable, cable, run_in

__all__ = ["cable"]

CAMERA = LIVING[0]
SIGNED, PRIVATE = "signed-with-this", "hidden-with-this"
ENGINE = snmp_message.Engine(b"engine", 1, 1)


@pytest.fixture(scope="module")
def agent(cable: Cable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The net-snmp agent of Debian as a camera, in the far namespace; it asks for encryption."""
    if shutil.which("snmpd") is None:
        pytest.skip("the program snmpd is not installed")
    folder = tmp_path_factory.mktemp("snmpd")
    config = folder / "snmpd.conf"
    config.write_text(
        f'agentaddress udp:{CAMERA}:161\ncreateUser auditor SHA-256 "{SIGNED}" AES "{PRIVATE}"\nrouser auditor priv\n'
        "sysDescr ; AXIS Q6074; PTZ Dome Network Camera; 12.10.68;\nsysObjectID .1.3.6.1.4.1.368.1.1\nsysName gate\n",
        encoding="utf-8",
    )
    command = ["snmpd", "-f", "-Lo", "-C", "-c", str(config), f"--persistentDir={folder}"]
    log = folder / "log"
    with log.open("wb") as output:
        child = subprocess.Popen(["ip", "netns", "exec", cable.far, *command], stdout=output, stderr=output)
    show = ["ip", "netns", "exec", cable.far, "ss", "-lnHu"]
    for _ in range(300):
        if ":161 " in subprocess.run(show, check=True, capture_output=True, text=True).stdout:
            break
        time.sleep(0.1)
    yield
    child.terminate()
    child.wait()


def scan(secret: str, private: str = PRIVATE) -> tuple[RunOutcome, MemoryLog]:
    log = MemoryLog()
    credential = Credential(
        "cctv",
        "auditor",
        "env:X",
        (CAMERA,),
        ("snmp",),
        authentication="sha256",
        privacy="aes128",
        privacy_source="env:Y",
    )
    gate = gate_for("10.66.0.10/32")
    gate = Gate(replace(gate.scope, credentials=(credential,)), TODAY)
    secrets = {"cctv": secret, "cctv (privacy)": private}
    options = ScanOptions(window=0.2, directed_wait=0.1, connect_patience=1.2, secret=lambda one: secrets[one.name])
    return asyncio.run(run_scan(options, gate, log, catalogue=Catalogue((), (), (snmp_system.PROBE,)))), log


@pytest.mark.usefixtures("agent")
def test_a_real_agent_tells_the_owners_user_what_it_is(cable: Cable) -> None:
    outcome, log = run_in(cable.near, lambda: scan(SIGNED))
    assert outcome.status == "complete"
    assert log.status("snmp_system", CAMERA)[0] == "answered"
    (made,) = [one for one in log.written if one.kind == "snmp.system"]
    assert made.fields == {
        "sysDescr": "; AXIS Q6074; PTZ Dome Network Camera; 12.10.68;", "sysObjectID": "1.3.6.1.4.1.368.1.1",
        "sysName": "gate",
    }  # fmt: skip
    assert made.raw is None
    everything = repr([log.written, log.records])
    assert SIGNED not in everything
    assert PRIVATE not in everything


@pytest.mark.usefixtures("agent")
def test_a_wrong_secret_is_tried_once_and_said(cable: Cable) -> None:
    _, log = run_in(cable.near, lambda: scan("wrong-wrong-wrong"))
    status, reason = log.status("snmp_system", CAMERA)
    assert (status, reason) == ("refused", "the device refused credential 'cctv': not tried again")
    assert [one for one in log.written if one.kind == "snmp.system"] == []


def test_what_may_be_asked_in_version_3() -> None:
    leaves = [snmp_message.oid(leaf) for leaf in snmp_system.FIRST]
    assert snmp_v3_system(snmp_message.request_v3("auditor", ENGINE, "get", leaves, 1, encrypted=True))
    assert snmp_v3_system(snmp_message.request_v3("", snmp_message.Engine(), "get", [], 1, encrypted=False))
    restart = snmp_message.oid("1.3.6.1.4.1.39165.1.12.0")
    for operation, names in (("get", [restart]), ("bulk", leaves[:1]), ("get", [])):
        asked = snmp_message.request_v3("auditor", ENGINE, operation, names, 1, encrypted=True)  # type: ignore[arg-type]
        assert not snmp_v3_system(asked), (operation, names)
    assert {snmp_message.oid(leaf) for leaf in LEAVES} >= set(leaves)
    assert shipped_list().datagram(snmp_message.request_v3("a", ENGINE, "get", leaves, 1, encrypted=True), 161)


SCOPE = """
[authorisation]
organisation = "Example Town"
authorised_by = "A. Person"
valid_from = 2026-01-01
valid_until = 2027-01-01
[[network]]
cidr = "10.20.0.0/24"
[[credential]]
name = "cctv"
username = "auditor"
secret = "env:SIGNED"
bound_to = ["10.20.0.0/24"]
protocols = ["snmp"]
"""


def test_a_user_in_the_scope_file(tmp_path: Path) -> None:
    text = SCOPE + 'auth = "sha256"\nprivacy = "aes128"\nprivacy_secret = "env:PRIVATE"\n'
    (one,) = parse_scope(text.encode(), path=tmp_path / "scope.toml").credentials
    assert (one.authentication, one.privacy, one.privacy_source) == ("sha256", "aes128", "env:PRIVATE")
    assert one.private is not None
    assert (one.private.name, one.private.source) == ("cctv (privacy)", "env:PRIVATE")
    (plain,) = parse_scope(SCOPE.encode(), path=tmp_path / "scope.toml").credentials
    assert (plain.authentication, plain.private) == ("", None)


@pytest.mark.parametrize(
    "line",
    ['auth = "crc32"', 'privacy = "aes128"', 'auth = "sha256"\nprivacy = "aes128"', 'auth = "sha1"\nprivacy = "rot13"',
     'auth = "sha256"\nprivacy = "des"\nprivacy_secret = "hunter2"', 'privacy_secret = "env:X"', "auth = 5"],
)  # fmt: skip
def test_what_is_no_user_is_refused_with_what_to_write(line: str, tmp_path: Path) -> None:
    from netaudit.errors import NetauditError

    with pytest.raises(NetauditError) as raised:
        parse_scope((SCOPE + line + "\n").encode(), path=tmp_path / "scope.toml")
    assert "hunter2" not in str(raised.value)
