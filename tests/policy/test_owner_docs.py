"""The examples in the pages about owner facts and verdicts are read by the real reader."""

import re
from pathlib import Path

import pytest

from netaudit.policy.facts import read_facts
from netaudit.policy.finding import STATUS_WORDS
from netaudit.policy.owner import parse_owner
from netaudit.policy.policies import as_of
from netaudit.toml_file import parse_toml
from tests.policy.cases import policies

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "owner-facts.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_good_owner_file(example: str) -> None:
    facts = parse_owner(parse_toml(example.encode(), Path("owner.toml")), read_facts())
    assert facts.owner
    assert {item.policy for item in facts.exclusions} <= {"*", *policies()}


def test_the_python_example_runs_and_lists_the_open_questions(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "owner-facts.md", "exec"), {})
    assert capsys.readouterr().out.startswith("jurisdictions - ")


def test_every_verdict_is_explained() -> None:
    page = (DOCS / "explanation" / "verdicts.md").read_text("utf-8")
    for words in STATUS_WORDS.values():
        assert f"| {words} |" in page


def test_the_set_has_the_day_of_its_oldest_reading() -> None:
    assert as_of(list(policies().values())) == "2026-11-23"
    assert as_of([]) == ""
