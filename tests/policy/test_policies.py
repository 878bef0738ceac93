"""A policy file with a mistake is refused with file and line."""

from pathlib import Path

import pytest

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.policy.facts import read_facts
from netaudit.policy.policies import load_policies, load_policy

FACTS = {fact.name: fact for fact in read_facts()}
QUEBEC = (data_folder("signatures") / "policies" / "CA-QC-2023-12.toml").read_text("utf-8")


def _line(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "procurement_ban"', 'kind = "ban"', "one of procurement_ban"),
        ("duty = true", 'duty = "true"', "true or false"),
        ('remedy = "remove"', 'remedy = "none"', "exactly without duty"),
        ('word = "in_force"', 'word = "forced"', "one of in_force"),
        ('after = "2023-12-21"', 'after = "21 Dec 2023"', "a day such as"),
        ('after = "2023-12-21"', "", "either applies or after"),
        ("asks = ", "ask = ", "unknown key"),
        ('named = true\naliases = ["Hikvision"', 'named = 1\naliases = ["Hikvision"', "true or false"),
        ('counted = "not_stated"', 'counted = "maybe"', "one of yes"),
    ],
)
def test_a_mistake_in_a_policy_names_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = QUEBEC.replace(old, new, 1)
    assert text != QUEBEC
    path = tmp_path / "CA-QC-2023-12.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=says) as caught:
        load_policy(path, FACTS)
    file, _, line = caught.value.where.rpartition(":")
    assert file == str(path)
    assert 1 <= int(line) <= len(text.splitlines())


def test_the_line_is_the_one_with_the_mistake(tmp_path: Path) -> None:
    text = QUEBEC.replace('word = "in_force"', 'word = "forced"')
    path = tmp_path / "CA-QC-2023-12.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        load_policy(path, FACTS)
    assert caught.value.where == f"{path}:{_line(text, 'forced')}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("quebec_public_body", "quebec_body", "a fact of owner_facts.toml"),
        ('quebec_public_body = ["yes"]', 'quebec_public_body = ["oui"]', "one of yes, no"),
        ('any = [\n  { quebec_public_body = ["yes"] },\n]', "any = []", "any"),
        ('fact = "purchase_date"', 'fact = "purpose_of_use"', "a fact of type date"),
        ('kind = "named_maker"', 'kind = "country_of_maker"', "test.countries"),
        ('kind = "named_maker"', 'kind = "certificate"', "certificate"),
        ('word = "in_force"', 'word = "proposed"', "one of in_force"),
    ],
)
def test_a_policy_whose_parts_do_not_fit_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "CA-QC-2023-12.toml"
    path.write_text(QUEBEC.replace(old, new), "utf-8")
    with pytest.raises(DataError, match=says):
        load_policy(path, FACTS)


def test_the_file_s_name_is_the_id(tmp_path: Path) -> None:
    path = tmp_path / "CA-QC-2024.toml"
    path.write_text(QUEBEC, "utf-8")
    with pytest.raises(DataError, match="the file's name"):
        load_policies(tmp_path)
