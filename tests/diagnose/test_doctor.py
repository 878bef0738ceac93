"""`netaudit doctor` against real causes in namespaces: rights, routes, ports, firewall, tables."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from netaudit.cli import main
from netaudit.diagnose.check import _words
from netaudit.diagnose.checks import examine
from netaudit.diagnose.libraries import compare
from netaudit.diagnose.machine import look
from netaudit.scope.load import parse_scope
from tests.diagnose.scene import SCOPE, rules
from tests.sweep.namespace import Cable, run_in

pytestmark = pytest.mark.xdist_group("diagnose")
INPUT_DROPS = "table inet near {\n chain guard {\n type filter hook input priority 0\n policy drop\n }\n}\n"


def doctor(cable: Cable, folder: Path, before: Sequence[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Run the command where we stand; return its findings by id."""
    scope = folder / "scope.toml"
    scope.write_text(SCOPE, encoding="utf-8")
    command = [sys.executable, "-m", "netaudit", "doctor", "--scope", str(scope), "--format", "json"]
    full = ["ip", "netns", "exec", cable.near, *before, *command]
    done = subprocess.run(full, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode == 1, done.stderr
    told: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(done.stdout):
        told.setdefault(finding["id"], []).append(finding)
    return told


@contextmanager
def troubled(cable: Cable) -> Iterator[None]:
    """A port taken by another program, a firewall that drops by default, a strict return path."""
    sock = run_in(cable.near, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sock.bind(("", 37020))
    rules(cable.near, INPUT_DROPS)
    strict = ["ip", "netns", "exec", cable.near, "sysctl", "-qw"]
    subprocess.run([*strict, "net.ipv4.conf.eth0.rp_filter=1"], check=True)
    try:
        yield
    finally:
        sock.close()
        rules(cable.near, "delete table inet near")
        subprocess.run([*strict, "net.ipv4.conf.eth0.rp_filter=0"], check=True)


def test_a_machine_with_every_right(cable: Cable, tmp_path: Path) -> None:
    told = doctor(cable, tmp_path)
    assert {"authorised", "raw", "interface", "way_link", "ports", "firewall", "rp_filter"} <= told.keys()
    assert told["interface"][0]["found"].startswith("eth0 10.66.0.1 on 10.66.0.0/24")
    assert {finding["found"][:12] for finding in told["no_way"]} == {"10.99.0.0/30", "10.98.0.0/30"}


def test_what_is_wrong_is_named_with_what_to_do(cable: Cable, tmp_path: Path) -> None:
    with troubled(cable):
        told = doctor(cable, tmp_path, ["setpriv", "--bounding-set=-net_raw"])
    assert "sadp" in told["port_taken"][0]["found"]
    assert f"(process {os.getpid()})" in told["port_taken"][0]["found"]
    assert "input (inet near guard)" in told["firewall_drops"][0]["found"]
    assert "eth0" in told["rp_strict"][0]["found"]
    assert "setcap cap_net_raw" in told["no_raw"][0]["do"]


def test_a_link_without_multicast(cable: Cable, tmp_path: Path) -> None:
    link = ["ip", "-n", cable.near, "link", "set", "eth0", "multicast"]
    subprocess.run([*link, "off"], check=True)
    try:
        assert "cannot carry multicast" in doctor(cable, tmp_path)["no_multicast"][0]["found"]
    finally:
        subprocess.run([*link, "on"], check=True)


def test_an_expired_authorisation_blocks(tmp_path: Path) -> None:
    scope = parse_scope(SCOPE.encode())
    found = examine(look(scope, tmp_path), scope, date(2100, 1, 1))
    assert [check.id for check in found if check.state == "blocked"] == ["not_authorised"]


def test_every_finding_that_needs_attention_says_what_to_do() -> None:
    for words in _words().values():
        assert (words.do != "") or words.state in ("ok", "note"), words.id


def test_without_a_scope_it_looks_at_every_link_and_names_the_next_step(cable: Cable, tmp_path: Path) -> None:
    held = run_in(cable.near, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    held.bind(("", 37020))
    command = ["ip", "netns", "exec", cable.near, sys.executable, "-m", "netaudit", "doctor", "--format", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    finally:
        held.close()
    told = {finding["id"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 1, "the port that is taken"
    assert "netaudit init" in told["no_scope"]["do"]
    assert {"raw", "interface", "port_taken", "firewall", "engines", "libraries", "disk_free"} <= told.keys()
    assert "syn, connect" in told["engines"]["found"]
    assert not {"way_link", "no_way", "no_interface"} & told.keys()


def test_a_machine_without_any_address_is_told_so(tmp_path: Path) -> None:
    machine = replace(look(None, tmp_path), interfaces=(), losses=())
    assert "no_link" in {check.id for check in examine(machine, None, date(2026, 11, 23))}


def test_a_scope_that_is_named_must_be_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--scope", str(tmp_path / "none.toml")]) == 2
    assert "`netaudit init` writes it" in capsys.readouterr().err


def test_a_package_that_is_needed_and_not_here_is_named(tmp_path: Path) -> None:
    found = compare([("scapy", ""), ("no-such-package", ""), ("nor-this-one", "pdf"), ("nor-that", "dev")])
    assert (found.needed, found.missing, found.extras) == (2, ("no-such-package",), ("pdf",))
    told = {
        check.id: check for check in examine(replace(look(None, tmp_path), libraries=found), None, date(2026, 11, 23))
    }
    assert "no-such-package" in told["libraries_missing"].found
    assert "netaudit[pdf]" in told["extras"].do
