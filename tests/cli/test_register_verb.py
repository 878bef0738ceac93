"""netaudit register, as a user calls it: out, edited, in again, through another scan, into the plan."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from netaudit.cli import main
from tests.places.pictures import png
from tests.places.sheets import column_of, put
from tests.plan.small_run import small_run


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run, and a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETAUDIT_STORE", str(tmp_path / "store" / "netaudit.db"))
    small_run(tmp_path / "run")
    return tmp_path


def test_out_edited_and_in_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "export", "c.xlsx", "--run", "run"]) == 0
    assert "4 units, 3 of them to go" in capsys.readouterr().err
    book = load_workbook(io.BytesIO(Path("c.xlsx").read_bytes()))
    put(book["Schedule"], 2, {"Floor": "1", "Form": "turret", "Mounting height (m)": "high"})
    book.save("c.xlsx")
    assert main(["register", "import", "c.xlsx", "--run", "run", "--dry-run"]) == 1
    assert not (place / "store" / "places.json").exists()
    assert main(["register", "import", "c.xlsx", "--run", "run"]) == 1
    column = column_of(book["Schedule"], "Mounting height (m)")
    where = book["Schedule"].cell(2, column).coordinate
    assert (
        f"Schedule!{where}: 'high' was not taken: expected Mounting height (m) asks for a number"
        in capsys.readouterr().err
    )
    assert main(["register", "export", "c.csv", "--run", "run"]) == 0
    assert main(["register", "import", "c.csv", "--run", "run"]) == 0
    assert "0 cells changed, 0 not taken" in capsys.readouterr().err
    assert main(["register", "list"]) == 0
    assert "turret" in capsys.readouterr().out


def test_what_was_typed_counts_in_the_plan_and_the_report(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("planning.toml").write_text("[periods]\nfirst = 2027-01-01\n", encoding="utf-8")
    Path("c.csv").write_text("IP address,Form,Indoor or outdoor\n192.0.2.7,turret,outdoor\n", encoding="utf-8")
    assert main(["register", "import", "c.csv", "--run", "run"]) == 0
    capsys.readouterr()
    assert main(["plan", "--run", "run", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    names = [item["replacement"]["name"] for phase in plan["phases"] for item in phase["items"]]
    assert "turret camera, 4 MP class, outdoor" in " | ".join(names)


def test_a_floor_plan_is_checked_by_its_content(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("plan.png").write_bytes(png(40, 30))
    Path("no.png").write_bytes(b"<svg/>")
    words = ["--site", "HQ", "--floor", "1"]
    assert main(["register", "floor", "no.png", *words]) == 2
    assert "is no PNG or JPEG" in capsys.readouterr().err
    assert main(["register", "floor", "plan.png", *words]) == 0
    assert main(["register", "put", "192.0.2.7", "--floor", "1", "--x", "40", "--y", "120", "--run", "run"]) == 2
    assert main(["register", "put", "192.0.2.7", "--floor", "1", "--x", "40", "--y", "62.5", "--run", "run"]) == 0
    kept = json.loads((place / "store" / "places.json").read_text(encoding="utf-8"))
    (floor,) = kept["floors"]
    assert (floor["width"], floor["height"]) == (40, 30)
    assert (place / "store" / "floors" / floor["image"]).read_bytes() == png(40, 30)
    (cells,) = kept["rows"]["schedule"].values()
    assert cells == {"floor": "1", "plan_x": "40", "plan_y": "62.5"}


def test_the_report_draws_the_units_on_the_floor(place: Path) -> None:
    Path("plan.png").write_bytes(png(400, 300))
    assert main(["register", "floor", "plan.png", "--site", "HQ", "--floor", "Ground <b>"]) == 0
    words = ["--floor", "Ground <b>", "--x", "40", "--y", "62.5", "--run", "run"]
    assert main(["register", "put", "192.0.2.7", *words]) == 0
    assert main(["report", "--run", "run", "--owner", "run/owner.toml", "--format", "html"]) == 1
    page = Path("run/report.html").read_text(encoding="utf-8")
    assert "img-src data:" in page
    assert '<polygon class="b-covered mark" points="154.3,181.8 165.7,181.8 165.7,193.2 154.3,193.2"/>' in page
    assert "HQ, Ground &lt;b&gt;</h3>" in page
    assert "square: Covered" in page
    (picture,) = (place / "store" / "floors").iterdir()
    picture.write_bytes(b"gone")
    assert main(["report", "--run", "run", "--owner", "run/owner.toml", "--format", "html"]) == 1
    assert "img-src" not in Path("run/report.html").read_text(encoding="utf-8")


def test_a_redacted_report_draws_no_floor_and_names_nobody_who_wished(place: Path) -> None:
    wish = '[[pin]]\nsite = "HQ"\nperiod = "2027 Q2"\nreason = "roof"\nby = "Ms Example"\n'
    Path("planning.toml").write_text("[periods]\nfirst = 2027-01-01\n" + wish, encoding="utf-8")
    Path("plan.png").write_bytes(png(400, 300))
    assert main(["register", "floor", "plan.png", "--site", "HQ", "--floor", "G"]) == 0
    put_ = ["register", "put", "192.0.2.7", "--floor", "G", "--x", "4", "--y", "6", "--run", "run"]
    assert main(put_) == 0
    words = ["report", "--run", "run", "--owner", "run/owner.toml", "--format", "html"]
    assert main([*words, "--redact", "--out", "r.html"]) == 1
    page = Path("r.html").read_text(encoding="utf-8")
    assert "data:image" not in page
    assert "Ms Example" not in page
    assert "192.0.2.7" not in page


def test_a_file_that_calls_itself_a_workbook_and_is_none(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("c.xlsx").write_bytes(b"Sheet;Number\n")
    assert main(["register", "import", "c.xlsx", "--run", "run"]) == 2
    assert "c.xlsx: is no workbook" in capsys.readouterr().err
