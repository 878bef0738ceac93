"""Lint and trial: the shipped data passes, and every planted fault is found with file, line and id.

The contract tests hold the same rules a second time without this code: data and tool are checked apart, so that a hole
in one is seen by the other.
"""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.cli import main
from netaudit.identify.knowledge import load_knowledge
from netaudit.workshop.bounded import explosive, rooted
from netaudit.workshop.coverage import coverage, grouped
from netaudit.workshop.lint import lint
from netaudit.workshop.trial import own_faults, theft_fault, thefts
from netaudit.workshop.written import written
from tests.contracts.signature_files import signatures
from tests.identify.support import FIXTURE

LAYER = '[[layer]]\nkind = "rtsp.response"\nlayer = "rtsp"\n'
TODAY = date(2026, 11, 23)
GOOD = """
[[signature]]
id = "own-realm-acme"
field = "realm"
pattern = '^Acme (?P<model>[A-Z]{2}\\d+)$'
says = { maker = "axis", model = "{model}" }
strength = "moderate"
evidence = "seen"
sources = ["our own unit"]
checked = 2026-11-20
examples = ["Acme XY12"]
counter_examples = ["Acme"]
"""


def folder_with(tmp_path: Path, text: str, name: str = "fingerprints/rtsp.response.toml") -> Path:
    path = tmp_path / "own" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (tmp_path / "own" / "layers.toml").write_text(LAYER, encoding="utf-8")
    return tmp_path / "own"


def faults_of(folder: Path) -> list[str]:
    knowledge = load_knowledge([FIXTURE / "signatures", folder], built_in=False, lenient=True)
    items = written([folder], knowledge)
    found = [*lint([folder], knowledge, TODAY), *(fault for item in items for fault in own_faults(item))]
    return [str(fault) for fault in found]


def test_shipped_data_passes_and_every_signature_is_looked_at() -> None:
    knowledge = load_knowledge(lenient=True)
    items = written(knowledge.folders, knowledge)
    assert {item.id for item in items} == {row.data["id"] for row in signatures()} == set(knowledge.signatures)
    assert [str(fault) for fault in lint(knowledge.folders, knowledge, date(2099, 1, 1))] == []
    assert [str(fault) for item in items for fault in own_faults(item)] == []
    assert [str(theft_fault(theft)) for theft in thefts(items, knowledge)] == []


