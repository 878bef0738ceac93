"""The command line: help that teaches, errors that say what to do, exit codes, docs that cannot lie."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from netaudit.cli import main, protocol_reference
from netaudit.cli.reference import page
from netaudit.cli.verbs import VERBS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse words its help differently in other versions")
def test_the_command_page_is_what_help_says() -> None:
    assert (DOCS / "reference" / "commands.md").read_text(encoding="utf-8") == page()


def test_the_protocol_page_is_what_the_allow_list_says() -> None:
    assert (DOCS / "reference" / "protocols.md").read_text(encoding="utf-8") == protocol_reference.page()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert VERBS[verb].split(":")[0][1:30] in " ".join(capsys.readouterr().out.split())


def test_help_does_not_import_what_it_does_not_need() -> None:
    heavy = "scapy,nmap,onvif,zeep,zeroconf,jinja2,sqlalchemy,cryptography,lxml,asyncio"
    code = "import sys; from netaudit.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += f"print([m for m in '{heavy}'.split(',') if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_without_a_verb_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "A first walk:" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["policy", "signatures"])
def test_what_may_be_left_out_is_not_asked_for(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb])
    assert ended.value.code == 2
    assert "required: action\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["scan", "--scope", "/nowhere/scope.toml"], r"`netaudit init` writes it"),
        (["scan", "--resume"], r"no unfinished run"),
        (["scan", "--resume", "--out", "nowhere"], r"nowhere holds no run to resume: start one without --resume"),
        (["identify", "/nowhere.jsonl"], r"/nowhere\.jsonl: is not there"),
        (["devices", "--run", "/tmp"], r"holds no observations\.jsonl"),
        (["policy", "show", "XX"], r"there is no policy 'XX': `netaudit policy list`"),
        (["explain", "10.0.0.1", "--file", os.devnull], r"no device is '10.0.0.1': `netaudit devices`"),
        (["init", "--network", "10.0.0.5/24", "--yes"], r"host bits set"),
        (["init", "--network", "10.0.0.0/33"], r"netaudit: '10\.0\.0\.0/33' is no network"),
        (["init", "--network", "10.0.0.0/8"], r"netaudit: 10\.0\.0\.0/8 holds 16777216 addresses: split it"),
        (["init", "--network", "10.0.0.0/24", "--yes", "--site", "x"], r"--yes needs --organisation"),
    ],
)
def test_wrong_use_says_what_to_do(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    errors = capsys.readouterr().err
    assert re.search(message, errors), errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_a_malformed_line_is_named_by_file_and_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"v":1,"kind":"link.mac","at":"t","target":{"ip":"192.0.2.1"}}\n{"v":1,\n', encoding="utf-8")
    assert main(["identify", "--format", "jsonl", str(path)]) == 2
    captured = capsys.readouterr()
    assert f"{path}:2: is not JSON" in captured.err
    assert captured.out == ""


def test_init_writes_what_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = [
        "10.20.0.0/24 10.20.1.0/24",
        "Town hall",
        "Example Town",
        "A. Person",
        "Head of IT",
        "memo 3",
        "2099-01-01",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert main(["init"]) == 0
    text = (tmp_path / "scope.toml").read_text(encoding="utf-8")
    assert 'cidr = "10.20.1.0/24"' in text
    assert "valid_until = 2099-01-01" in text
    assert main(["init"]) == 2
    assert "exists already" in capsys.readouterr().err


def test_init_asks_again_until_the_answer_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = [
        "ten",
        "10.0.0.0/8",
        "10.20.0.0/24",
        "",
        "",
        "Org",
        "Person",
        "",
        "",
        "tomorrow",
        "2020-01-01",
        "2099-01-01",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert main(["init"]) == 0
    errors = capsys.readouterr().err
    for complaint in (
        "'ten' is no network",
        "10.0.0.0/8 holds 16777216 addresses",
        "this cannot stay empty",
        "'tomorrow' is no date",
        "2020-01-01 has passed",
    ):
        assert complaint in errors


def test_init_without_an_answer_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("10.20.0.0/24\n"))
    assert main(["init"]) == 2
    assert "an answer is missing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_policy_ask_keeps_each_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n99\n1\n"))
    assert main(["policy", "ask"]) == 0
    assert "a number from 1 to" in capsys.readouterr().err
    from netaudit.policy.owner import read_owner

    assert len(read_owner(tmp_path / "owner.toml").owner) == 2


def test_oui_tells_no_owner_from_a_local_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oui", "44:19:b6:01:02:03"]) == 0
    assert "Hikvision" in capsys.readouterr().out
    assert main(["oui", "02:00:00:00:00:01"]) == 1
    assert "locally administered" in capsys.readouterr().out


def test_identify_prints_the_documented_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.jsonl"
    fields = {"mac": "44:19:b6:01:02:03"}
    line = {"v": 1, "kind": "link.mac", "at": "t", "target": {"ip": "192.0.2.1"}, "fields": fields}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert main(["identify", "--format", "jsonl", str(path)]) == 0
    device = json.loads(capsys.readouterr().out)
    assert device["addresses"] == ["192.0.2.1"]
    assert device["maker"]["grade"] in ("possible", "unknown", "probable")


def test_output_into_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m netaudit policy list | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
