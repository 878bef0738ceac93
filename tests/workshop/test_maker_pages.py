"""The makers' pages say what the data says, stay true, and no text of the data breaks them."""

from pathlib import Path

import pytest

from netaudit.cli.maker_pages import main, pages
from netaudit.identify.knowledge import load_knowledge
from netaudit.policy.policies import load_policies
from netaudit.workshop.maker_page import Facts, known_makers, page
from netaudit.workshop.written import written
from tests.identify.support import FIXTURE

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "makers"
AGAIN = "make them again: .venv/bin/python -m netaudit.cli.maker_pages docs/reference/makers"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages()


def test_the_committed_pages_are_those_of_the_data(made: dict[str, str]) -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert sorted(committed) == sorted(made), AGAIN
    stale = [name for name, text in made.items() if committed[name] != text]
    assert stale == [], AGAIN


def test_pages_stay_few_and_light(made: dict[str, str]) -> None:
    assert len(made) < 200
    assert sum(map(len, made.values())) < 600_000


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("hikvision.md", ["Hangzhou Hikvision Digital Technology", "| country | CN |", "rtsp-realm-hikvision",
                          "`4419B6`", "LTS", "US-NDAA19-889B", "DS-2CD"]),
        ("dahua.md", ["Zhejiang Dahua", "Amcrest", "dhip-answer", "`3CEF8C`", "US-NDAA19-889B", "2023-02"]),
        ("axis.md", ["Axis Communications", "`ACCC8E`"]),
    ],
)  # fmt: skip
def test_a_page_names_company_labels_blocks_signatures_and_policies(
    made: dict[str, str], name: str, texts: list[str]
) -> None:
    assert [text for text in texts if text not in made[name]] == []


def test_an_innocent_is_named_by_no_policy(made: dict[str, str]) -> None:
    assert "## Policies that name it" not in made["axis.md"]
    assert "(axis.md)" in made["README.md"]


def test_every_table_row_has_the_cells_of_its_head(made: dict[str, str]) -> None:
    for name, text in made.items():
        width = 0
        for line in text.splitlines():
            cells = line.replace("\\|", "").count("|")
            width = cells if line.startswith("|") and not width else width if line.startswith("|") else 0
            assert not line.startswith("|") or cells == width, (name, line)


def test_texts_of_the_data_cannot_break_a_page(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "makers.toml").write_text(
        '[[maker]]\nid = "evil"\nname = "A | B <script>alert(1)</script> [x](javascript:y) `z`\\n# head"\n'
        'sources = ["x"]\nchecked = 2026-11-23\n',
        encoding="utf-8",
    )
    knowledge = load_knowledge([FIXTURE / "signatures", folder], built_in=False)
    facts = Facts(knowledge, written(knowledge.folders, knowledge), load_policies(), {})
    evil = next(known for known in known_makers(facts) if known.maker.id == "evil")
    assert not evil.worth_a_page
    text = page(evil, facts)
    assert "<script>" not in text
    assert "[x](javascript" not in text
    assert "\n# head" not in text


def test_pages_of_makers_that_have_none_any_more_go(tmp_path: Path, made: dict[str, str]) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(made)
