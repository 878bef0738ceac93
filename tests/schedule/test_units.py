"""Units that systemd itself finds right, whatever the paths are called."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netaudit.errors import UsageError
from netaudit.schedule.units import cron_line, unit_files, unit_for
from netaudit.schedule.when import parse_when

WHEN = parse_when("mon,thu 02:30")
analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs Debian's package systemd")


@analyze
@pytest.mark.parametrize("name", ["plain", "with space", "50% $HOME", "quote'd", 'double"d', "back\\slash"])
@pytest.mark.parametrize("user", ["", "daemon"])
def test_systemd_takes_what_was_written(tmp_path: Path, name: str, user: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    words = [
        sys.executable,
        "-m",
        "netaudit",
        "schedule",
        "run",
        "nightly",
        "--schedule",
        str(folder / "schedule.toml"),
    ]
    files = unit_files(unit_for("nightly", "scan of scope.toml", WHEN, words, folder, user))
    units = tmp_path / "units"
    units.mkdir()
    for file, text in files.items():
        (units / file).write_text(text)
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"}
    command = ["systemd-analyze", "verify", *(str(units / file) for file in files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert (f"User={user}" in files["netaudit-nightly.service"]) == bool(user)


def test_a_line_break_in_a_path_makes_no_unit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot stand in a unit"):
        unit_files(unit_for("nightly", "scan", WHEN, ["netaudit", "a\nExecStartPost=/bin/true"], tmp_path))


def test_a_crontab_line_is_one_command_of_a_shell(tmp_path: Path) -> None:
    folder = tmp_path / "50% off'"
    folder.mkdir()
    line = cron_line(WHEN, ["echo", "it's 50%"], folder)
    fields, command = line.split()[:5], line.split(maxsplit=5)[5]
    assert fields == ["30", "2", "*", "*", "1,4"]
    # cron takes the backslash away before the shell sees the line.
    shell = command.replace("\\%", "%")
    assert subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True).stdout == "it's 50%\n"
    assert shlex.split(shell)[1] == str(folder)
