"""Makes everything in a pack again from its evidence with its own rules, and names what comes out differently."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netaudit.cli.evidence_files import OWN_RULES, REGISTRY, RULES, RUN
from netaudit.cli.formats import writers
from netaudit.cli.pack_files import ABOUT, Pack, made_alike, pack_files
from netaudit.cli.packed_inputs import with_packed_inputs
from netaudit.cli.results import Results, conclude
from netaudit.errors import DataError, NetauditError
from netaudit.evidence.log import verify_chain
from netaudit.evidence.pack.manifest import OUTSIDE
from netaudit.evidence.run import read_run
from netaudit.identify.knowledge import Knowledge, load_knowledge

_KEYS: Final = {"data/devices.jsonl": ("device",), "data/findings.jsonl": ("device", "policy")}
MAX_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What verification found. `wrong`: each makes the pack fail; `notes`: what a reader should know."""

    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


def about(folder: Path) -> Mapping[str, Any]:
    """Read data/pack.json of an unpacked pack. Raises DataError."""
    path = folder / ABOUT
    try:
        data = json.loads(path.read_bytes())
        whole = data["schema"] == "netaudit.pack" and data["schema_version"] == 1
        typed = isinstance(data["made_with"], dict) and all(isinstance(name, str) for name in data["formats"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(ABOUT, f"cannot be used: {error}", "a pack of netaudit, version 1") from error
    if not whole or not typed:
        raise DataError(ABOUT, "is of another format", "a pack of netaudit, version 1")
    return dict(data)


def rules_of(folder: Path) -> Knowledge:
    """Load the signatures that a pack brings. Raises DataError."""
    own = sorted(folder.glob(f"{OWN_RULES}*"), key=lambda path: (len(path.name), path.name))
    # Lenient: what was left out when the pack was made is left out again.
    return load_knowledge([folder / RULES, *own], oui_folder=folder / REGISTRY, built_in=False, lenient=True)


def results_of(folder: Path) -> Results:
    """Judge the log of a complete pack again, in place. Raises DataError where it cannot be read."""
    run = folder / RUN
    if (folder / "attachments").is_dir():
        shutil.move(folder / "attachments", run / "attachments")
    return with_packed_inputs(conclude(run, rules_of(folder)), run)


def rederive(folder: Path, files: Mapping[str, bytes]) -> Outcome:
    """Make a complete, unpacked pack again. `files`: what it holds. The folder is changed and of no use afterwards."""
    try:
        then = about(folder)
        head = verify_chain(folder / RUN)
        if head != read_run(folder / RUN).chain_head:
            return Outcome((f"{RUN}/run.json: names another head of the log's chain than {RUN}/ has",))
        results = results_of(folder)
        can = [name for name in then["formats"] if name in writers()]
        again = pack_files(results, can)
    except (NetauditError, OSError) as error:
        return Outcome((f"the verdicts cannot be made again: {error}",))
    wrong, notes = _compared(files, again, then)
    good = (
        f"{len(results.devices)} devices and {len(results.findings)} findings made again from {head[:16]} (chain head)"
    )
    return Outcome(tuple(wrong), tuple(notes), () if wrong else (good,))


def _compared(files: Mapping[str, bytes], again: Pack, then: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    wrong: list[str] = []
    notes: list[str] = []
    for name in sorted(files.keys() | again.files.keys()):
        if name in OUTSIDE or name == ABOUT or files.get(name) == again.files.get(name):
            continue
        if name in files and name not in again.files:
            kind = name.rpartition(".")[2]
            cannot = kind in then["formats"] and kind not in writers()
            (notes if cannot else wrong).append(
                f"{name}: {'cannot be made here' if cannot else 'follows from nothing'}"
            )
        elif name not in files:
            wrong.append(f"{name}: is left out, and follows from the evidence")
        elif name in _KEYS:
            wrong += differences(name, files[name], again.files[name])
        elif made_alike(dict(then["made_with"]), name):
            wrong.append(f"{name}: is not what the evidence gives")
        else:
            notes.append(f"{name}: made by other versions ({_versions(then)}) and not compared")
    return wrong, notes


def differences(name: str, found: bytes, again: bytes, keys: Sequence[str] = ()) -> Iterator[str]:
    """Name the devices or findings in which two files of JSON lines differ; `keys`: compared, all by default."""
    old, new = _rows(name, found), _rows(name, again)
    told = [text for key in dict.fromkeys([*new, *old]) if (text := _difference(key, old.get(key), new.get(key), keys))]
    for text in told[:MAX_NAMED]:
        yield f"{name}: {text}"
    if len(told) > MAX_NAMED:
        yield f"{name}: and {len(told) - MAX_NAMED} more"
    if not told and not keys:
        yield f"{name}: is written otherwise than the evidence gives"


def _difference(key: tuple[str, ...], old: Any, new: Any, keys: Sequence[str]) -> str:
    what = " under ".join(key)
    if old is None:
        return f"{what} is left out"
    if new is None:
        return f"{what} follows from nothing"
    names = [name for name in (keys or {**new, **old}) if old.get(name) != new.get(name)]
    told = (
        f"{name} is {json.dumps(old.get(name))[:160]}, the evidence gives {json.dumps(new.get(name))[:160]}"
        for name in names
    )
    return f"{what}: {'; '.join(told)}" if names else ""


def _rows(name: str, data: bytes) -> dict[tuple[str, ...], dict[str, Any]]:
    """Read JSON lines by their keys; what cannot be read is one row that equals nothing."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line:
            continue
        try:
            row = json.loads(line)
            rows[tuple(str(row[key]) for key in _KEYS[name])] = row
        except (ValueError, KeyError, TypeError, RecursionError):
            rows[(f"line {number}",)] = {"line": "unreadable"}
    return rows


def _versions(then: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {str(text)[:20]}" for name, text in then["made_with"].items() if text)
