"""The page about merging names tests that exist: a rule without its test would only be a claim."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_page_names_exists_and_every_case_is_on_the_page() -> None:
    page = (ROOT / "docs" / "explanation" / "one-device-many-faces.md").read_text(encoding="utf-8")
    folder = ROOT / "tests" / "identify"
    cases, tables = (_tests(folder / name) for name in ("test_merge_cases.py", "test_tables_of_others.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named - cases - tables == set()
    assert cases - named <= {"test_spellings_of_one_serial_and_model_are_one_answer"}


def _tests(path: Path) -> set[str]:
    return set(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
