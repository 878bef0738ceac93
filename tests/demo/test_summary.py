"""The README's table is what the virtual building's data say."""

from pathlib import Path

from netaudit.demo.summary import markdown

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_shows_the_table_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")
    shown = text.split("held by a test -->\n\n")[1].split("<!-- end of table -->")[0]
    assert shown == markdown()
