"""Holds the policies of a pack against those installed here: a reader should know where they differ."""

from collections.abc import Mapping

from netaudit.cli.evidence_files import RULES
from netaudit.cli.rederive import Outcome
from netaudit.data import data_folder


def compare_with_installed(files: Mapping[str, bytes]) -> Outcome:
    """Name the policies that differ. A note and no fault: policies change, and a pack keeps those of its day."""
    place = f"{RULES}/policies/"
    theirs = {name.removeprefix(place): data for name, data in files.items() if name.startswith(place)}
    ours = {path.name: path.read_bytes() for path in (data_folder("signatures") / "policies").glob("*.toml")}
    notes = [f"policy {name[:-5]} differs from the one installed here" for name in sorted(ours.keys() & theirs.keys())
             if ours[name] != theirs[name]]  # fmt: skip
    notes += [
        f"policy {name[:-5]} is installed here and not in the pack" for name in sorted(ours.keys() - theirs.keys())
    ]
    notes += [f"policy {name[:-5]} is in the pack only" for name in sorted(theirs.keys() - ours.keys())]
    good = (f"the {len(theirs)} policies are those installed here",) if not notes else ()
    return Outcome((), tuple(notes), good)
