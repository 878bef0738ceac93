"""netaudit signatures new: a value that was heard becomes a valid signature, tested before it is written."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.cli import main
from netaudit.evidence.observation import observe, to_line
from netaudit.identify.knowledge import load_knowledge

AT = "2026-11-23T09:00:00.000Z"
REALM = "Zebra's (cam)"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "300")
    path = tmp_path / "log.jsonl"
    lines = [
        observe("rtsp.response", AT, {"ip": "192.0.2.7"}, origin="import:x",
                fields={"realm": REALM, "password": "hunter2"}),
        observe("http.response", AT, {"ip": "192.0.2.7"}, origin="import:x",
                fields={"title": "Login", "body": "x" * 900 + "zebra-camera-page" + "y" * 900}),
        observe("rtsp.response", AT, {"ip": "192.0.2.8"}, origin="import:x", fields={"realm": "Hikvision"}),
    ]  # fmt: skip
    path.write_text("".join(to_line(line) + "\n" for line in lines), encoding="utf-8")
    return path


def own(tmp_path: Path) -> Path:
    return tmp_path / "config" / "netaudit" / "signatures"


def new(log: Path, line: int, *words: str) -> int:
    return main(["signatures", "new", f"{log}:{line}", *words])


def test_without_a_field_the_choices_are_listed_with_what_matches_them(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(log, 1) == 0
    shown = capsys.readouterr().out
    assert REALM in shown
    assert "hunter2" not in shown
    assert new(log, 3) == 0
    assert "rtsp-realm-hikvision" in capsys.readouterr().out


def test_a_draft_is_written_works_at_once_and_passes_the_lint(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(log, 1, "--field", "realm", "--says", "maker=axis", "--source", "our unit") == 0
    assert "steals none" in capsys.readouterr().err
    knowledge = load_knowledge([own(tmp_path)])
    made = next(s for name, s in knowledge.signatures.items() if name.startswith("own-rtsp-realm"))
    assert made.pattern.fullmatch(REALM)
    assert not made.pattern.search(REALM + "!")
    assert made.checked
    assert main(["signatures", "lint"]) == main(["signatures", "test"]) == 0
    capsys.readouterr()
    assert main(["identify", "--format", "jsonl", str(log)]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["maker"]["value"] == "axis"
    assert new(log, 1, "--field", "realm", "--says", "maker=axis", "--source", "our unit") == 2
    assert "choose another --id" in capsys.readouterr().err
    assert new(log, 1, "--field", "realm", "--says", "type=camera", "--source", "x", "--id", "own-second") == 0
    assert len(load_knowledge([own(tmp_path)]).signatures) == len(load_knowledge().signatures) + 2


def test_a_part_of_a_long_value(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--field", "body", "--says", "type=camera", "--source", "our unit"]
    assert new(log, 2, *words) == 2
    assert "choose the part that tells (--text)" in capsys.readouterr().err
    assert new(log, 2, *words, "--text", "zebra-camera-page") == 0
    made = next(s for s in load_knowledge([own(tmp_path)]).signatures.values() if s.id.startswith("own-"))
    assert made.pattern.pattern == "zebra-camera-page"
    assert len(made.examples[0]) < 200


def test_a_thief_is_named_with_its_victims(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(log, 3, "--field", "realm", "--says", "maker=axis", "--source", "x", "--dry-run") == 1
    assert "It steals an example of rtsp-realm-hikvision: Hikvision" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--field", "realm", "--says", "maker=axis"], "--source"),
        (["--field", "realm", "--source", "x"], "say what follows"),
        (["--field", "realm", "--source", "x", "--says", "maker"], "say what follows"),
        (["--field", "realm", "--source", "x", "--says", "maker=nobody"], "in no word list"),
        (["--field", "realm", "--source", "x", "--says", "colour=red"], "says 'colour'"),
        (
            [
                "--field",
                "realm",
                "--source",
                "x",
                "--says",
                "maker=axis",
                "--pattern",
                "^Zebra(.+x?)+",
                "--counter",
                "x",
            ],
            "endless",
        ),
        (
            ["--field", "realm", "--source", "x", "--says", "maker=axis", "--pattern", "^Zebra("],
            "no regular expression",
        ),
        (["--field", "realm", "--source", "x", "--says", "maker=axis", "--text", "Lion"], "no field 'realm' with such"),
        (["--field", "colour", "--source", "x", "--says", "maker=axis"], "no field 'colour'"),
        (["--field", "realm", "--kind", "http.response", "--source", "x", "--says", "maker=axis"], "no field 'realm'"),
    ],
)
def test_what_cannot_be_a_signature_is_refused_and_nothing_is_written(
    log: Path, tmp_path: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import re

    assert new(log, 1, *words) == 2
    assert re.search(message, capsys.readouterr().err)
    assert not own(tmp_path).exists()


@pytest.mark.parametrize("source", ["log.jsonl:99", "log.jsonl:0"])
def test_a_line_that_is_not_there(log: Path, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signatures", "new", str(log.with_name(source))]) == 2
    assert "has no observation in line" in capsys.readouterr().err


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip())))
def test_any_text_becomes_an_entry_that_toml_reads_and_that_matches_it(value: str) -> None:
    import re
    import tomllib
    from datetime import date

    from netaudit.workshop.draft import Candidate, draft, to_toml

    text = value.encode("utf-8", "replace").decode("utf-8")
    made = draft(
        Candidate("rtsp.response", "realm", text, ()), {"maker": "axis"}, strength="weak", source=text,
        checked=date(2026, 11, 23),
    )  # fmt: skip
    [entry] = tomllib.loads(to_toml(made))["signature"]
    assert entry["examples"] == [text]
    assert re.search(entry["pattern"], text)
    assert not re.search(entry["pattern"], entry["counter_examples"][0])