def test_a_good_folder_of_ones_own_passes(tmp_path: Path) -> None:
    assert faults_of(folder_with(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sources = [", "sources = [] #", "has no source"),
        ("checked = 2026-11-20", 'checked = "soon"', "checked is 'soon'"),
        ("checked = 2026-11-20", "checked = 2030-01-01", "which is to come"),
        ('evidence = "seen"', 'evidence = "hearsay"', "evidence is 'hearsay'"),
        ('evidence = "seen"', 'evidence = "seen"\ncolour = "red"', "unknown key 'colour'"),
        ("counter_examples = [", "counter_examples = [] #", "no counter-example"),
        ("examples = [", "examples = [] #", "has no example"),
        ('["Acme XY12"]', '["Acme XY12", "Acme XY12"]', "examples repeat"),
        ('strength = "moderate"', 'strength = "proof"', "is called a proof"),
        ('strength = "moderate"', 'strength = "nothing"', "is worthless and says something"),
        ('maker = "axis", model', 'maker = "nobody", model', "is in no word list"),
        ("^Acme (?P<model>[A-Z]{2}\\d+)$", "(?P<model>[A-Z]{2}\\d+)", "neither anchored nor"),
        ("^Acme (?P<model>[A-Z]{2}\\d+)$", "^Acme (?P<model>(?:[A-Z]\\d{0,9})+)$", "a repeat inside an open repeat"),
        ("^Acme (?P<model>[A-Z]{2}\\d+)$", "^Acme (?P<model>[A-Z]{2}\\d+\\w*)$", "two open repeats in a row"),
        ('"Acme XY12"', '"Acme 12"', "does not match"),
        ('counter_examples = ["Acme"]', 'counter_examples = ["Acme AB1"]', "matches"),
        ("field = ", 'overlaps = ["no-such-signature"]\nfield = ', "which does not exist"),
        ("field = ", 'needs = { field = "auth", pattern = "^(a+)+$" }\nfield = ', "its needs can take endless time"),
    ],
)
def test_each_planted_fault_is_found_with_file_and_id(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = faults_of(folder_with(tmp_path, GOOD.replace(old, new, 1)))
    fitting = [text for text in found if message in text]
    assert fitting, found
    assert re.search(r"rtsp\.response\.toml:\d+: signature 'own-realm-acme': ", fitting[0])


def test_a_kind_without_a_layer_and_entries_without_a_source_are_found(tmp_path: Path) -> None:
    folder_with(tmp_path, GOOD, "fingerprints/telepathy.toml")
    folder = folder_with(tmp_path, '[[maker]]\nid = "acme"\nname = "Acme"\n', "makers.toml")
    found = " ".join(faults_of(folder))
    assert "the kind 'telepathy' has no layer" in found
    assert "maker 'acme': has no source" in found
    assert "maker 'acme': checked is None" in found


def test_an_empty_group_is_found(tmp_path: Path) -> None:
    text = GOOD.replace("(?P<model>[A-Z]{2}\\d+)$", "X(?P<model>\\d*)").replace("Acme XY12", "Acme X")
    assert "no example fills the group 'model'" in " ".join(faults_of(folder_with(tmp_path, text)))


def test_theft_is_found_both_ways_and_a_declared_overlap_is_none(tmp_path: Path) -> None:
    thief = GOOD.replace("^Acme (?P<model>[A-Z]{2}\\d+)$", "^Hikvision$").replace("Acme XY12", "Hikvision")
    thief = thief.replace(', model = "{model}"', "").replace("own-realm-acme", "own-realm-thief")
    folder = folder_with(tmp_path, thief)
    knowledge = load_knowledge([folder])
    found = thefts(written(knowledge.folders, knowledge), knowledge, only="own-realm-thief")
    assert {(theft.owner.id, theft.thief.id) for theft in found} >= {
        ("rtsp-realm-hikvision", "own-realm-thief"), ("own-realm-thief", "rtsp-realm-hikvision"),
    }  # fmt: skip
    declared = thief.replace("field = ", 'overlaps = ["rtsp-realm-hikvision"]\nfield = ')
    knowledge = load_knowledge([folder_with(tmp_path, declared)])
    items = written(knowledge.folders, knowledge)
    assert "rtsp-realm-hikvision" not in {t.owner.id for t in thefts(items, knowledge, only="own-realm-thief")}


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(?:a*b?)*", "a*a*", r"(\d+\.?)+x", "(?:(?:a{1,5000})b){2,9000}", "(?>a+)+"]
)
def test_explosive_patterns_are_known(pattern: str) -> None:
    assert explosive(pattern)


@pytest.mark.parametrize(
    "pattern", ["^a+$", r"^\d+\.\d+$", "^[a-z]{2,8}(?: [a-z]{1,4})?$", "a|b*", "(?=x*)y", "^x(?:ab){1,9}"]
)
def test_bounded_patterns_pass(pattern: str) -> None:
    assert explosive(pattern) == ""


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(st.text(alphabet="ab+*?(){}[]|^$\\d.,0129", max_size=24))
def test_any_pattern_is_judged_or_refused(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return
    assert isinstance(explosive(pattern), str)
    assert rooted(pattern) in (True, False)


def test_coverage_counts_every_signature_that_leads_to_a_maker() -> None:
    knowledge = load_knowledge(lenient=True)
    found = coverage(knowledge)
    assert found.rows["hikvision"]["sadp.reply"] > 0
    assert found.rows["dahua"]["dhip.reply"] > 0
    assert sum(row.total() for row in found.rows.values()) < len(knowledge.signatures)
    assert set(found.rows).isdisjoint(found.silent)
    columns = grouped(found.kinds)
    assert sorted(kind for kinds in columns.values() for kind in kinds) == sorted(found.kinds)
    assert "sadp.reply" in columns["search"]


def test_the_verbs_say_what_is_wrong_and_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "400")
    good = str(folder_with(tmp_path, GOOD))
    assert main(["signatures", "lint", good]) == main(["signatures", "test", "--signatures", good]) == 0
    assert "; 0 faults" in capsys.readouterr().err
    folder_with(tmp_path, GOOD.replace('"Acme XY12"', '"Acme"'))
    assert main(["signatures", "test", good]) == main(["signatures", "lint", good]) == 1
    shown = capsys.readouterr()
    assert "rtsp.response.toml:" in shown.out
    assert "; 1 fault" in shown.err
    for form, start in (("csv", "maker,all,"), ("md", "| maker | all |"), ("table", "maker ")):
        assert main(["signatures", "coverage", "--format", form]) == 0
        assert capsys.readouterr().out.startswith(start)
    for name in ("kinds", "makers", "brands", "platforms", "types"):
        assert main(["signatures", "list", name]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 10
    assert main(["signatures", "list", "colours"]) == 2
