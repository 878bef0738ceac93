"""A pack tampered with, cleverly: the manifest is made anew every time, and what was done is named all the same."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from netaudit.cli import main
from netaudit.evidence.log import first_link, next_link
from netaudit.evidence.pack.archive import write_archive
from netaudit.evidence.pack.manifest import HASH_LIST, MANIFEST, OUTSIDE, hash_list, manifest, sha256
from tests.cli.small_run import make_run

Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "NETAUDIT_STORE"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("pack")
    run = make_run(folder / "run")
    assert main(["pack", "--run", str(run), "--out", str(folder / "p.zip"), "--format", "html"]) == 0
    with zipfile.ZipFile(folder / "p.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sealed(files: Files) -> Files:
    inner = {name: data for name, data in files.items() if name not in OUTSIDE}
    hashes = {name: sha256(data) for name, data in inner.items()}
    listed = manifest(hashes)
    return {**inner, MANIFEST: listed, HASH_LIST: hash_list(hashes, sha256(listed))}


def _verify(files: Files, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    write_archive(Path("t.zip"), files, "2026-11-20T08:00:00.000Z")
    capsys.readouterr()
    status = main(["verify", "t.zip"])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, captured.out + captured.err


def test_whole_it_fits(packed: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert _sealed(packed) == packed
    assert _verify(packed, capsys)[0] == 0


@pytest.mark.parametrize(
    "name", ["run/observations.jsonl", "rules/signatures/makers.toml", "report.html", "custody.csv"]
)
def test_a_changed_byte_is_named(packed: Files, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray(packed[name])
    data[len(data) // 2] ^= 1
    status, told = _verify({**packed, name: bytes(data)}, capsys)
    assert status == 1
    assert f"{name}: was changed" in told


def test_a_removed_file_is_named(packed: Files, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = _verify({name: data for name, data in packed.items() if name != "run/attempts.jsonl"}, capsys)
    assert status == 1
    assert "run/attempts.jsonl: is missing" in told


def _finding(files: Files) -> Files:
    lines = files["data/findings.jsonl"].splitlines()
    rows = [json.loads(line) for line in lines]
    at = next(number for number, row in enumerate(rows) if row["status"] not in ("not_covered", "not_assessed"))
    rows[at]["status"] = "not_covered"
    lines[at] = json.dumps(rows[at]).encode()
    return {"data/findings.jsonl": b"\n".join(lines) + b"\n"}


def _device(files: Files) -> Files:
    return {
        "data/devices.jsonl": files["data/devices.jsonl"].replace(
            b'"maker":{"value":"dahua"', b'"maker":{"value":"axis"'
        )
    }


def _policy(files: Files) -> Files:
    name = "rules/signatures/policies/US-NDAA19-889B.toml"
    return {name: files[name].replace(b'maker = "dahua"', b'maker = "axis"')}


def _raw(files: Files) -> Files:
    """Another maker's name in the bytes heard: the observation's id gives it away."""
    return {"run/observations.jsonl": files["run/observations.jsonl"].replace(b"AXIS P3265", b"IPC-HDW2431")}


def _dropped(files: Files) -> Files:
    """An observation left out, and the chain made anew: run.json still knows the old head."""
    lines = files["run/observations.jsonl"].splitlines()[1:]
    link, links = first_link(files["run/scope.toml"]), []
    for line in lines:
        link = next_link(link, line)
        links.append(link)
    return {
        "run/observations.jsonl": b"\n".join(lines) + b"\n",
        "run/observations.chain": "".join(f"{item}\n" for item in links).encode(),
    }


def _scope(files: Files) -> Files:
    return {"run/scope.toml": files["run/scope.toml"].replace(b"10.20.0.0/28", b"10.20.0.0/24")}


def _report(files: Files) -> Files:
    return {"report.html": files["report.html"].replace(b"</title>", b" (all fine)</title>")}


def _copy(files: Files) -> Files:
    name = next(name for name in files if name.startswith("raw/") and "rtsp" in name)
    return {name: files[name] + b"x"}


def _added(_: Files) -> Files:
    return {"raw/extra.txt": b"never heard"}


def _broken_rules(_: Files) -> Files:
    return {"rules/signatures/policies/XX.toml": b"id = 'YY'\n"}


def _not_json(_: Files) -> Files:
    return {"data/pack.json": b"[" * 100_000}


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (_finding, r'data/findings.jsonl: d-'),
        (_device, "data/devices.jsonl: d-"),
        (_policy, "policy US-NDAA19-889B differs from the one installed here"),
        (_policy, "data/findings.jsonl: d-"),
        (_raw, "does not fit the hash chain"),
        (_dropped, "names another head of the log's chain"),
        (_scope, "does not fit the hash chain"),
        (_report, "report.html: is not what the evidence gives"),
        (_copy, "rtsp.response.txt: is not what the evidence gives"),
        (_added, "raw/extra.txt: follows from nothing"),
        (_broken_rules, "XX.toml"),
        (_not_json, "data/pack.json"),
    ],
)  # fmt: skip
def test_what_was_resealed_is_still_named(
    packed: Files, tamper: Callable[[Files], Files], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tamper(packed)
    assert any(packed.get(name) != data for name, data in changed.items())
    status, text = _verify(_sealed({**packed, **changed}), capsys)
    assert status == 1
    assert told in text


def test_a_forged_verdict_is_named_with_device_policy_and_both_statuses(
    packed: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = _verify(_sealed({**packed, **_finding(packed)}), capsys)
    [line] = [line for line in text.splitlines() if "data/findings.jsonl" in line]
    assert " under " in line
    assert 'status is "not_covered", the evidence gives "' in line


def test_no_pack_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.zip").write_bytes(b"PK\x03\x04 rubbish")
    assert main(["verify", "t.zip"]) == 2
    assert main(["verify", "nowhere.zip"]) == 2
    assert "cannot be unpacked" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [MANIFEST, "data/pack.json", "run/run.json", "run/scope.toml", "run/owner.toml", "run/observations.jsonl",
     "run/attempts.jsonl", "run/planning.toml", "run/places.json"],
)  # fmt: skip
def test_another_encoding_is_named_and_never_a_crash(
    packed: Files, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {**packed, name: '[owner]\nname = "Straße"\n'.encode("utf-16" if name.startswith("run/") else "latin-1")}
    status, told = _verify(changed if name == MANIFEST else _sealed(changed), capsys)
    assert status == 1
    assert "WRONG" in told
