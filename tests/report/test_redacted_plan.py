"""A redacted report of a planned run: no money of the owner, no free text of people, no address, in any format."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.cli.results import conclude
from netaudit.identify.knowledge import load_knowledge
from tests.plan.small_run import OWNER, SCOPE, small_run

PLANNING = """\
[plan]
objective = "deadline"
currency = "EUR"
[periods]
first = 2027-01-01
count = 2
length = "quarter"
budget = 7654.32
working_days = 20
crews = 1
[effort]
default = 1
[[prices]]
file = "prices.csv"
currency = "EUR"
date = 2026-11-01
source = "quote of A. Dealer"
[[cost]]
line = "labour"
low = 611
high = 733.21
date = 2026-11-02
source = "contract with B. Fitter"
[[stock]]
product = "Axis P8"
have = 1
keep = 0
"""
PRICES = (
    "model,maker,type,form_factor,megapixels,ir,audio,outdoor,poe,price_low,price_high\n"
    "P8,Axis,camera,dome,8,yes,yes,yes,yes,4123.45,4987.65\nP9,Axis,camera,bullet,8,yes,yes,yes,yes,4123.45,4987.65\n"
)
DECISIONS = """
[[priority]]
device = "{first}"
points = 5
reason = "the bishop asked"
by = "D. Boss"
[[exclusion]]
device = "{other}"
reason = "guards the vault"
by = "C. Guard"
expires = 2099-01-01
"""
SECRETS = (
    "4,123.45", "4123.45", "412345", "4,987.65", "498765", "7,654.32", "765432", "733.21", "73321", "A. Dealer",
    "B. Fitter", "C. Guard", "the vault", "D. Boss", "the bishop", "A. Person", "192.0.2.", "2026-11-02",
    "budget of a period: ",
)  # fmt: skip
FORMATS = ("html", "json", "csv", "md", "xlsx", "pdf")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planned run in which not all units fit, with an exclusion, a changed priority and an address in the scope."""
    folder = tmp_path_factory.mktemp("redacted")
    made = small_run(folder / "run")
    (made / "scope.toml").write_bytes(SCOPE.replace(b'"memo 3"', b'"memo 3, all of 192.0.2.0/24"'))
    (folder / "planning.toml").write_text(PLANNING, encoding="utf-8")
    (folder / "prices.csv").write_text(PRICES, encoding="utf-8")
    ids = {device.addresses[0]: device.device for device in conclude(made, load_knowledge()).devices}
    (made / "owner.toml").write_text(OWNER + DECISIONS.format(first=ids["192.0.2.7"], other=ids["192.0.2.9"]))
    return folder


def _shown(name: str, data: bytes) -> str:
    if name != "xlsx":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(data)) as book:
        return "".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())


@pytest.mark.parametrize("name", FORMATS)
def test_no_money_and_no_words_of_people_are_left(name: str, run: Path) -> None:
    options = ["--run", str(run / "run"), "--planning", str(run / "planning.toml"), "--format", name]
    for extra in ([], ["--redact"]):
        assert main(["report", *options, *extra, "--out", str(run / f"{name}{len(extra)}")]) == 1
    whole, shown = (_shown(name, (run / f"{name}{n}").read_bytes()) for n in (0, 1))
    if name == "json":
        assert [
            word for word in ("4,123.45", "765432", "the bishop", "the vault", "C. Guard") if word not in whole
        ] == []
        data = json.loads(shown)
        assert data["redacted"] is True
        assert [period["budget"] for period in data["plan"]["timetable"]["periods"]] == [None, None]
        assert data["plan"]["timetable"]["cost_lines"] == []
        assert data["plan"]["phases"], "order and reasons stay"
    if name != "pdf":
        assert [word for word in SECRETS if word in shown] == []
    if name in ("html", "md"):
        assert "This copy is redacted" in shown
        assert "Prices and budgets are left out" in shown
        assert "Cost (EUR)" in whole
        assert "Cost" not in shown.split("Periods", 1)[1].split("Phase 0", 1)[0]
