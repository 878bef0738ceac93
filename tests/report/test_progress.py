"""Progress over runs: what is gone, replaced, moved, new and back, and the alarm when what was removed returns."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netaudit.identify.device import Device
from netaudit.report.progress.changes import Changes, changes
from netaudit.report.progress.page import render_html, render_json, render_markdown
from netaudit.report.progress.snapshot import Snapshot, snapshot
from netaudit.report.progress.trend import HEIGHT, WIDTH, Point, picture, points
from netaudit.report.texts import load_texts
from tests.contracts.schemas import faults
from tests.report.page import Page
from tests.report.sample import RUN, SCOPE
from tests.report.sample_devices import HOSTILE, hostile_device, unit

TEXTS = load_texts()
COVERED = {"dahua", "hikvision"}
UNITS = tuple(unit(number)[0] for number in range(9))


def _findings(devices: Sequence[Device]) -> list[dict[str, Any]]:
    return [
        {"device": d.device, "duty": True, "binds_owner": True,
         "status": "covered" if d.maker.value in COVERED else "not_covered"}
        for d in devices
    ]  # fmt: skip


def _run(day: int, devices: Sequence[Device], status: str = "complete") -> Snapshot:
    info = replace(RUN, run=f"run-{day:02}", started=f"2026-11-{day:02}T08:00:00.000Z", status=status)  # type: ignore[arg-type]
    return snapshot(info, SCOPE, devices, _findings(devices))


def _kinds(found: Changes) -> dict[str, str]:
    return {row.unit.device.device: row.kind for row in found.rows}


def test_nothing_changed() -> None:
    found = changes(_run(1, UNITS), _run(2, UNITS))
    assert set(_kinds(found).values()) == {"same"}
    assert found.alarms == ()


def test_a_silent_unit_is_gone_only_where_somebody_looked() -> None:
    left = UNITS[1:]
    assert _kinds(changes(_run(1, UNITS), _run(2, left)))[UNITS[0].device] == "gone"
    assert _kinds(changes(_run(1, UNITS), _run(2, left, "partial")))[UNITS[0].device] == "not_looked_at"
    elsewhere = replace(UNITS[0], addresses=("192.0.2.1",))
    assert _kinds(changes(_run(1, (elsewhere,)), _run(2, left)))[elsewhere.device] == "not_looked_at"


def test_another_unit_in_its_place_replaced_it() -> None:
    other = replace(
        UNITS[2], device="serial:NEW", serial=replace(UNITS[2].serial, value="NEW"), macs=("00:40:8c:1:1:1",),
        addresses=UNITS[0].addresses, site=UNITS[0].site,
    )  # fmt: skip
    found = changes(_run(1, UNITS[:1]), _run(2, (other,)))
    [row] = found.rows
    assert (row.kind, row.old and row.old.device, row.new and row.new.device) == ("replaced", UNITS[0], other)
    assert found.alarms == ()


def test_a_replacement_that_has_to_go_itself_is_an_alarm() -> None:
    bad = replace(UNITS[3], addresses=UNITS[0].addresses, site=UNITS[0].site)
    found = changes(_run(1, UNITS[:1]), _run(2, (bad,)))
    assert [item.key for item in found.alarms] == ["alarm.replaced"]


def test_the_same_unit_elsewhere_has_moved_and_says_from_where() -> None:
    moved = replace(UNITS[0], device="other id", addresses=("10.20.8.99",), site="Bus depot")
    [row] = changes(_run(1, UNITS[:1]), _run(2, (moved,))).rows
    assert row.kind == "moved"
    assert {item.key for item in row.what} == {"diff.site", "diff.address"}


def test_new_firmware_is_a_change() -> None:
    newer = replace(UNITS[0], firmware=replace(UNITS[0].firmware, value="9.9"))
    [row] = changes(_run(1, UNITS[:1]), _run(2, (newer,))).rows
    assert (row.kind, [item.key for item in row.what]) == ("changed", ["diff.firmware"])


def test_what_was_gone_and_returns_is_back_and_alarms() -> None:
    first, second, third = _run(1, UNITS), _run(2, UNITS[2:3]), _run(3, (UNITS[2], UNITS[8]))
    found = changes(second, third, [first])
    assert _kinds(found)[UNITS[8].device] == "back"
    assert [item.key for item in found.alarms] == ["alarm.back", "alarm.maker"]
    assert found.alarms[1].values["maker"] == "Zhejiang Dahua Technology"
    assert changes(second, third).count("new") == 1


def test_two_units_with_one_mac_are_not_mixed_up() -> None:
    twins = tuple(replace(item, macs=("00:11:22:33:44:55",)) for item in UNITS[:2])
    later = tuple(
        replace(item, device=f"x{n}", serial=replace(item.serial, value=None)) for n, item in enumerate(twins)
    )
    found = changes(_run(1, twins), _run(2, later))
    assert {row.kind for row in found.rows} == {"replaced"}


@given(st.sets(st.integers(0, 8)), st.sets(st.integers(0, 8)))
def test_every_unit_of_both_runs_is_told_of_once(old: set[int], new: set[int]) -> None:
    before, after = _run(1, [UNITS[n] for n in sorted(old)]), _run(2, [UNITS[n] for n in sorted(new)])
    rows = changes(before, after).rows
    assert sorted(r.old.device.device for r in rows if r.old) == sorted(UNITS[n].device for n in old)
    assert sorted(r.new.device.device for r in rows if r.new) == sorted(UNITS[n].device for n in new)


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), min_size=1, max_size=30))
def test_the_picture_stays_inside_its_frame(values: list[tuple[int, int]]) -> None:
    made = picture([Point(str(n), "2026-11-20", a + b, a, b, {}) for n, (a, b) in enumerate(values)])
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.open_y <= mark.left_y <= HEIGHT for mark in made.marks)
    assert 2 <= len(made.ticks) <= 6
    assert made.ticks[-1][1] >= max(a + b for a, b in values)


def test_every_format_tells_the_same_and_hostile_text_stays_text() -> None:
    bad = [hostile_device(number, text)[0] for number, text in enumerate(HOSTILE)]
    runs = [_run(1, UNITS), _run(2, [*UNITS[2:], *bad])]
    steps = [changes(runs[0], runs[1])]
    page = Page(render_html(steps, points(runs), TEXTS).decode())
    assert page.all("script") == []
    assert page.all("img", "link") == []
    assert page.all("svg")[0]["aria-label"].startswith("Burn-down")
    data = json.loads(render_json(steps, points(runs), TEXTS))
    assert faults("progress", data) == []
    told = [line for line in render_markdown(steps, points(runs), TEXTS).decode().splitlines() if "Gone" in line]
    assert len([row for row in data["steps"][0]["changes"] if row["kind"] == "gone"]) == len(told) - 1
    assert data["runs"][0]["left"] == sum(d.maker.value in COVERED for d in UNITS)
