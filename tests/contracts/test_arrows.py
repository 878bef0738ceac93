"""Imports point one way, as the design draws them; the given libraries are imported lazily, each in one file."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "netaudit"
FILES = sorted(PACKAGE.rglob("*.py"))

# room -> rooms it may import. What is not listed here may not be imported at all.
ARROWS: dict[str, set[str]] = {
    "": {"data", "errors", "clock", "toml_file"},
    "evidence": set(),
    "scope": set(),
    "net": {"scope", "evidence"},
    "probes": {"net", "scope", "evidence"},
    "sweep": {"net", "scope", "evidence"},
    "scan": {"listen", "probes", "sweep", "net", "scope", "evidence"},
    "diagnose": {"scan", "probes", "sweep", "net", "scope", "evidence"},
    "listen": {"net", "scope", "evidence"},
    "intake": {"evidence", "scope"},
    "identify": {"evidence"},
    "policy": {"identify", "evidence"},
    "plan": {"policy", "identify", "evidence"},
    "places": {"plan", "policy", "identify", "evidence"},
    "report": {"places", "plan", "policy", "identify", "evidence", "scope"},
    "store": {"plan", "policy", "identify", "evidence", "scope"},
    "schedule": set(),
    "notice": {"store", "report", "policy", "identify", "evidence", "scope"},
    "workshop": {"policy", "identify", "evidence"},
    "demo": {"evidence"},
    "registry": set(),
    "notary": set(),
    "netbox": {"report"},
    "web": {"store", "report", "places", "plan", "policy", "identify", "evidence", "scope"},
    "cli": {
        "web", "workshop", "schedule", "notice", "diagnose", "demo", "registry", "notary", "netbox", "store",
        "report", "places", "plan", "policy", "identify", "intake", "listen", "scan", "sweep", "probes", "net", "scope",
        "evidence",
    },
}  # fmt: skip

# Verdicts must be the same tomorrow and on another machine: no wire, no clock, no chance.
PURE_ROOMS = {"identify", "policy", "plan", "places", "report", "evidence", "workshop"}
IMPURE = {
    "socket",
    "ssl",
    "asyncio",
    "time",
    "random",
    "secrets",
    "urllib.request",
    "http",
    "requests",
    "netaudit.clock",
}

# library -> the one file that imports it, inside a function. scapy costs 0.9 s, onvif-zeep reconfigures logging.
LAZY = {
    "scapy": "sweep/arp.py",
    "nmap": "sweep/nmap.py",
    "zeroconf": "evidence/dns.py",
    "onvif": "probes/onvif_zeep.py",
    "jinja2": "report/environment.py",
    "openpyxl": "places/workbook.py",
    "ortools": "plan/solver.py",
    "segno": "report/qr.py",
    "typst": "report/pdf.py",
    "xlsxwriter": "report/xlsx.py",
    "pynetbox": "netbox/client.py",
    "rfc3161_client": "evidence/pack/timestamp.py",
    "authlib": "web/oidc.py",
    "joserfc": "web/oidc.py",
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every imported module and whether it is imported at module level."""
    top = {id(node) for node in tree(path).body}
    for node in ast.walk(tree(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            yield name, id(node) in top


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path: Path) -> None:
    here = room(path)
    assert here in ARROWS, f"the room {here} is not in the design: say what it may import"
    allowed = ARROWS[here] | ARROWS[""] | {here}
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] == "netaudit" and len(parts) > 1 and parts[1] in ARROWS.keys() | {""}:
            assert parts[1] in allowed or (here == "" and path.name == "__main__.py"), f"{here} imports {name}"


def test_no_files_import_each_other_in_a_circle() -> None:
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in FILES}
    taken = {name: {other for other, _ in imports(path) if other in names} for name, path in names.items()}
    list(TopologicalSorter(taken).static_order())  # raises CycleError, which names the circle


@pytest.mark.parametrize(
    "path", [path for path in FILES if room(path) in PURE_ROOMS], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_judging_touches_neither_wire_nor_clock_nor_chance(path: Path) -> None:
    for name, _ in imports(path):
        assert name not in IMPURE, f"imports {name}"
        assert name.split(".")[0] not in IMPURE, f"imports {name}"


@pytest.mark.parametrize(("library", "home"), LAZY.items())
def test_each_given_library_is_imported_lazily_in_one_file(library: str, home: str) -> None:
    found = {
        (str(path.relative_to(PACKAGE)), top)
        for path in FILES
        for name, top in imports(path)
        if name.split(".")[0] == library
    }
    assert found == {(home, False)}


def _table_of_the_rooms() -> dict[str, set[str]]:
    """The table of docs/explanation/architecture.md: room -> rooms in its last column."""
    page = (PACKAGE.parent / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)/` \|.*\| ([^|]*) \|$", page, re.MULTILINE)
    return {name: set(re.findall(r"\w+", says.partition("'")[0])) for name, says in rows}


def test_the_page_on_the_architecture_explains_every_room_and_its_arrows() -> None:
    """The page names direct arrows only; what they reach in turn may be imported too, and nothing else."""
    said = _table_of_the_rooms()
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(said) == set(ARROWS) - {""}
    for name, arrows in said.items():
        reach, todo = set[str](), folders - {name} if arrows == {"all"} else arrows
        while todo - reach:
            reach |= todo
            todo = set().union(*(said[other] for other in reach))
        assert ARROWS[name] <= reach, f"{name}: the page does not lead to {ARROWS[name] - reach}"
        assert arrows <= ARROWS[name] | {"all"}, f"{name}: the page says {arrows - ARROWS[name]}, the test forbids it"


def test_no_file_is_long_and_most_are_short() -> None:
    lengths = sorted(path.read_text(encoding="utf-8").count("\n") for path in FILES if path.name != "__init__.py")
    assert lengths[-1] <= 350
    assert lengths[len(lengths) // 2] <= 120
