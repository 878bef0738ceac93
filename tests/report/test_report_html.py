"""The page: whole, accessible, needing nothing from outside, and deaf to whatever a device says."""

import base64
import hashlib
import json as plain
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from netaudit.policy.finding import Status
from netaudit.report import html, json
from netaudit.report.texts import load_texts
from tests.report.page import Page
from tests.report.sample import Input, sample


@cache
def _page(hostile: bool) -> tuple[str, Page]:
    text = html.render(sample(hostile=hostile).report()).decode("utf-8")
    return text, Page(text)


def _lead(given: Input) -> str:
    page = Page(html.render(given.report()).decode("utf-8"))
    return " ".join(next(e.text for e in page.all("p") if e.get("class") == "lead").split())


def test_the_answer_comes_first_in_words() -> None:
    assert _lead(sample(hostile=False)) == (
        "11 covered units at 3 sites. 19 units need a person to look. 558 addresses were not reached."
    )


def test_where_nothing_is_covered_the_page_says_so_within_scope_and_date() -> None:
    given = sample(hostile=False)
    findings = tuple(replace(finding, status="not_covered") for finding in given.findings)
    clear = tuple(replace(device, contradictions=()) for device in given.devices)
    assert _lead(replace(given, findings=findings, devices=clear)) == (
        "No covered equipment found within scope “ITS-2026-114” on 2026-11-20. "
        "No unit waits for a person. 558 addresses were not reached."
    )


def test_likely_units_are_not_hidden_behind_a_nought() -> None:
    given = sample(hostile=False)
    findings = tuple(replace(f, status="likely") if f.status == "covered" else f for f in given.findings)
    assert _lead(replace(given, findings=findings)).startswith(
        "No unit is proven to be covered, but 18 are likely covered."
    )


@pytest.mark.parametrize(
    ("status", "lead"),
    [
        ("depends", "Whether 11 units are covered turns on facts that nobody has stated yet."),
        ("unknown", "No unit is known to be covered, but the makers of 11 are not known."),
    ],
)
def test_what_is_open_never_reads_as_nothing_found(status: Status, lead: str) -> None:
    given = sample(hostile=False)
    touched = {f.device for f in given.findings if f.status == "covered"}
    findings = tuple(
        replace(f, status=status if f.device in touched and f.status == "covered" else "not_covered")
        for f in given.findings
    )
    text = _lead(replace(given, findings=findings))
    assert text.startswith(lead)
    assert "No covered equipment" not in text


def test_open_facts_are_never_called_clear() -> None:
    given = sample(hostile=False)
    findings = tuple(
        replace(finding, status="depends", depends_on=("purpose_of_use",)) if finding.duty else finding
        for finding in given.findings
    )
    assert _lead(replace(given, findings=findings)).startswith("Whether 48 units are covered turns on facts")
    page = Page(html.render(replace(given, findings=findings).report()).decode())
    facts = next(table for table in page.all("table") if table.get("class") == "facts-open")
    assert " ".join(facts.text.split()).endswith("purpose_of_use48")


def test_without_a_policy_nothing_is_claimed() -> None:
    assert _lead(replace(sample(hostile=False), findings=())).startswith("48 units were found, but no policy")


def test_a_run_that_did_not_finish_says_so() -> None:
    given = sample(hostile=False)
    page = html.render(replace(given, run=replace(given.run, status="partial")).report()).decode()
    assert "This run did not finish (partial)" in page


def test_the_page_asks_for_nothing_from_outside() -> None:
    _, page = _page(hostile=True)
    assert page.all("img", "link", "iframe", "object", "embed", "base", "video", "audio") == []
    for element in page.elements:
        assert not {"src", "style", "action", "srcset", "poster"} & element.attributes.keys()
        assert not any(name.startswith("on") for name in element.attributes)
        assert (element.get("href") or "#").startswith("#")
    style = "".join(element.text for element in page.all("style"))
    assert re.findall(r"url\((?!#)|@import", style) == []


