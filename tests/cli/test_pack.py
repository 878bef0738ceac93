"""The evidence pack, end to end: same log, same bytes; verifies without us; redacted without a secret left."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from netaudit.cli import main
from tests.cli.small_run import AT, DAHUA_SERIAL, SECRETS, make_run
from tests.contracts.schemas import faults
from tests.evidence.pack.authority import Authority

HTML = ("--format", "html")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No owner.toml, store or folder of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "NETAUDIT_STORE"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path / "run")


def _files(pack: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_log_gives_the_same_bytes_and_verifies(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "--run", str(run), "--out", "1.zip"]) == 0
    told = capsys.readouterr().out.split()[0]
    elsewhere = run.rename(run.with_name("moved"))
    assert main(["pack", "--run", str(elsewhere), "--out", "2.zip"]) == 0
    assert Path("1.zip").read_bytes() == Path("2.zip").read_bytes()
    assert main(["verify", "1.zip", "--manifest", told[:16]]) == 0
    assert main(["verify", "1.zip", "--manifest", "ffff"]) == 1
    assert "has not the hash that you were told" in capsys.readouterr().out


def test_a_reader_without_us_finds_everything(run: Path, tmp_path: Path) -> None:
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 0
    files = _files(Path("p.zip"))
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile("p.zip") as archive:
        archive.extractall(folder)
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "MANIFEST.sha256"], cwd=folder, check=True)
        subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "EVIDENCE.sha256"], cwd=folder, check=True)
    assert main(["verify", str(folder)]) == 0
    for words in ("sha256sum -c MANIFEST.sha256", "shasum -a 256 -c", "Get-FileHash"):
        assert words in files["README.txt"].decode()
    assert any(DAHUA_SERIAL.encode() in data for name, data in files.items() if name.endswith("rtsp.response.txt"))
    assert files["run/observations.jsonl"] == (run / "observations.jsonl").read_bytes()
    assert b"10.20.0.14/32" in files["scope/exclusions.txt"]
    assert b"Head of IT" in files["custody.csv"]
    assert faults("pack", json.loads(files["data/pack.json"])) == []


def test_the_layout_is_the_one_that_others_rely_on(run: Path) -> None:
    assert main(["pack", "--run", str(run), "--out", "p.zip"]) == 0
    files = _files(Path("p.zip"))
    assert files.keys() >= {
        "README.txt", "report.html", "report.pdf", "devices.csv", "findings.csv", "replacement_plan.xlsx",
        "data/devices.jsonl", "data/findings.jsonl", "data/scan.json", "custody.csv",
        "scope/authorisation.txt", "scope/targets.txt", "scope/exclusions.txt",
        "policy/policies.jsonl", "policy/rules.jsonl", "MANIFEST.sha256", "MANIFEST.sha256.txt",
    }  # fmt: skip
    assert files["data/scan.json"] == files["run/run.json"]
    policies = [json.loads(line) for line in files["policy/policies.jsonl"].splitlines()]
    rules = [json.loads(line) for line in files["policy/rules.jsonl"].splitlines()]
    assert "US-NDAA19-889B" in {policy["id"] for policy in policies}
    assert all(row["file"] in files and row["id"] for row in rules)
    assert len(rules) > 700


def test_the_cover_and_the_pack_show_the_same_digest(run: Path) -> None:
    import hashlib

    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 0
    assert main(["report", "--run", str(run), "--format", "html", "--out", "r.html"]) in (0, 1)
    files = _files(Path("p.zip"))
    digest = hashlib.sha256(files["EVIDENCE.sha256"]).hexdigest()
    assert digest in files["report.html"].decode()
    assert Path("r.html").read_bytes() == files["report.html"]


def test_signed_and_stamped(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    for name in ("key", "other"):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", f"{name}.pem"], check=True)
        subprocess.run(["openssl", "pkey", "-in", f"{name}.pem", "-pubout", "-out", f"{name}.pub"], check=True)
    authority = Authority(tmp_path / "tsa")
    make = ["pack", "--run", str(run), "--out", "p.zip", "--sign", "key.pem", *HTML]
    assert main([*make, "--timestamp-question", "q.tsq"]) == 0
    Path("a.tsr").write_bytes(authority.answer(Path("q.tsq").read_bytes()))
    assert main([*make, "--timestamp-answer", "a.tsr"]) == 0
    capsys.readouterr()
    assert main(["verify", "p.zip", "--key", "key.pub", "--authority", str(authority.root)]) == 0
    told = capsys.readouterr().out
    assert "signed with the key key.pub" in told
    assert "stamped by the authority at" in told
    assert main(["verify", "p.zip"]) == 0
    assert "compare its fingerprint" in capsys.readouterr().out
    assert main(["verify", "p.zip", "--key", "other.pub"]) == 1
    assert "does not fit the manifest and the key" in capsys.readouterr().out


def test_what_was_asked_for_and_is_not_there_is_a_fault(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("k.pub").write_text("x")
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 0
    assert main(["verify", "p.zip", "--key", "k.pub", "--authority", "k.pub"]) == 1
    told = capsys.readouterr().out
    assert "the pack is not signed" in told
    assert "the pack has no time stamp" in told


def test_a_redacted_pack_holds_no_secret_and_still_verifies(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    device = "10.20.0.2"
    Path("label.jpg").write_bytes(b"photo of 10.20.0.2")
    assert main(["report", "--run", str(run)]) in (0, 1)
    assert main(["attach", device, "label.jpg", "--run", str(run), "--by", "A. Sample"]) == 0
    assert main(["pack", "--run", str(run), "--out", "whole.zip", *HTML]) == 0
    assert main(["pack", "--run", str(run), "--out", "r.zip", "--redact", *HTML]) == 0
    files = _files(Path("r.zip"))
    shown = {name: data for name, data in files.items() if not name.startswith("rules/")}
    leaks = [(name, secret) for name, data in shown.items() for secret in SECRETS if secret.encode() in data]
    assert leaks == []
    assert not any(name.startswith(("raw/", "attachments/", "run/observations")) for name in files)
    assert main(["verify", "r.zip"]) == 0
    capsys.readouterr()
    assert main(["verify", "r.zip", "--complete", "whole.zip"]) == 0
    assert "byte for byte" in capsys.readouterr().out
    assert main(["verify", "whole.zip", "--complete", "whole.zip"]) == 2


def test_another_run_is_not_the_complete_pack(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = make_run(tmp_path / "other", owner="")
    assert main(["pack", "--run", str(other), "--out", "whole.zip", *HTML]) == 0
    assert main(["pack", "--run", str(run), "--out", "r.zip", "--redact", *HTML]) == 0
    capsys.readouterr()
    assert main(["verify", "r.zip", "--complete", "whole.zip"]) == 1
    assert "was made from another pack" in capsys.readouterr().out


def test_attachments_and_hand_overs_travel_and_are_held(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("Label foto ü.JPG").write_bytes(b"jpeg")
    assert main(["report", "--run", str(run)]) in (0, 1)
    words = ["attach", DAHUA_SERIAL, "Label foto ü.JPG", "--run", str(run), "--by", "A. Sample", "--kind", "photo"]
    assert main(words) == 0
    assert main(words) == 2
    assert "is attached to" in capsys.readouterr().err
    assert main(["attach", "10.99.9.9", "Label foto ü.JPG", "--run", str(run), "--by", "x"]) == 2
    handed = ["custody", "--run", str(run), "--from", "A. Sample", "--to", "=B()", "--why", "review", "--hash-checked"]
    assert main(handed) == 0
    assert main(["custody", "--run", str(run), "--from", "A"]) == 2
    assert main(["custody", "--run", str(run)]) == 0
    assert "=B()" in capsys.readouterr().out
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 0
    files = _files(Path("p.zip"))
    assert [data for name, data in files.items() if name.endswith(".jpg")] == [b"jpeg"]
    assert "Label foto ü.JPG" in files["attachments/attachments.csv"].decode()
    assert "handed over" in files["custody.csv"].decode()
    assert "'=B()" in files["custody.csv"].decode()
    assert main(["verify", "p.zip"]) == 0
    [kept] = run.glob("attachments/*/*.jpg")
    kept.write_bytes(b"other")
    capsys.readouterr()
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 2
    assert "was changed after it was attached" in capsys.readouterr().err


def test_an_attachment_list_cannot_reach_out_of_the_run(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "attachments").mkdir()
    row = f"../../secret,d-1,{'0' * 64},1,photo,x,,me,{AT}\n"
    head = "file,device,sha256,size,kind,original,note,by,at\n"
    (run / "attachments" / "attachments.csv").write_text(head + row)
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 2
    assert "attachments.csv:2" in capsys.readouterr().err


def test_a_log_changed_before_packing_is_not_packed(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (run / "observations.jsonl").read_bytes().splitlines(keepends=True)
    (run / "observations.jsonl").write_bytes(b"".join(lines[1:]))
    assert main(["pack", "--run", str(run), "--out", "p.zip", *HTML]) == 2
    assert "does not fit the hash chain" in capsys.readouterr().err
    assert not Path("p.zip").exists()
