"""Documentation that cannot lie: every link leads somewhere, every named path is there, every command can be called."""

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from netaudit.cli import parser_for
from netaudit.cli.verbs import VERBS

ROOT = Path(__file__).parents[2]
ROOMS = ("docs", "benchmarks", "netaudit", "oui_data", "signatures", "tests")
FOUND = {*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))}
PAGES = sorted(page for page in FOUND if page.parent.name != "makers")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_PATH = re.compile(r"`((?:netaudit|tests|benchmarks|signatures|oui_data|docs)/[\w./-]+)`")
# Programs that are no part of the command line's verbs, in lines such as `netaudit scan | your-collector`.
SEPARATORS = {"|", ">", "&&", ";", "||"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = SPAN.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))
    assert [link for link in LINK.findall(text) if not _leads(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_of_the_project_are_there(page: Path) -> None:
    named = set(NAMED_PATH.findall(page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_page_is_found_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / link).resolve() for link in LINK.findall(index)}
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - {ROOT / "docs" / "README.md"}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - linked) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_name_verbs_and_options_that_there_are(page: Path) -> None:
    wrong = []
    for command in _commands(page.read_text(encoding="utf-8")):
        verb, *words = command
        known = _options(verb) if verb in VERBS else None
        if known is None or {word.partition("=")[0] for word in words if word.startswith("--")} - known:
            wrong.append(shlex.join(["netaudit", *command]))
    assert wrong == []


def _leads(page: Path, link: str) -> bool:
    path, _, fragment = link.partition("#")
    if re.match(r"[a-z]+:", link):
        return True
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not fragment or target.suffix != ".md":
        return target.exists()
    heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return fragment in {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def _commands(text: str) -> Iterator[list[str]]:
    """Yield the words after `netaudit` of each command in an indented block, a fenced one or a code span."""
    lines = re.findall(r"^(?:    |\$ )((?:sudo )?netaudit [a-z-].*)$", text, re.MULTILINE)
    spans = [span.strip("`") for span in SPAN.findall(FENCED.sub("", text))]
    for line in [*lines, *(span for span in spans if span.startswith("netaudit "))]:
        try:
            words = shlex.split(line.replace("\\", ""), comments=True)
        except ValueError:
            continue  # prose with an apostrophe
        words = words[words.index("netaudit") + 1 :]
        end = next((place for place, word in enumerate(words) if word in SEPARATORS), len(words))
        if words[:1] and words[0][:1].isalpha() and words[0].islower():
            yield words[:end]


@cache
def _options(verb: str) -> frozenset[str]:
    verbs = next(action for action in parser_for([verb])._actions if isinstance(action, argparse._SubParsersAction))
    return frozenset(option for action in verbs.choices[verb]._actions for option in action.option_strings)