def test_only_the_hashed_scripts_and_styles_may_run() -> None:
    _, page = _page(hostile=True)
    policy = next(e["content"] for e in page.all("meta") if e.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    running = [element for element in page.all("script", "style") if element.get("type") is None]
    assert len(running) == 4
    for element in running:
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_hostile_texts_add_no_element_and_no_unseen_character() -> None:
    text, page = _page(hostile=True)
    calm = {element.tag for element in _page(hostile=False)[1].elements}
    assert {element.tag for element in page.elements} <= calm | {"br"}
    assert len(page.all("script")) == 3
    assert text.replace("\n", "").isprintable()
    assert "{{ 7*7 }} {% raw %}" in text
    assert "photo[U+202E]gpj.exe" in text
    assert "M" * 700 not in text.partition('id="netaudit-data"')[0]


def test_the_machine_data_is_the_json_report() -> None:
    for hostile in (True, False):
        _, page = _page(hostile)
        embedded = next(element.text for element in page.all("script") if element.get("id") == "netaudit-data")
        assert plain.loads(embedded) == plain.loads(json.render(sample(hostile=hostile).report()))


def test_landmarks_headings_and_language() -> None:
    _, page = _page(hostile=False)
    assert page.all("html")[0]["lang"] == "en"
    assert [len(page.all(tag)) for tag in ("main", "nav", "h1", "title")] == [1, 1, 1, 1]
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_link_and_label_has_its_end() -> None:
    for hostile in (True, False):
        _, page = _page(hostile)
        ids = [element["id"] for element in page.elements if element.get("id")]
        assert len(ids) == len(set(ids))
        for element in page.elements:
            for name in ("for", "aria-labelledby"):
                assert (element.get(name) or ids[0]) in ids
            if element.tag == "a":
                assert element["href"][1:] in ids


def test_tables_have_captions_and_heads_with_a_scope() -> None:
    _, page = _page(hostile=False)
    for table in page.all("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text.strip()
    assert {element.get("scope") for element in page.all("th")} == {"col", "row"}


def test_every_form_field_has_a_label() -> None:
    _, page = _page(hostile=False)
    labelled = {element["for"] for element in page.all("label")}
    assert {element["id"] for element in page.all("input", "select")} == labelled


def test_a_status_is_always_a_word() -> None:
    texts = load_texts()
    words = {value for key, value in texts.entries.items() if key.startswith("status.")}
    badges = [e for e in _page(hostile=True)[1].all("span") if (e.get("class") or "").startswith("st ")]
    assert badges
    assert {badge.text for badge in badges} <= words


def test_the_word_that_is_not_ours_to_say_is_not_on_the_page() -> None:
    assert "complian" not in _page(hostile=False)[0].lower()


def test_what_was_not_seen_and_why_is_on_the_page() -> None:
    text, _ = _page(hostile=False)
    for said in (
        "No privilege to open raw sockets",
        "the time allowed for the run was over (78)",
        "port 9100 is on the never-touch list (1)",
        "Not scheduled",
        "8 channels",
    ):
        assert said in text


def test_the_sign_off_page_ties_paper_to_files() -> None:
    given = sample(hostile=False)
    text, page = _page(hostile=False)
    for digest in (given.run.scope_digest, given.run.chain_head, given.run.knowledge_digest, given.run.run):
        assert digest in text
    assert f"scope {given.run.scope_digest[:16]}" in page.all("style")[1].text


def test_nothing_from_outside_enters_the_style_sheet() -> None:
    given = sample(hostile=False)
    run = replace(given.run, run='x"}</style><script>alert(1)</script>')
    page = Page(html.render(replace(given, run=run).report()).decode())
    assert len(page.all("style")) == 2
    assert re.fullmatch(r'@page\{@bottom-left\{content:"[A-Za-z0-9 .,:_-]*"\}\}', page.all("style")[1].text)


def test_no_price_is_invented() -> None:
    assert "needs your price file" in _page(hostile=False)[0]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_reaches_aa_on_every_ground(theme: str) -> None:
    style = _page(hostile=False)[1].all("style")[0].text
    light, dark = re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    colours = _colours(light) | (_colours(dark) if theme == "dark" else {})
    inks = set(colours) - {"paper", "panel", "rule", "strong-rule", "mark"}
    assert len(inks) == 10
    for ground in ("paper", "panel"):
        for ink in inks:
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert _contrast(colours["ink"], colours["mark"]) >= 4.5
