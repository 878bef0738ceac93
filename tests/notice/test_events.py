"""What a run brought, held against the run before: appeared, came back, deadlines, coverage; each once."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from netaudit.evidence.run import RunInfo, RunStatus
from netaudit.identify.device import Device
from netaudit.notice.events import Look, events, newcomers
from netaudit.notice.message import Told, sentence
from netaudit.notice.settings import Tell
from netaudit.policy.finding import Finding, Status
from netaudit.report.limits import Limits, NetworkCoverage
from netaudit.report.progress.snapshot import snapshot
from netaudit.report.texts import languages, load_texts
from netaudit.scope.load import parse_scope
from tests.cli.small_run import SCOPE
from tests.contracts.schemas import schemas
from tests.store.things import device

TODAY = date(2026, 11, 23)
NETWORK = "10.20.0.0/28"


def look(
    run: str, units: Mapping[str, Status], *, day: int = 20, heard: int = 10, silent: int = 3, not_sent: int = 0,
    deadline: str = "", engine: str = "native", status: RunStatus = "complete",
) -> Look:  # fmt: skip
    info = RunInfo(run, "0", f"2026-11-{day}T08:00:00.000Z", status=status, engine=engine)
    devices: list[Device] = [device(name, address=f"10.20.0.{number}") for number, name in enumerate(units, 2)]
    findings: list[Mapping[str, Any]] = [
        Finding(name, "P", "Part B", verdict, "named", deadline=deadline).to_dict() for name, verdict in units.items()
    ]
    missed = {"silent": silent, "not_sent": not_sent}
    network = NetworkCoverage(NETWORK, "CCTV", "Town hall", 13, 1, heard, missed)
    scope = parse_scope(SCOPE, path=Path("scope.toml"))
    return Look(snapshot(info, scope, devices, findings), findings, Limits((network,), (), (), (), (), 0))


def kinds(
    now: Look, before: Look | None, known: Collection[str] = (), today: date = TODAY, tell: Tell | None = None
) -> list[str]:
    return [news.kind for news in events(now, before, tell or Tell(), known, today)]


def test_a_covered_unit_is_new_is_back_or_stands_in_anothers_place() -> None:
    before = look("r1", {"axis": "not_covered"})
    assert kinds(look("r2", {"axis": "not_covered", "d1": "covered"}), before) == ["new"]
    assert kinds(look("r2", {"axis": "not_covered", "d1": "likely"}), before, {"d1"}) == ["back"]
    # The same address, another unit.
    assert kinds(look("r2", {"d1": "covered"}), before) == ["replaced"]
    assert kinds(look("r2", {"axis": "covered"}), before) == ["turned"]
    assert kinds(look("r2", {"axis": "not_covered", "d1": "not_covered"}), before) == []
    assert kinds(look("r2", {"d1": "covered"}), look("r1", {"d1": "covered"})) == []
    assert newcomers(look("r2", {"axis": "not_covered", "d1": "covered"}), before) == ["d1"]
    assert kinds(look("r2", {"d1": "covered"}), before, tell=Tell(appeared=False)) == []


def test_an_interrupted_run_and_the_whole_one_after_it_tell_the_same() -> None:
    before = look("r1", {"axis": "not_covered"})
    [first] = events(look("r2", {"axis": "not_covered", "d1": "covered"}, status="partial"), before, Tell(), (), TODAY)
    [second] = events(look("r3", {"axis": "not_covered", "d1": "covered"}), before, Tell(), (), TODAY)
    [later] = events(
        look("r9", {"axis": "not_covered", "d1": "covered"}), look("r8", {"axis": "not_covered"}), Tell(), (), TODAY
    )
    assert first.key == second.key != later.key


def test_who_only_listens_does_not_call_silence_an_absence() -> None:
    before = look("r1", {"axis": "not_covered"}, engine="listen")
    now = look("r2", {"axis": "not_covered", "d1": "covered"}, engine="listen", heard=0)
    assert kinds(now, before, {"d1"}) == []
    assert kinds(now, before) == ["new"]


def test_a_deadline_nears_and_passes() -> None:
    now = look("r2", {"d1": "covered", "d2": "likely", "axis": "not_covered"}, deadline="2026-12-20")

    def key_on(day: date) -> str:
        [found] = events(now, None, Tell(), (), day)
        return found.key

    [news] = events(now, None, Tell(), (), TODAY)
    assert (news.kind, news.values["n"], news.values["days"]) == ("deadline", 2, 27)
    assert key_on(date(2026, 11, 25)) == news.key
    assert key_on(date(2026, 12, 15)) != news.key
    assert kinds(now, None, today=date(2026, 8, 1)) == []
    assert kinds(now, None, today=date(2026, 8, 1), tell=Tell(deadline_days=(200,))) == ["deadline"]
    units: dict[str, Status] = {"d1": "covered", "d2": "likely", "axis": "not_covered"}
    assert kinds(now, look("r1", units), today=date(2026, 12, 21)) == ["passed"]
    # A law whose day is long gone is no news, whatever run comes first.
    old = look("r2", {"d1": "covered"}, deadline="2020-08-13")
    assert kinds(old, None) == kinds(old, look("r1", {"d1": "covered"})) == []


def test_every_kind_has_a_sentence_in_every_language_and_stands_in_the_schema() -> None:
    kinds_of = set(schemas()["notice"]["properties"]["events"]["items"]["properties"]["kind"]["enum"])
    values = {
        "unit": "u",
        "site": "s",
        "status": "covered",
        "title": "t",
        "date": "d",
        "n": 2,
        "days": 3,
        "network": "n",
    }
    values |= {"now": 1, "then": 2, "job": "j", "due": "d", "started": "s", "why": "w"}
    for language in languages():
        said = {sentence(Told(kind, "k", "r", "a", values), load_texts(language)) for kind in kinds_of}
        assert len(said) == len(kinds_of)


def test_coverage_falls() -> None:
    before = look("r1", {}, heard=10)
    assert kinds(look("r2", {}, heard=7), before) == ["coverage"]
    assert kinds(look("r2", {}, heard=8), before) == []
    assert kinds(look("r2", {}, heard=7), before, tell=Tell(coverage_drop=0.5)) == []
    assert kinds(look("r2", {}, heard=10), before) == []
    # Few, but all of them.
    assert kinds(look("r2", {}, heard=0), look("r1", {}, heard=2)) == ["coverage"]
    assert kinds(look("r2", {}, heard=10, silent=0, not_sent=3), before) == ["asked"]
    [news] = events(look("r2", {}, heard=10, silent=0, not_sent=3), before, Tell(), (), TODAY)
    assert (news.values["now"], news.values["then"]) == (76, 100)
