"""A switch cupboard on a cable: two switches and a router (snmpsim), and a real snmpd, asked where everything hangs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netaudit.evidence.log import OBSERVATIONS, read_observations
from tests.lab.building import LAB_VENV, missing
from tests.lab.network import Host, Lab, lab_mode
from tests.probes.walks_of_a_building import ACCESS, CORE, ROUTER, building, cameras, snmprec

WORD, SIGN, HIDE = "owners-word", "sign-with-this", "hide-with-this"
AGENTS = {CORE: "10.77.0.31", ACCESS: "10.77.0.32", ROUTER: "10.77.0.33"}
REAL = "10.77.0.34"
CAMERAS = cameras("10.77.0", 14)
SCOPE = f"""
[authorisation]
organisation = "Laboratory"
authorised_by = "the test"
valid_from = 2020-01-01
valid_until = 2099-01-01
[limits]
packets_per_host = 500
[[network]]
cidr = "10.77.0.0/24"
site = "Cupboard"
[[switch]]
address = "{AGENTS[CORE]}"
name = "{CORE}"
community = "env:LAB_WORD"
[[switch]]
address = "{AGENTS[ACCESS]}"
name = "{ACCESS}"
user = "auditor"
auth = "sha1"
auth_secret = "env:LAB_SIGN"
[[router]]
address = "{AGENTS[ROUTER]}"
name = "{ROUTER}"
community = "env:LAB_WORD"
[[router]]
address = "{REAL}"
user = "auditor"
auth = "sha512"
auth_secret = "env:LAB_SIGN"
privacy = "aes128"
privacy_secret = "env:LAB_HIDE"
"""


def _simulator(lab: Lab, name: str, recorded: str) -> None:
    folder = lab.folder / name
    (folder / "data").mkdir(parents=True)
    # The community, and the empty context of version 3, are names of files.
    for file in (f"{WORD}.snmprec", "self.snmprec"):
        (folder / "data" / file).write_text(recorded)
    lab.start(
        name,
        [
            str(LAB_VENV / "bin" / "snmpsim-command-responder"), "--process-user=root", "--process-group=root",
            f"--data-dir={folder}/data", f"--cache-dir={folder}/cache", "--v3-user=auditor", f"--v3-auth-key={SIGN}",
            "--v3-auth-proto=SHA", "--agent-udpv4-endpoint=0.0.0.0:161",
        ],
    )  # fmt: skip


def _snmpd(lab: Lab) -> None:
    folder = lab.folder / "real"
    folder.mkdir()
    config = folder / "snmpd.conf"
    user = f'createUser auditor SHA-512 "{SIGN}" AES "{HIDE}"\nrouser auditor priv\n'
    config.write_text(f"agentAddress udp:161\nsysName rt-real\n{user}")
    lab.start("real", ["snmpd", "-f", "-Lo", "-C", "-c", str(config), f"--persistentDir={folder}/state"])


@pytest.fixture(scope="module")
def cupboard() -> Iterator[Lab]:
    if reason := lab_mode() or missing():
        assert os.environ.get("CI") != "true", f"CI must run the laboratory: {reason}"
        pytest.skip(reason)
    hosts = [Host(name, ip, f"00:1b:21:00:00:{number:02x}") for number, (name, ip) in enumerate(AGENTS.items(), 0x31)]
    hosts.append(Host("real", REAL, "00:1b:21:00:00:34"))
    with Lab(hosts) as lab:
        for name, agent in building(CAMERAS).items():
            _simulator(lab, name, snmprec(agent.walk))
        _snmpd(lab)
        # A neighbour that the real agent's kernel knows.
        lab.run("real", ["ip", "neigh", "add", "10.77.0.99", "lladdr", "44:19:b6:00:00:99", "dev", "eth0"])
        for name in (*AGENTS, "real"):
            _wait(lab, name)
        yield lab


def _wait(lab: Lab, name: str) -> None:
    for _ in range(300):
        if ":161 " in lab.run(name, ["ss", "-lnHu"]).stdout:
            return
        time.sleep(0.1)
    raise AssertionError(f"{name} did not come up:\n{lab.output(name)[-2000:]}")


def netaudit(lab: Lab, folder: Path, *words: str, **secrets: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the auditor's namespace."""
    scope = folder / "scope.toml"
    scope.write_text(SCOPE)
    known = {
        "LAB_WORD": WORD,
        "LAB_SIGN": SIGN,
        "LAB_HIDE": HIDE,
        "NETAUDIT_STORE": str(folder / "store.db"),
        **secrets,
    }
    command = ["ip", "netns", "exec", lab.ns("audit"), sys.executable, "-m", "netaudit", *words, "--scope", str(scope)]
    environment = {**os.environ, **known}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


@pytest.mark.lab
def test_every_camera_is_found_on_its_port_and_none_on_an_uplink(cupboard: Lab, tmp_path: Path) -> None:
    done = netaudit(cupboard, tmp_path, "switches", "--format", "jsonl", "--all", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr + cupboard.output(CORE)[-1500:] + cupboard.output(ACCESS)[-1500:]
    rows = {row["mac"]: row for row in map(json.loads, done.stdout.splitlines())}
    found = {mac: (row["address"], row["switch"], row["port"], row["vlan"], row["watts"]) for mac, row in rows.items()}
    for camera in CAMERAS:
        assert found[camera.mac] == (camera.ip, camera.switch, camera.port, "70", camera.watts)
        assert rows[camera.mac]["maker"].startswith("Hangzhou Hikvision")
    # The real agent's own ARP table came too, signed with SHA-512.
    assert rows["44:19:b6:00:00:99"]["address"] == "10.77.0.99"
    written = "".join(path.read_text() for path in (tmp_path / "run").iterdir() if path.is_file()) + done.stderr
    for secret in (WORD, SIGN, HIDE):
        assert secret not in written


@pytest.mark.lab
def test_the_commands_of_the_how_to_page_work(cupboard: Lab, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/switch-ports.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in page.splitlines() if line.startswith("    netaudit ")]
    assert len(commands) == 3
    (tmp_path / "scope.toml").write_text(SCOPE)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    secrets = {"LAB_WORD": WORD, "LAB_SIGN": SIGN, "LAB_HIDE": HIDE}
    environment = {**os.environ, **secrets, "PATH": path, "NETAUDIT_STORE": str(tmp_path / "store.db")}
    for number, command in enumerate(commands):
        runs = sorted((tmp_path / "netaudit-runs").glob("*"))
        line = command.replace("FOLDER", str(runs[0]) if runs else "").replace(
            "switches --all", f"switches --out r{number} --all"
        )
        full = ["ip", "netns", "exec", cupboard.ns("audit"), "sh", "-c", line]
        done = subprocess.run(
            full, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        shown = done.stdout or (tmp_path / "ports.csv").read_text()
        assert all(camera.mac in shown for camera in CAMERAS)


@pytest.mark.lab
def test_a_wrong_secret_is_refused_once_and_the_others_are_read(cupboard: Lab, tmp_path: Path) -> None:
    words = ("switches", "--format", "jsonl", "--out", str(tmp_path / "run"))
    done = netaudit(cupboard, tmp_path, *words, LAB_SIGN="not-the-secret")
    assert done.returncode == 1
    assert f"switch {ACCESS} refused the credential (the authentication secret is wrong)" in done.stderr
    kinds = {(o.kind, o.fields.get("source")) for o in read_observations(tmp_path / "run" / OBSERVATIONS)}
    assert ("table.mac", CORE) in kinds
    assert ("table.mac", ACCESS) not in kinds
