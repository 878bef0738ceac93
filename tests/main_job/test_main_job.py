"""From a written scope to a report, as a user calls it, on the virtual building."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from netaudit.demo.expected import Expected, by_address, expected
from netaudit.evidence.log import read_attempts, verify_chain
from netaudit.evidence.run import read_run
from netaudit.scope.load import load_scope
from tests.main_job.conftest import COMMAND, Audit, lines

pytestmark = pytest.mark.xdist_group("main_job")
Command = Callable[..., subprocess.CompletedProcess[str]]


def rows() -> list[Expected]:
    return [row for row in expected() if row.seen]


def test_the_scan_ends_with_the_path_of_the_report(audit: Audit) -> None:
    assert audit.done.returncode == 1, audit.done.stderr
    assert audit.done.stdout == ""
    assert f"Report: {audit.folder / 'report.html'}" in audit.done.stderr
    for name in ("report.html", "report.csv", "report.json", "findings.jsonl", "plan.json", "run.json"):
        assert (audit.folder / name).stat().st_size > 100


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.address)
def test_every_device_is_named_rightly(audit: Audit, building: Path, row: Expected) -> None:
    # Another building may stand on this machine: this one may have the next block.
    block = str(load_scope(building).networks[0].cidr).split(".")[1]
    address = row.address.replace("127.77.", f"127.{block}.")
    found = by_address(audit.devices)
    assert row.misses(found.get(address)) == []


def test_everything_heard_and_tried_lies_inside_the_scope(audit: Audit, building: Path) -> None:
    networks = load_scope(building).networks
    targets = {str(record["target"]) for record in read_attempts(audit.folder / "attempts.jsonl")}
    addresses = {target.split(":")[0].split(" ")[-1] for target in targets}
    outside = {text for text in addresses if _is_address(text) and not any(n.holds(ip_address(text)) for n in networks)}
    assert {text for text in outside if ip_address(text) not in ip_network("224.0.0.0/3")} == set()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def test_the_log_verifies_and_the_run_says_so(audit: Audit) -> None:
    info = read_run(audit.folder)
    assert info.status == "complete"
    assert info.chain_head == verify_chain(audit.folder)
    assert info.observations == len(lines(audit.folder / "observations.jsonl"))


def test_the_same_log_judged_twice_gives_the_same_bytes(netaudit: Command, audit: Audit, tmp_path: Path) -> None:
    names = ("devices.jsonl", "findings.jsonl", "plan.json", "report.html", "report.csv", "report.json")
    before = {name: (audit.folder / name).read_bytes() for name in names}
    assert netaudit("report", "--run", audit.folder).returncode == 1
    assert {name: (audit.folder / name).read_bytes() for name in names} == before
    first = netaudit("identify", "--format", "jsonl", audit.folder)
    assert first.stdout == netaudit("identify", "--format", "jsonl", audit.folder).stdout
    assert first.stdout.encode() == before["devices.jsonl"]


def test_a_scan_can_be_piped_into_identify(building: Path, environment: dict[str, str], tmp_path: Path) -> None:
    scan = [*COMMAND, "scan", "--scope", str(building), "--out", str(tmp_path / "run"), "--format", "jsonl"]
    with (
        subprocess.Popen(scan, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as first,
        subprocess.Popen(
            [*COMMAND, "identify", "--format", "jsonl", "-"],
            stdin=first.stdout,
            stdout=subprocess.PIPE,
            env=environment,
        ) as second,
    ):
        assert first.stdout is not None
        first.stdout.close()
        output = second.communicate(timeout=240)[0]
    devices = [json.loads(line) for line in output.splitlines()]
    assert devices == lines(tmp_path / "run" / "devices.jsonl")
    keys = ["device", "subject", "addresses", "macs", "ports", "type", "maker", "brand", "model", "firmware", "serial"]
    assert all(list(device)[: len(keys)] == keys for device in devices)


def test_kill_9_in_mid_scan_then_resume_gives_the_undisturbed_result(
    netaudit: Command, audit: Audit, building: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    command = [*COMMAND, "scan", "--scope", str(building), "--out", str(folder)]
    for share in (0.3, 0.7):
        with subprocess.Popen(
            [*command, *(["--resume"] if folder.exists() else [])], env=environment, stderr=-3
        ) as child:
            _wait_until(folder / "observations.jsonl", share * len(lines(audit.folder / "observations.jsonl")), child)
            child.kill()
    assert read_run(folder).status == "running"
    done = netaudit("scan", "--scope", building, "--out", folder, "--resume")
    assert done.returncode == 1, done.stderr
    assert read_run(folder).status == "complete"
    verify_chain(folder)
    assert [_essence(device) for device in lines(folder / "devices.jsonl")] == [_essence(d) for d in audit.devices]


def _wait_until(path: Path, count: float, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert child.poll() is None, "the scan ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _essence(device: dict[str, Any]) -> dict[str, Any]:
    """A device without what differs from one scan to the next: observation ids, times, and which name came first."""
    out = {key: value for key, value in device.items() if key not in ("observations", "first_seen", "last_seen")}
    out["names"] = sorted(device["names"])
    out["reasons"] = sorted((r["signature"], r["saw"], r["strength"]) for r in device["reasons"])
    return out


def test_ctrl_c_ends_cleanly_with_a_partial_report(building: Path, environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = [*COMMAND, "scan", "--scope", str(building), "--out", str(folder)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as child:
        _wait_until(folder / "observations.jsonl", 60, child)  # type: ignore[arg-type]
        child.send_signal(signal.SIGINT)
        messages = child.communicate(timeout=120)[1]
    assert child.returncode == 130, messages
    assert "Traceback" not in messages
    assert read_run(folder).status == "partial"
    assert "This run is partial: go on with `netaudit scan --resume" in messages
    assert "partial" in (folder / "report.html").read_text(encoding="utf-8")


def test_devices_explain_and_runs_show_what_the_store_keeps(netaudit: Command, audit: Audit) -> None:
    listed = netaudit("devices", "--run", audit.folder, "--maker", "hikvision")
    assert "hikvision" in listed.stdout.casefold()
    one = next(device for device in audit.devices if device["relabelled"])
    told = netaudit("explain", one["addresses"][0], "--run", audit.folder)
    assert told.returncode == 0, told.stderr
    assert one["maker"]["name"] in told.stdout
    assert str(audit.folder.resolve()) in netaudit("runs").stdout


def test_a_full_disk_is_said_and_loses_nothing(
    building: Path, environment: dict[str, str], netaudit: Command, tmp_path: Path
) -> None:
    """A file size limit stands in for the full disk; the run goes on once there is room."""
    folder = tmp_path / "run"
    command = " ".join(["ulimit -f 60; exec", *COMMAND, "scan", "--scope", str(building), "--out", str(folder)])
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=environment, timeout=240, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2)
    before = lines(folder / "observations.jsonl")
    assert netaudit("scan", "--scope", building, "--out", folder, "--resume").returncode == 1
    assert lines(folder / "observations.jsonl")[: len(before)] == before
