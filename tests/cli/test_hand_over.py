"""The commands of the how-to page on coverage and hand-over, over the sample run of the report's tests."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from netaudit.demo.load import load_plan
from netaudit.demo.scope_text import scope_text
from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import observe
from netaudit.evidence.run import RunInfo, write_run
from tests.netbox.server import TOKEN, Store, serving

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "hand-over.md"
COMMANDS = [line.strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("    netaudit ")]
AT = "2026-11-23T10:00:00.000Z"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one camera that answered and one that only its recorder lists."""
    folder = tmp_path_factory.mktemp("run") / "run"
    scope = scope_text(load_plan()).encode()
    channel = {
        "channel": "3",
        "ip": "192.168.254.2",
        "serial": "DS-2CD2043G0-I20190611AAWRD33900254",
        "model": "DS-2CD2043G0-I",
    }
    with RunLog.create(folder, scope) as log:
        log.observation(
            observe("link.mac", AT, {"ip": "127.77.1.6", "site": "Head office"}, fields={"mac": "44:19:b6:00:00:01"})
        )
        log.observation(observe("recorder.channel", AT, {"ip": "127.77.1.6", "site": "Head office"}, fields=channel))
        log.attempt(
            {
                "probe": "sweep",
                "target": "127.77.1.6",
                "status": "answered",
                "reason": "ARP",
                "started": AT,
                "ended": AT,
            }
        )
        head = log.head
    info = RunInfo(
        run="r1", version="0", started=AT, ended=AT, status="complete", engine="connect", profile="normal", sensor="s",
        scope_digest="", knowledge_digest="", chain_head=head,
    )  # fmt: skip
    write_run(folder, info)
    return folder


def command(words: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NETAUDIT_STORE": str(folder / "store.db"), **more}
    full = [sys.executable, "-m", "netaudit", *words]
    return subprocess.run(full, capture_output=True, text=True, cwd=folder, env=environment, timeout=120, check=False)


@pytest.mark.parametrize("line", [line for line in COMMANDS if "netbox-api" not in line])
def test_each_command_of_the_page_works(line: str, run: Path, tmp_path: Path) -> None:
    words = shlex.split(line.partition(">")[0])[1:]
    done = command([*words, "--run", str(run)], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout or list((tmp_path / "netbox").iterdir())


def test_the_page_hands_over_to_a_netbox_and_the_token_stays_hidden(run: Path, tmp_path: Path) -> None:
    dry, write = (line for line in COMMANDS if "netbox-api" in line)
    with serving(Store()) as store:
        said = []
        for line in (dry, write, write):
            words = shlex.split(line.replace("https://netbox.example.org", store.url))[1:]
            done = command([*words, "--run", str(run)], tmp_path, NETBOX_TOKEN=TOKEN)
            assert done.returncode == 0, done.stdout + done.stderr
            assert TOKEN not in done.stdout + done.stderr
            said.append(done.stderr)
        assert store.faults == []
        assert len(store.rows["dcim/devices"]) == 2
    assert "Dry run, nothing is written" in said[0]
    assert "0 objects made, 0 changed" in said[2]


def test_a_netbox_needs_its_address_and_its_token(run: Path, tmp_path: Path) -> None:
    words = ["export", "netbox-api", str(run)]
    assert "--url" in command(words, tmp_path).stderr
    done = command([*words, "--url", "https://netbox.example.org"], tmp_path)
    assert done.returncode == 2
    assert "NETBOX_TOKEN is not set" in done.stderr


def test_what_only_a_recorder_lists_is_counted_apart(run: Path, tmp_path: Path) -> None:
    done = command(["coverage", str(run), "--format", "csv"], tmp_path)
    head, first = done.stdout.splitlines()[:2]
    row = dict(zip(head.split(","), first.split(","), strict=True))
    assert (row["answered"], row["behind"], row["devices"]) == ("1", "1", "2")


def test_the_format_may_be_said_by_an_option_too(run: Path, tmp_path: Path) -> None:
    by_place, by_option = (
        command(["export", *words, str(run)], tmp_path) for words in (["ocsf"], ["--format", "ocsf"])
    )
    assert (by_place.returncode, by_place.stdout) == (0, by_option.stdout)
    wrong = command(["export", "oscf"], tmp_path)
    assert wrong.returncode == 2
    assert "'oscf' is no format: choose from netbox-csv, " in wrong.stderr


def test_several_files_need_a_folder(run: Path, tmp_path: Path) -> None:
    done = command(["export", "--format", "netbox-csv", str(run)], tmp_path)
    assert done.returncode == 2
    assert "name a folder with --out" in done.stderr
