"""The how-to page on recorders: its commands, and what they must show of the two recorders of the virtual building.

Both ask for HTTP Digest and answer as their platforms do: every channel is listed, and is one device with the camera
that answered itself, where one did.
"""

import csv
import io
import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netaudit.demo.load import load_plan
from tests.main_job.conftest import lines

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "behind-a-recorder.md"
DEMO, DEVICES, COVERAGE = (
    line.strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("    netaudit ")
)
NVR, OTHER = "1.6", "1.11"
CHANNELS = {
    (NVR, "1"): "1.3", (NVR, "2"): "1.4", (NVR, "3"): "192.168.254.2", (NVR, "4"): "192.168.254.3",
    (OTHER, "1"): "1.9", (OTHER, "2"): "10.1.1.65",
}  # fmt: skip
ONLY_LISTED = {"192.168.254.2", "192.168.254.3", "10.1.1.65"}
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(netaudit: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first command of the page was called."""
    where = tmp_path_factory.mktemp("recorder")
    done = netaudit(*shlex.split(DEMO)[1:], cwd=where)
    assert done.returncode == 1, done.stderr
    # The risk of a lock-out is said before the first packet.
    assert done.stderr.index("may lock the account") < done.stderr.index("80 devices")
    return where


def cards(folder: Path) -> list[dict[str, Any]]:
    """The devices of the report that some recorder lists."""
    told = json.loads((folder / "behind" / "report.json").read_text(encoding="utf-8"))
    return [card for card in told["devices"] if card.get("place", {}).get("recorder")]


def short(address: str) -> str:
    """Without the building's block, which is another one where two buildings stand on a machine."""
    return ".".join(address.split(".")[2:]) if address.startswith("127.") else address


def test_every_channel_is_listed_and_merged_with_what_answered_itself(folder: Path) -> None:
    found = {
        (short(card["place"]["recorder"]), card["place"]["channel"]): (card["addresses"], card["place"].get("direct"))
        for card in cards(folder)
    }
    assert {key: short(addresses[0]) for key, (addresses, _) in found.items()} == CHANNELS
    assert {addresses[0] for addresses, direct in found.values() if not direct} == ONLY_LISTED
    # One device each: no camera that answered is there a second time.
    addresses = [address for device in lines(folder / "behind" / "devices.jsonl") for address in device["addresses"]]
    assert len(set(addresses)) == len(addresses)


def test_the_page_shows_them_and_the_report_says_who_told(netaudit: Command, folder: Path) -> None:
    listed = netaudit(*shlex.split(DEVICES)[1:], cwd=folder).stdout
    assert all(f" {address} " in listed for address in ONLY_LISTED)
    assert ", channel 3, not directly seen" in (folder / "behind" / "report.html").read_text(encoding="utf-8")
    done = netaudit(*shlex.split(COVERAGE)[1:], "--format", "csv", cwd=folder)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert sum(int(row["behind"]) for row in rows) == len(ONLY_LISTED), done.stderr


def test_no_password_is_anywhere_in_the_run(folder: Path) -> None:
    password = load_plan().login.password.encode()
    kept = b"".join(path.read_bytes() for path in sorted((folder / "behind").rglob("*")) if path.is_file())
    assert b"recorder.channel" in kept
    # The scope's copy says in a comment that this invented password is public.
    scope = (folder / "behind" / "scope.toml").read_bytes()
    assert kept.count(password) == scope.count(password)
    assert b"not-for-anybody" not in kept
