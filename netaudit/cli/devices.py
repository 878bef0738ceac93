"""netaudit devices: list what a run found."""

import argparse
import json
from pathlib import Path
from typing import Any

from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import out, out_json, say, table
from netaudit.errors import DataError

_EPILOG = """\
  netaudit devices                           the latest run
  netaudit devices --run audit/20261123-0900 --maker hikvision
  netaudit devices --type camera --format jsonl | jq -r .model.value
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    add_run_options(parser)
    parser.add_argument("--type", help="only this type, e.g. camera or recorder")
    parser.add_argument("--maker", help="only this maker (id), e.g. hikvision")
    parser.add_argument("--site", help="only this site")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the devices of a run."""
    devices = [device for device in _devices(run_folder(options)) if _wanted(device, options)]
    if options.format == "jsonl":
        for device in devices:
            out_json(device)
        return 0
    head = ("DEVICE", "ADDRESS", "TYPE", "MAKER", "GRADE", "LABEL", "MODEL", "SITE")
    for line in table(head, map(_row, devices)):
        out(line)
    say(f"{len(devices)} devices")
    return 0


def _devices(folder: Path) -> list[dict[str, Any]]:
    path = folder / "devices.jsonl"
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        expected = f"the file that `netaudit report --run {folder}` writes again"
        raise DataError(str(path), f"cannot be used: {error}", expected) from error


def _wanted(device: dict[str, Any], options: argparse.Namespace) -> bool:
    found = {"type": device["type"]["value"], "maker": device["maker"]["value"], "site": device["site"]}
    return all(getattr(options, key) in (None, value) for key, value in found.items())


def _row(device: dict[str, Any]) -> tuple[str, ...]:
    label = _shown(device["brand"]) + (" (relabelled)" if device["relabelled"] else "")
    address = device["addresses"][0] if device["addresses"] else "-"
    return (
        device["device"], address, _shown(device["type"]), _shown(device["maker"]), _grade(device["maker"]),
        label, _shown(device["model"]), device["site"] or "-",
    )  # fmt: skip


def _grade(maker: dict[str, Any]) -> str:
    return (maker.get("grade") or "-") + (" (typed)" if maker.get("typed") else "")


def _shown(answer: dict[str, Any]) -> str:
    return answer.get("name") or answer["value"] or "-"
