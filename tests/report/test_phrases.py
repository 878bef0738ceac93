"""Sentences that plan, rules and run put together, in other languages: every one that a report shows has its form."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from netaudit.cli.planning import with_planning
from netaudit.cli.report_files import build
from netaudit.cli.results import Results, conclude
from netaudit.data import data_folder
from netaudit.identify.knowledge import load_knowledge
from netaudit.plan.problem import LIMITS
from netaudit.report import markdown, tables
from netaudit.report.phrases import load_phrases, refigured
from netaudit.report.texts import languages, load_texts
from netaudit.report.views import Report
from tests.plan.small_run import small_run
from tests.report.sample import sample

OTHERS = [name for name in languages() if name != "en"]
PLANNING = """\
[plan]
objective = "deadline"
currency = "EUR"
[periods]
first = 2027-01-01
count = 2
length = "quarter"
budget = 1234.50
working_days = 20
crews = 1
[effort]
default = 1
[[site]]
name = "HQ"
windows = [{ from = 2027-04-01, until = 2027-12-31, why = "exams" }]
[[prices]]
file = "prices.csv"
currency = "EUR"
date = 2026-11-01
source = "a quote"
[[cost]]
line = "labour"
low = 500
high = 1000.50
date = 2026-11-01
source = "a contract"
"""
PRICES = (
    "model,maker,type,form_factor,megapixels,ir,audio,outdoor,poe,price\nP8,Axis,camera,dome,8,yes,yes,yes,yes,200\n"
)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A run with a plan by periods in which not all units fit."""
    folder = tmp_path_factory.mktemp("phrases")
    (folder / "planning.toml").write_text(PLANNING, encoding="utf-8")
    (folder / "prices.csv").write_text(PRICES, encoding="utf-8")
    return with_planning(conclude(small_run(folder / "run"), load_knowledge()), folder / "planning.toml")


def _of_the_rules() -> Iterator[str]:
    rules = data_folder("signatures") / "planning"
    steps = tomllib.loads((rules / "steps.toml").read_text(encoding="utf-8"))
    for stage in steps["stage"].values():
        yield from (stage["title"], stage["purpose"])
    for step in steps["step"]:
        yield from (step["text"], step["because"])
    yield from (row["label"] for row in tomllib.loads((rules / "priority.toml").read_text(encoding="utf-8"))["part"])
    classes = tomllib.loads((rules / "classes.toml").read_text(encoding="utf-8"))
    for group in classes.values():
        yield from (words.replace("{value}", "4") for words in group.values())
    yield from LIMITS.values()
    facts = tomllib.loads((data_folder("signatures") / "owner_facts.toml").read_text(encoding="utf-8"))
    yield from (fact["question"] for fact in facts["fact"])


def _of_the_plan(report: Report) -> Iterator[str]:
    made = report.plan.timetable
    assert made is not None
    yield from made.notes
    for relief in made.reliefs:
        yield from relief.where
    for _, why in report.unplaced:
        yield why
    for view in report.phases:
        yield from (view.title, view.purpose)
        for row in view.rows:
            yield from row.actions
            yield from (text for text in (row.because, row.cost_note) if text)
            yield from (text for part in row.parts for text in (part.label, part.because))


def _of_findings(report: Report) -> Iterator[str]:
    for card in report.cards:
        yield from (finding.why for finding in (*card.duties, *card.information))
        yield from (item.text for item in card.device.contradictions)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_rules_plan_and_findings_has_its_form(language: str, planned: Results) -> None:
    phrases = load_phrases(language, (".", ","))
    assert phrases is not None
    shown = {*_of_the_rules(), *_of_the_plan(build(planned)), *_of_findings(build(planned))}
    assert len(shown) > 150
    # Reasons of single policies are quoted from their data.
    quoted = re.compile(r"Information, no duty|may stay with controls")
    assert sorted(text for text in shown if phrases.of(text) is None and not quoted.search(text)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_says_all_its_values_and_is_there_once(language: str) -> None:
    path = Path(__file__).parents[2] / "netaudit" / "report" / "phrases" / f"{language}.toml"
    rows: list[Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["phrase"]
    assert len({row["en"] for row in rows}) == len(rows)
    for row in rows:
        here = {name for _, name, _, _ in string.Formatter().parse(row["say"]) if name}
        assert here == set(re.findall(r"\{[+#,;&]?(\w+)\}", row["en"])), row["en"]


def test_a_plan_in_german_has_german_sentences_figures_and_numbers_of_units(planned: Results) -> None:
    report, texts = build(planned), load_texts("de")
    page = markdown.render(report, texts).decode()
    assert "Jetzt eindämmen" in page
    assert "Contain now" not in page
    rows = [tables.phase(report, view, texts).rows for view in report.phases if view.rows]
    told = str(rows)
    assert "überfällig seit 2020-08-13" in told
    assert not re.search(r"\bd-[0-9a-f]{12}\b", told)
    assert "2027 Q1 hat noch 234 EUR übrig, und dies kostet 1.000,50 EUR" in told
    assert "Kein Zeitraum hat" in str(tables.unplaced(report, texts).rows)


def test_english_and_what_nobody_translated_stay_as_they_are() -> None:
    text = "Covered: its maker X is named in the rule as Y."
    assert load_texts().say(text) == text
    assert load_texts("de").say("A. Person wrote this: {n} {+x}") == "A. Person wrote this: {n} {+x}"
    assert load_texts("de").say(text) == "Erfasst: sein Hersteller X ist in der Regel als Y genannt."
    names = load_texts("de").say_list("turret camera, 4 MP class, ONVIF profile G, S, T")
    assert names == "Turret-Kamera, 4-MP-Klasse, ONVIF-Profil G, S, T"
    assert load_texts("de").say_list("recorder, 16 channels") == "Rekorder, 16 Kanäle"
    why = "In 2027 Q3: overdue since 2020-08-13. Not earlier: 2027 Q1 has 1.50 EUR left, and this takes 2 EUR; 2027 Q2 "
    why += "has 3,000 EUR left, and this takes 4,000.25 EUR. Together with no. 7. Score 110."
    told = load_texts("de").say(why)
    assert "2027 Q1 hat noch 1,50 EUR übrig, und dies kostet 2 EUR; 2027 Q2 hat noch 3.000 EUR übrig" in told
    assert "left" not in told
    assert refigured("5,309.56 EUR", ".", ",") == "5.309,56 EUR"


def test_a_hostile_sentence_is_no_riddle_without_end() -> None:
    load_texts("de").say("Covered: " + "its maker x (sold as " * 400 + ".")
    assert markdown.render(sample().report(), load_texts("de"))
