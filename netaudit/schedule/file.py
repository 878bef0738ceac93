"""schedule.toml: the regular runs, one [[job]] each. Written by `netaudit schedule add`, made to be read and edited."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from netaudit.errors import UsageError
from netaudit.schedule.when import EXPECTED, When, parse_when
from netaudit.toml_file import TomlFile, read_toml

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""A job's name is part of file names and of systemd's units."""
VERBS: Final = ("scan", "listen")
_KEYS: Final = ("name", "do", "scope", "when", "since", "options", "out")
_RUNS: Final = "netaudit-runs"
_HEAD: Final = """\
# Regular runs of netaudit: `netaudit schedule` lists them, `netaudit schedule systemd` writes timers for them.
# do: scan or listen; when: daily 02:30, mon,thu 02:30, monthly 1 02:30 or hourly :15, in the machine's own time;
# options: more words for the command; paths are relative to this file.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One regular run. `since`: runs before it were never due. `out`: the folder that holds the folders of its runs."""

    name: str
    do: str
    scope: Path
    when: When
    since: datetime | None
    options: tuple[str, ...]
    out: Path


def read_schedule(path: Path) -> tuple[Job, ...]:
    """Return the jobs of a file. Raises DataError with file and line, UsageError where there is no file."""
    if not path.is_file():
        raise UsageError(f"{path} is not there: `netaudit schedule add NAME WHEN` begins one, or name it (--schedule)")
    file = read_toml(path)
    for table in file.data:
        if table != "job":
            raise file.error(f"has the unknown table [{table}]", "only [[job]]", table)
    entries = file.data.get("job", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise file.error("[job] is not a list of tables", "[[job]] with two brackets", "job")
    jobs = tuple(_job(file, index, entry) for index, entry in enumerate(entries))
    for index, job in enumerate(jobs):
        if job.name in {other.name for other in jobs[:index]}:
            raise file.error(f"there are two jobs {job.name!r}", "a name of its own for each", "job", index, "name")
    return jobs


def add_job(path: Path, name: str, do: str, scope: Path, when: str, since: datetime, options: Sequence[str]) -> None:
    """Write a job at the end of the file, made when missing. Raises UsageError, DataError; all or nothing."""
    jobs = read_schedule(path) if path.exists() else ()
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a job: small letters, digits and -, at most 40")
    if any(job.name == name for job in jobs):
        raise UsageError(f"there is a job {name!r} already: `netaudit schedule remove {name}` first")
    lines = ["[[job]]", f'name = "{name}"', f'do = "{do}"', f"scope = {_quoted(str(scope))}", f"when = {_quoted(when)}"]
    lines.append(f"since = {since:%Y-%m-%dT%H:%M:%SZ}")
    if options:
        lines.append(f"options = [{', '.join(map(_quoted, options))}]")
    before = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    _write(path, before.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n")


def remove_job(path: Path, name: str) -> None:
    """Take a job out of the file; everything else stays as it is written. Raises UsageError where there is none."""
    jobs = read_schedule(path)
    index = next((place for place, job in enumerate(jobs) if job.name == name), None)
    if index is None:
        raise UsageError(f"there is no job {name!r} in {path}: {', '.join(job.name for job in jobs) or 'it is empty'}")
    file = read_toml(path)
    lines = file.raw.decode("utf-8-sig").splitlines()
    first = file.line("job", index) - 1
    last = file.line("job", index + 1) - 1 if index + 1 < len(jobs) else len(lines)
    # A comment above the next job belongs to that one.
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    _write(path, "\n".join([*lines[:first], *lines[last:]]).rstrip("\n") + "\n")


def _job(file: TomlFile, index: int, entry: Mapping[str, Any]) -> Job:
    for key in entry:
        if key not in _KEYS:
            raise file.error(f"unknown key {key!r} in [[job]]", f"one of {', '.join(_KEYS)}", "job", index, key)
    texts = {key: _text(file, index, entry, key) for key in ("name", "do", "scope", "when")}
    if not NAME.fullmatch(texts["name"]):
        raise file.error(f"name is {texts['name']!r}", "small letters, digits and -, at most 40", "job", index, "name")
    if texts["do"] not in VERBS:
        raise file.error(f"do is {texts['do']!r}", f"one of {', '.join(VERBS)}", "job", index, "do")
    try:
        when = parse_when(texts["when"])
    except ValueError:
        raise file.error(f"when is {texts['when']!r}", EXPECTED, "job", index, "when") from None
    since = entry.get("since")
    if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
        raise file.error(f"since is {since!r}", "since = 2026-11-23T10:00:00Z", "job", index, "since")
    folder = file.path.resolve().parent
    scope, out = folder / texts["scope"], folder / _text(file, index, entry, "out", _RUNS)
    return Job(texts["name"], texts["do"], scope, when, since, _options(file, index, entry), out)


def _options(file: TomlFile, index: int, entry: Mapping[str, Any]) -> tuple[str, ...]:
    words = entry.get("options", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise file.error(f"options is {words!r}", 'a list of texts, e.g. ["--profile", "gentle"]', "job", index)
    return tuple(words)


def _text(file: TomlFile, index: int, entry: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    # A path that no line can hold would become two lines of a unit.
    if not isinstance(value, str) or not value or not value.isprintable():
        problem = f"{key} is missing" if value is None else f"{key} is {value!r}"
        raise file.error(problem, f'{key} = "..."', "job", index, key)
    return value


def _quoted(text: str) -> str:
    if not text.isprintable():
        raise UsageError(f"{text!r} holds characters that cannot be written down")
    return json.dumps(text, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
