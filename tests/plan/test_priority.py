"""The priority: every part visible, every point from the data, the owner's change on top."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.plan.needs import needs
from netaudit.plan.planning import load_planning
from netaudit.plan.priority import priority, score
from netaudit.policy.finding import Finding
from tests.plan.scenes import finding, planning
from tests.policy.cases import device, owner

TODAY = date(2026, 11, 23)


def points(found: Finding, facts: str = "", **unit: Any) -> dict[str, int]:
    (need,) = needs([device(name="d1", **unit)], [found])
    return {part.label: part.points for part in priority(need, owner(facts), planning(), TODAY)}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (finding("d1", deadline="2020-08-13"), 100),
        (finding("d1", deadline="2027-12-31"), 80),
        (finding("d1"), 60),
        (finding("d1", "likely", deadline="2020-08-13"), 40),
        (finding("d1", "depends"), 15),
    ],
)
def test_the_rule_s_part(found: Finding, expected: int) -> None:
    assert points(found)["what the rules say"] == expected


def test_what_the_owner_says_and_what_the_model_says_add_points() -> None:
    facts = (
        '[owner]\nsite_sensitivity = "raised"\n[[site]]\nname = "HQ"\nsite_sensitivity = "high"\n'
        '[[device]]\ndevice = "d1"\ninternet_exposed = true\n'
    )
    found = points(finding("d1"), facts, kind="recorder", traits={"audio": "yes", "form_factor": "lpr"})
    assert found["sensitivity of the site"] == 50
    assert found["reachable from the internet, or talking to it"] == 45
    assert found["holds footage of many cameras"] == 25
    assert found["audio, face or plate functions"] == 15
    assert found["default or shared password"] == 0


def test_what_is_not_known_is_said_and_gives_no_points() -> None:
    (need,) = needs([device(name="d1")], [finding("d1")])
    parts = {part.label: part for part in priority(need, owner(), planning(), TODAY)}
    assert parts["network it stands on"].points == 0
    assert "network_zone is not answered" in parts["network it stands on"].because


def test_the_owner_can_change_the_priority_with_a_reason() -> None:
    (need,) = needs([device(name="d1")], [finding("d1")])
    facts = owner('[[priority]]\ndevice = "d1"\npoints = -20\nreason = "roof closed until May"\nby = "A. Person"\n')
    parts = priority(need, facts, planning(), TODAY)
    assert parts[-1].points == -20
    assert parts[-1].because == "roof closed until May (A. Person)"
    assert score(parts) == score(priority(need, owner(), planning(), TODAY)) - 20


def test_the_weights_fall_in_the_order_in_which_they_stand() -> None:
    # The order is part of what was researched; a convenience must not outweigh a rule with a date.
    tops = {part.id: max(part.values.values()) for part in planning().parts}
    order = ["binding", "site", "internet", "network", "firmware", "password", "recorder", "functions", "purpose",
             "age", "access"]  # fmt: skip
    assert list(tops) == order
    assert all(tops[one] > tops[two] for one, two in pairwise(order))


@pytest.mark.parametrize(
    ("old", "new", "line_of", "says"),
    [
        ('fact = "network_zone"', 'fact = "zone"', 'fact = "zone"', "a fact of owner_facts.toml"),
        ("core = 40", "core = 4.5", "core = 4.5", "whole numbers"),
        ("core = 40", "kernel = 40", "kernel = 40", "one of core"),
        ('from = "type"', 'from = "kind"', 'from = "kind"', "one of finding"),
    ],
)
def test_a_mistake_in_the_weights_names_its_line(tmp_path: Path, old: str, new: str, line_of: str, says: str) -> None:
    for path in (data_folder("signatures") / "planning").glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    wrong = tmp_path / "priority.toml"
    wrong.write_text(wrong.read_text("utf-8").replace(old, new, 1), "utf-8")
    line = next(n for n, text in enumerate(wrong.read_text("utf-8").splitlines(), 1) if line_of in text)
    with pytest.raises(DataError, match=says) as caught:
        load_planning(tmp_path)
    assert caught.value.where == f"{wrong}:{line}"
