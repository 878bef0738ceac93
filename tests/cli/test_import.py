"""The command: into a new run, into a scan's run, dry, printed; what it says, and how it exits."""

import gzip
import io
import json
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.cli.format_reference import page
from netaudit.evidence.log import read_observations, verify_chain
from netaudit.evidence.run import read_run
from tests.cli.quick import remember

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "tests" / "recorded" / "tables"
ARP, MACS = str(RECORDED / "cisco_ios_arp.txt"), str(RECORDED / "cisco_ios_mac.txt")
NET = ("--network", "10.20.0.0/24")


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch, tmp_path)


def test_the_page_of_formats_is_fresh() -> None:
    assert (ROOT / "docs" / "reference" / "import-formats.md").read_text(encoding="utf-8") == page()


def test_an_arp_and_a_mac_table_make_a_run_that_devices_and_report_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert main(["import", ARP, MACS, *NET, "--out", str(run)]) == 0
    assert verify_chain(run) == read_run(run).chain_head
    kinds = [item.kind for item in read_observations(run / "observations.jsonl")]
    assert (kinds.count("table.arp"), kinds.count("table.mac")) == (3, 3)
    capsys.readouterr()
    assert main(["devices", "--run", str(run)]) == 0
    assert "Hikvision" in capsys.readouterr().out
    assert main(["report", "--run", str(run), "--format", "json"]) in (0, 1)
    camera = next(d for d in json.loads((run / "report.json").read_text())["devices"] if "10.20.0.7" in str(d))
    assert "Gi1/0/7" in json.dumps(camera)


def test_a_second_import_adds_to_the_run_and_the_same_file_adds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert main(["import", ARP, *NET, "--out", str(run)]) == 0
    assert main(["import", MACS, "--out", str(run)]) == 0
    before = read_run(run)
    capsys.readouterr()
    assert main(["import", MACS, "--out", str(run)]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "cisco_ios_mac.txt",
        "cisco_ios",
        "3",
        "table.mac",
        "0",
        "0",
    ]
    assert read_run(run).observations == before.observations == 6
    assert verify_chain(run) == read_run(run).chain_head


def test_each_observation_names_its_file_its_digest_and_its_row(tmp_path: Path) -> None:
    run = tmp_path / "run"
    main(["import", ARP, *NET, "--out", str(run)])
    first = next(read_observations(run / "observations.jsonl"))
    assert first.origin == "import:cisco_ios"
    assert (first.via["file"], first.via["row"]) == ("cisco_ios_arp.txt", 3)
    assert len(first.via["file_sha256"]) == 64


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", ARP, "--dry-run"]) == 0
    assert "3 table.arp" in capsys.readouterr().out
    assert not (tmp_path / "netaudit-runs").exists()


def test_printed_observations_go_through_a_pipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["import", ARP, "--print"]) == 0
    lines = capsys.readouterr().out
    file = tmp_path / "o.jsonl"
    file.write_text(lines)
    assert main(["identify", "--format", "jsonl", str(file)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_standard_input_and_packed_files_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "arp.txt.gz"
    packed.write_bytes(gzip.compress(Path(ARP).read_bytes()))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(MACS).read_bytes())))
    assert main(["import", str(packed), "-", "--dry-run"]) == 0
    assert "standard input" in capsys.readouterr().out


def test_rows_that_cannot_be_read_are_named_and_make_the_exit_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "arp.txt"
    file.write_text(Path(ARP).read_text() + "Internet  10.20.0.99  x  4419.b60a.0b99  ATM 3\n")
    assert main(["import", str(file), *NET, "--out", str(tmp_path / "run")]) == 1
    assert "arp.txt:7: has the address 4419.b60a.0b99" in capsys.readouterr().err
    assert "arp.txt: 1 rows could not be read" in read_run(tmp_path / "run").losses


def test_a_file_in_no_known_format_is_named_and_the_others_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "poem.txt").write_text("roses are red\n")
    assert main(["import", "poem.txt", ARP, *NET, "--out", "run"]) == 1
    assert "poem.txt: is in no known format" in capsys.readouterr().err
    assert main(["import", "poem.txt", *NET, "--out", "other"]) == 2
    assert not (tmp_path / "other").exists()


def test_without_a_scope_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", ARP]) == 2
    assert "--network" in capsys.readouterr().err


def test_the_scope_of_an_import_permits_no_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", ARP, "--network", "127.0.0.0/30", "--out", "run"])
    capsys.readouterr()
    assert main(["scan", "--resume", "--out", "run"]) == 2
    assert "authorisation ended" in capsys.readouterr().err


def test_private_addresses_outside_the_scope_are_kept_and_marked_and_public_ones_left_out(tmp_path: Path) -> None:
    file = tmp_path / "arp.txt"
    text = Path(ARP).read_text().replace("10.20.0.8 ", "10.99.0.8 ").replace("10.20.0.1 ", "9.9.9.9   ")
    file.write_text(text)
    assert main(["import", str(file), *NET, "--out", "run"]) == 0
    found = {
        item.target["ip"]: item.via.get("outside_scope") for item in read_observations(Path("run/observations.jsonl"))
    }
    assert found == {"10.20.0.7": None, "10.99.0.8": True}
    assert any("10.99.0.0/24 (1)" in loss for loss in read_run(Path("run")).losses)
