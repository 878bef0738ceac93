"""What people do on the pages: find, place, photograph, set aside, move, sign off; and what is refused at the field."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from netaudit.clock import now
from netaudit.store.people import annotations, latest_plan, plan_document, standing
from netaudit.store.pictures import picture_size
from netaudit.store.store import Store
from netaudit.web.page import due
from tests.store.things import device, finding, recorded
from tests.web.conftest import PNG, log_in


def test_the_overview_answers_first(client: TestClient) -> None:
    log_in(client, "viewer")
    text = client.get("/").text
    assert "1 unit must be dealt with" in text
    assert "compliant" not in text.lower()


def test_the_overview_says_what_changed_since_the_run_before(client: TestClient, store: Store, tmp_path: Path) -> None:
    log_in(client, "viewer")
    assert "There is one run so far" in client.get("/").text
    devices = [
        device("d-a", address="192.0.2.70"),
        device("d-new", address="192.0.2.80"),
        device("d-c", None, "192.0.2.9"),
    ]
    findings = [finding("d-a", deadline="2027-01-01"), finding("d-new"), finding("d-c", "unknown")]
    store.record(recorded("run-2", "2026-02-01T08:00:00.000Z", devices, findings, tmp_path))
    text = client.get("/").text
    assert "1 new, 1 with another address, model, firmware or verdict, 0 covered and not seen any more" in text
    assert "/compare?old=run-1&amp;new=run-2" in text


def test_the_list_is_filtered_and_htmx_gets_the_rows_alone(client: TestClient) -> None:
    log_in(client, "viewer")
    whole = client.get("/devices?verdict=covered").text
    assert "192.0.2.7" in whole
    assert "192.0.2.8" not in whole
    rows = client.get("/devices?q=192.0.2.9&show=all", headers={"hx-request": "true"}).text
    assert "<html" not in rows
    assert "192.0.2.9" in rows
    assert client.get("/devices?page=99999999999&sort=%00&verdict=%ff&q=%00").status_code == 200


def test_a_place_is_kept_and_a_second_editor_is_told(client: TestClient, store: Store) -> None:
    csrf = log_in(client, "facilities")
    data = {"csrf": csrf, "version": "1", "room": "3.14", "height": "2.5", "purchased": "2020-05-01"}
    assert client.post("/devices/d-a/place", data=data).status_code == 303
    late = client.post("/devices/d-a/place", data={**data, "room": "cellar"})
    assert late.status_code == 409
    assert "changed by somebody else" in late.text
    assert "Now: 3.14" in late.text
    assert 'value="cellar"' in late.text
    with store.reading() as session:
        assert annotations(session, "d-a")["room"] == "3.14"


def test_a_long_note_of_several_lines_comes_back_whole_in_its_form(client: TestClient) -> None:
    csrf = log_in(client, "facilities")
    note = "first <line>\n" + "word " * 700 + "end"
    assert client.post("/devices/d-a/place", data={"csrf": csrf, "version": "1", "note": note}).status_code == 303
    text = client.get("/devices/d-a").text
    found = re.search(r'<textarea id="f-note"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == note


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("height", "tall", "A number from 0"),
        ("purchased", "31.12.2020", "A day, as"),
        ("note", "x" * 4001, "At most 4000"),
    ],
)
def test_a_wrong_field_is_refused_at_the_field(client: TestClient, field: str, value: str, said: str) -> None:
    csrf = log_in(client, "facilities")
    answer = client.post("/devices/d-a/place", data={"csrf": csrf, "version": "1", field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="e-{field}"' in answer.text


def test_a_photo_is_judged_by_its_content_and_served_without_rights(client: TestClient) -> None:
    csrf = log_in(client, "facilities")
    bad = client.post("/devices/d-a/attachments", data={"csrf": csrf}, files={"file": ("a.png", b"<svg onload=x>\0")})
    assert bad.status_code == 422
    good = client.post("/devices/d-a/attachments", data={"csrf": csrf}, files={"file": ("../a.html", PNG)})
    assert good.status_code == 303
    shown = client.get("/files/1")
    assert shown.content == PNG
    assert shown.headers["content-type"] == "image/png"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert 'filename="a.html"' in shown.headers["content-disposition"]
    assert client.get("/files/2").status_code == 404


def test_setting_aside_needs_reason_and_end(client: TestClient, store: Store) -> None:
    csrf = log_in(client, "facilities")

    def aside(why: str, ends: str) -> tuple[int, str]:
        answer = client.post("/devices/d-a/exclude", data={"csrf": csrf, "why": why, "expires": ends})
        return answer.status_code, answer.text

    assert aside("", "1999-01-01")[0] == 422
    assert "A day after today" in aside("x", now().date().isoformat())[1]
    ends = f"{now().year + 1}-06-30"
    assert aside("in store", ends)[0] == 303
    with store.reading() as session:
        (decision,) = standing(session, "exclude", ends)
    path = f"decisions/{decision.id}/withdraw"
    assert client.post(f"/devices/d-b/{path}", data={"csrf": csrf, "why": "x"}).status_code == 404
    assert client.post(f"/devices/d-a/{path}", data={"csrf": csrf, "why": "in use"}).status_code == 303


def test_a_unit_is_moved_on_the_board_and_checked_at_once(client: TestClient, store: Store) -> None:
    csrf = log_in(client, "facilities")
    assert client.post("/plan/begin", data={"csrf": csrf}).status_code == 303
    data = {"csrf": csrf, "version": "1", "device": "d-a", "phase": "3"}
    moved = client.post("/plan/move", data=data, headers={"hx-request": "true"}).text
    assert "waits for d-a, which comes later (phase 3)" in moved
    assert "1 unit do not fit" in moved
    assert client.post("/plan/move", data=data).status_code == 409
    assert client.post("/plan/move", data={**data, "version": "2", "phase": "9"}).status_code == 422
    signed = client.post("/plan/sign", data={"csrf": csrf, "version": "2", "phase": "1", "why": "both walked"})
    assert signed.status_code == 303
    assert "both walked" in client.get("/plan").text
    with store.reading() as session:
        newest = latest_plan(session, "main")
        assert newest is not None
        assert (newest.version, newest.who) == (2, "facilities")


def test_after_a_budget_cut_the_board_says_what_is_short_and_plans_again(client: TestClient, store: Store) -> None:
    csrf = log_in(client, "facilities")
    client.post("/plan/begin", data={"csrf": csrf})
    assert "About 600 of 1,000 EUR in 2027 Q1" in client.get("/plan").text
    wrong = client.post("/plan/budgets", data={"csrf": csrf, "version": "1", "budget-2": "half"})
    assert wrong.status_code == 422
    assert 'id="eb-2"' in wrong.text
    assert 'value="half"' in wrong.text
    cut = {"csrf": csrf, "version": "1", "budget-1": "1,000", "budget-2": "300.50", "budget-3": "1000"}
    assert "1+phases+cost" in client.post("/plan/budgets", data={**cut, "do": "keep"}).headers["location"]
    text = client.get("/plan").text
    assert "Phase 2 costs more than its budget" in text
    assert "About 600 of 300.50 EUR in 2027 Q2, budget by facilities" in text
    assert client.post("/plan/budgets", data={**cut, "do": "refit"}).status_code == 409
    done = client.post("/plan/budgets", data={**cut, "version": "2", "do": "refit"})
    assert "1+units+moved" in done.headers["location"]
    assert "Phase 2 costs more" not in client.get("/plan").text
    with store.reading() as session:
        newest = plan_document(session, "main", 3)
    assert [len(phase["items"]) for phase in newest["phases"]] == [1, 0, 1]


def test_a_unit_is_placed_on_a_floor(client: TestClient) -> None:
    csrf = log_in(client, "facilities")
    floor = {"csrf": csrf, "floor": "Ground"}
    assert client.post("/sites/1/floors", data=floor, files={"file": ("f.png", b"GIF89a")}).status_code == 422
    assert client.post("/sites/1/floors", data=floor, files={"file": ("f.png", PNG)}).status_code == 303
    put = {"csrf": csrf, "device": "d-a", "floor": "Ground", "x": "50", "y": "25"}
    assert client.post("/sites/1/put", data={**put, "x": "101"}).status_code == 422
    assert client.post("/sites/1/put", data={**put, "device": "none"}).status_code == 422
    placed = client.post("/sites/1/put", data=put, headers={"hx-request": "true"}).text
    assert '<rect class="mark covered" x="' in placed
    assert "1 of 2 placed" in placed or "1 of 3 placed" in placed


def test_an_administrator_makes_accounts_and_tokens_and_cannot_lock_himself_out(client: TestClient) -> None:
    csrf = log_in(client, "administrator")
    wrong = client.post("/manage/accounts", data={"csrf": csrf, "name": "x", "role": "viewer", "password": "short"})
    assert wrong.status_code == 422
    assert "at least 12" in wrong.text
    made = {"csrf": csrf, "name": "newcomer", "role": "auditor", "password": "long enough for me"}
    assert client.post("/manage/accounts", data=made).status_code == 303
    assert client.post("/manage/accounts", data=made).status_code == 422
    page = client.get("/manage").text
    assert "long enough" not in page
    wanted = {"csrf": csrf, "token_name": "cron", "token_role": "viewer", "ends": now().date().isoformat()}
    token = client.post("/manage/tokens", data=wanted)
    assert "netaudit_" in token.text
    assert "netaudit_" not in client.get("/manage").text.replace("netaudit_token", "")


def test_the_audit_trail_names_who_did_what(client: TestClient) -> None:
    csrf = log_in(client, "facilities")
    client.post("/devices/d-a/place", data={"csrf": csrf, "version": "1", "room": "3.14"})
    log_in(client, "auditor")
    text = client.get("/audit").text
    assert "annotate" in text
    assert "facilities" in text


def test_a_file_of_a_run_is_handed_out_and_nothing_else(client: TestClient) -> None:
    log_in(client, "viewer")
    assert client.get("/runs/run-1/files/report.html").headers["content-disposition"].startswith("attachment")
    for name in ("plan.json", "..%2f..%2fnetaudit.db", "report.pdf"):
        assert client.get(f"/runs/run-1/files/{name}").status_code == 404


@given(st.binary(max_size=200))
def test_any_bytes_have_a_size_or_none(data: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"):
        size = picture_size(start + data)
        assert size is None or (0 < size[0] <= 20_000 and 0 < size[1] <= 20_000)


def test_the_size_of_real_headers() -> None:
    assert picture_size(PNG) == (100, 50)
    assert picture_size(bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0001108003200640301")) == (100, 50)


def test_a_run_that_was_just_recorded_shows_in_the_filters(client: TestClient, store: Store, tmp_path: Path) -> None:
    log_in(client, "viewer")
    assert "Hikvision" not in client.get("/devices").text
    devices = [device("d-x", "hikvision", "192.0.2.77")]
    store.record(recorded("run-2", "2026-02-01T08:00:00.000Z", devices, (), tmp_path))
    assert '<option value="hikvision">hikvision (1)</option>' in client.get("/devices").text


def test_a_day_that_is_over_is_no_by() -> None:
    assert due("2020-08-13", "2026-11-23") == "overdue since 2020-08-13"
    assert due("2026-11-23", "2026-11-23") == "by 2026-11-23"


def test_pages_say_a_deadline_as_people_do(client: TestClient) -> None:
    log_in(client, "viewer")
    assert due("2027-01-01") in client.get("/devices").text
    assert due("2027-01-01").capitalize() in client.get("/devices/d-a").text
