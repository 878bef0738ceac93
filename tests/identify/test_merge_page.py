"""The page about merging names tests that exist: a rule without its test would only be a claim."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_page_names_exists_and_every_case_is_on_the_page() -> None:
    page = (ROOT / "docs" / "explanation" / "one-device-many-faces.md").read_text(encoding="utf-8")
    cases = (ROOT / "tests" / "identify" / "test_merge_cases.py").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    there = set(re.findall(r"^def (test_\w+)", cases, re.MULTILINE))
    assert named - there == set()
    assert there - named <= {"test_spellings_of_one_serial_and_model_are_one_answer"}
