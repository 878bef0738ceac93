"""What is shipped is whole: the wheel holds the data, and works away from the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("netaudit-*.whl")
    return built


def test_data_templates_and_types_travel_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("signatures", "oui_data"):
        shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        shipped = {name for name in shipped if "__pycache__" not in name}
        assert {f"netaudit/_data/{name}" for name in shipped} <= names
    assert "netaudit/py.typed" in names
    assert any(name.endswith("report.html.j2") for name in names)
    assert not any(name.startswith(("tests/", "docs/", "benchmarks/")) for name in names)


def test_the_wheel_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # The editable install's own path hook must not win over the wheel.
    environment = {**os.environ, "PYTHONPATH": str(target)}
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import netaudit; print(netaudit.__file__);"
    code += "from netaudit.cli import main; sys.exit(main(sys.argv[1:]))"
    for words in (["signatures", "list"], ["policy", "list"], ["demo", "--table"]):
        command = [sys.executable, "-c", code, str(target), *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0].startswith(str(target))
