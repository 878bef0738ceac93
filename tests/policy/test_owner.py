"""owner.toml: what it takes, what it refuses and where, and the questions that are still open."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.policy.facts import read_facts
from netaudit.policy.owner import Exclusion, OwnerFacts, PriorityOverride, parse_owner, read_owner
from netaudit.policy.questions import open_questions, owner_toml, waiting
from netaudit.toml_file import parse_toml
from tests.policy.cases import owner, policies

FACTS = read_facts()


def test_answers_at_three_levels() -> None:
    facts = owner(
        '[owner]\norganisation = "City"\njurisdictions = ["US-TX", "CA"]\nus_prime_contractor = false\n'
        '[[site]]\nname = "HQ"\npurchase_date = 2021-05-01\n'
        '[[device]]\ndevice = "d1"\npurchase_date = "2024-02-03"\n'
    )
    assert facts.organisation == "City"
    assert facts.value("jurisdictions") == ("US-TX", "CA")
    assert facts.value("us_prime_contractor") == ("no",)
    assert facts.value("purchase_date", "HQ") == ("2021-05-01",)
    assert facts.value("purchase_date", "HQ", "d1") == ("2024-02-03",)
    assert facts.value("purchase_date", "Annex") is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[owner]\n\nus_prime_contractor = "maybe"\n', 3, "one of yes, seeking, no"),
        ('[owner]\nus_prime_contractr = "yes"\n', 2, "unknown key"),
        ("[[device]]\ndevice = 'd1'\npurchase_date = 'last year'\n", 3, "a day such as"),
        ("[[device]]\ndevice = 'd1'\nus_prime_contractor = 'yes'\n", 3, "unknown key"),
        ("[[site]]\nname = 'HQ'\n[[site]]\nname = 'HQ'\n", 4, "stands twice"),
        ("[[exclusion]]\ndevice = 'd1'\nreason = 'r'\nby = 'n'\n", 1, "expires"),
        ("[[exclusion]]\ndevice = 'd1'\nreason = ' '\nby = 'n'\nexpires = 2027-01-01\n", 3, "reason"),
        ("[[exclusion]]\nreason = 'r'\nby = 'n'\nexpires = 2027-01-01\n", 1, "device or site"),
        ("[[priority]]\ndevice = 'd1'\npoints = 1.5\nreason = 'r'\nby = 'n'\n", 3, "whole number"),
        ("[owner]\njurisdictions = [1]\n", 2, "one of US"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "owner.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_owner(path)
    assert caught.value.where == f"{path}:{line}"
    assert says in str(caught.value)


def test_the_place_comes_first_and_narrows_the_questions() -> None:
    first = open_questions(list(policies().values()), owner(), FACTS)
    assert first[0].fact.name == "jurisdictions"
    quebec = owner('[owner]\njurisdictions = ["CA-QC"]\n')
    names = [question.fact.name for question in open_questions(list(policies().values()), quebec, FACTS)]
    assert names == ["ca_federal_body", "quebec_public_body"]
    told = owner('[owner]\njurisdictions = ["CA-QC"]\nquebec_public_body = "yes"\nca_federal_body = "no"\n')
    (last,) = open_questions(list(policies().values()), told, FACTS)
    assert (last.fact.name, last.policies) == ("purchase_date", ("CA-QC-2023-12",))


def test_no_question_is_open_where_the_answers_set_every_rule_aside() -> None:
    facts = owner('[owner]\njurisdictions = ["other"]\n')
    assert open_questions(list(policies().values()), facts, FACTS) == []
    assert waiting([], FACTS) == []


def test_every_answer_that_is_asked_for_can_be_written_and_read() -> None:
    facts = OwnerFacts()
    rounds = 0
    while questions := open_questions(list(policies().values()), facts, FACTS):
        fact = questions[0].fact
        answer = ("2024-01-01",) if fact.type == "date" else tuple(fact.values) if fact.type == "choices" else ("yes",)
        if fact.values and answer[0] not in fact.values:
            answer = (next(iter(fact.values)),)
        written = owner_toml(replace(facts, owner={**facts.owner, fact.name: answer}))
        facts = parse_owner(parse_toml(written.encode(), Path("owner.toml")), FACTS)
        rounds += 1
    assert rounds > 20
    assert facts.value("telecom_equipment") is None, "a fact of single units is not asked of the whole organisation"


_WORDS = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
_DAYS = st.dates().map(lambda day: day.isoformat())
_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "purchase_date": _DAYS.map(lambda day: (day,)),
        "purpose_of_use": st.sampled_from(["public_safety", "none_of_these"]).map(lambda word: (word,)),
    },
)


@given(
    st.builds(
        OwnerFacts,
        owner=_ANSWERS,
        sites=st.dictionaries(_WORDS, _ANSWERS, max_size=3),
        devices=st.dictionaries(_WORDS, _ANSWERS, max_size=3),
        exclusions=st.lists(
            st.builds(
                Exclusion, device=_WORDS, site=st.just(""), policy=_WORDS, reason=_WORDS, by=_WORDS, expires=_DAYS
            ),
            max_size=2,
        ).map(tuple),
        overrides=st.lists(
            st.builds(PriorityOverride, device=_WORDS, points=st.integers(-99, 99), reason=_WORDS, by=_WORDS),
            max_size=2,
        ).map(tuple),
        organisation=st.text(max_size=12),
    )
)
def test_what_is_written_reads_back_the_same(facts: OwnerFacts) -> None:
    text = owner_toml(facts)
    assert parse_owner(parse_toml(text.encode(), Path("owner.toml")), FACTS) == facts
