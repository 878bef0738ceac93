"""A pack with a plan by periods: it brings planning file, prices, places and floor plans, and verifies without ours."""

import json
import zipfile
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.evidence.pack.archive import write_archive
from netaudit.evidence.pack.manifest import HASH_LIST, MANIFEST, OUTSIDE, hash_list, manifest, sha256
from tests.cli.small_run import make_run
from tests.contracts.schemas import faults
from tests.places.pictures import png

PLANNING = """\
[plan]
objective = "deadline"
currency = "EUR"
[periods]
first = 2027-01-01
count = 4
length = "quarter"
budget = 5000
working_days = 20
crews = 1
[[prices]]
file = "bought here/Preise 2026.csv"
currency = "EUR"
date = 2026-11-01
source = "quote of A. Dealer"
[[prices]]
file = "catalogue"
format = "camera-database"
[[pin]]
site = "Town hall"
not_before = 2027-04-01
reason = "roof is being mended"
by = "B. Janitor"
"""
PRICES = (
    "model,maker,type,form_factor,megapixels,ir,price\nP8,Axis,camera,bullet,8,yes,500\nBAD,Axis,camera,dome,4,,much\n"
)
CAMERA = {"brand": "Axis", "model": "P8", "type": "Bullet", "resolution": {"megapixels": 8}, "environment": ["outdoor"]}
DEVICE = "10.20.0.3"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run, a planning file with prices beside it, a floor plan and a unit on it."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))
    monkeypatch.delenv("NETAUDIT_STORE", raising=False)
    work = tmp_path / "work"
    for name in ("bought here", "catalogue/Axis cameras"):
        (work / name).mkdir(parents=True)
    monkeypatch.chdir(work)
    Path("planning.toml").write_text(PLANNING, encoding="utf-8")
    Path("bought here/Preise 2026.csv").write_text(PRICES, encoding="utf-8")
    Path("catalogue/Axis cameras/p8.json").write_text(json.dumps(CAMERA), encoding="utf-8")
    Path("catalogue/x.json").write_text('{"brand": ""}', encoding="utf-8")
    made = make_run(tmp_path / "run")
    Path("plan.png").write_bytes(png(40, 30))
    assert main(["register", "floor", "plan.png", "--site", "Town hall", "--floor", "1"]) == 0
    spot = ["--site", "Town hall", "--floor", "1", "--x", "40", "--y", "50"]
    assert main(["register", "put", DEVICE, "--run", str(made), *spot]) == 0
    return made


def _files(pack: str) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    inner = {name: data for name, data in files.items() if name not in OUTSIDE}
    hashes = {name: sha256(data) for name, data in inner.items()}
    return {**inner, MANIFEST: manifest(hashes), HASH_LIST: hash_list(hashes, sha256(manifest(hashes)))}


def test_the_plan_is_made_again_from_the_pack_alone(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "--run", str(run), "--out", "../p.zip", "--format", "html"]) == 0
    assert main(["pack", "--run", str(run), "--out", "../again.zip", "--format", "html"]) == 0
    assert main(["report", "--run", str(run), "--format", "html", "--out", "../r.html"]) == 1
    monkeypatch.chdir(tmp_path)
    assert Path("p.zip").read_bytes() == Path("again.zip").read_bytes()
    files = _files("p.zip")
    assert Path("r.html").read_bytes() == files["report.html"]
    assert files["run/planning.toml"].decode() == PLANNING
    assert files["run/planning/1.csv"].decode() == PRICES
    assert json.loads(files["run/planning/2.json"])[0] == {"file": "Axis cameras/p8.json", "camera": CAMERA}
    assert any(name.startswith("run/floors/") and name.endswith(".png") for name in files)
    assert "run/places.json" in files
    plan = json.loads(files["data/plan.json"])
    assert "bought here/Preise 2026.csv:3" in str(plan["timetable"]["refused_products"])
    assert str(tmp_path) not in "".join(data.decode("utf-8", "replace") for data in files.values())
    assert faults("pack", json.loads(files["data/pack.json"])) == []
    (tmp_path / "work").rename(tmp_path / "gone")
    (tmp_path / "xdg").rename(tmp_path / "gone too")
    capsys.readouterr()
    assert main(["verify", "p.zip"]) == 0, capsys.readouterr().out
    changed = {"run/planning/1.csv": (b"500", b"400"), "run/places.json": (b'"plan_x": "40"', b'"plan_x": "60"')}
    for name, (old, new) in changed.items():
        write_archive(Path("t.zip"), _resealed({**files, name: files[name].replace(old, new)}), "2026-11-20T08:00:00Z")
        assert main(["verify", "t.zip"]) == 1, name
        assert "is not what the evidence gives" in capsys.readouterr().out


def test_a_plan_by_another_version_of_the_planner_is_noted_and_not_called_wrong(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "--run", str(run), "--out", "p.zip", "--format", "json"]) == 0
    files = _files("p.zip")
    about = json.loads(files["data/pack.json"])
    about["made_with"]["planner"] = "0.0"
    files |= {"data/pack.json": json.dumps(about).encode(), "data/plan.json": b"{}\n"}
    write_archive(Path("t.zip"), _resealed(files), "2026-11-20T08:00:00Z")
    capsys.readouterr()
    assert main(["verify", "t.zip"]) == 0
    assert "data/plan.json: made by other versions" in capsys.readouterr().out


def test_a_redacted_pack_has_none_of_it(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "--run", str(run), "--out", "p.zip", "--format", "html"]) == 0
    assert main(["pack", "--run", str(run), "--out", "r.zip", "--redact", "--format", "html"]) == 0
    shown = {name: data for name, data in _files("r.zip").items() if not name.startswith("rules/")}
    secrets = (b"B. Janitor", b"A. Dealer", b"Preise 2026", b"roof is being mended")
    assert [(name, word) for name, data in shown.items() for word in secrets if word in data] == []
    assert not any(name.startswith(("run/plan", "run/floors", "run/places")) for name in shown)
    assert main(["verify", "r.zip", "--complete", "p.zip"]) == 0, capsys.readouterr().out
