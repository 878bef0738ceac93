"""netaudit plan: show the replacement plan of a run."""

import argparse
import json

from netaudit.cli.identify import add_signature_options
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, out

_EPILOG = """\
  netaudit plan                      phases, and what is in each, for the latest run
  netaudit plan --format json

Prices are never invented: the plan names replacement classes. Every score shows its parts in the report.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--owner", help="your answers (default: owner.toml here)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan."""
    from pathlib import Path

    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude, owner_file

    owner = owner_file(Path(options.owner) if options.owner else None)
    results = conclude(run_folder(options), knowledge_of(options), owner, corrections_of(options))
    if options.format == "json":
        out(json.dumps(results.plan.to_dict(), ensure_ascii=False, indent=1))
        return 0
    shown = {device.device: device for device in results.devices}
    for phase in results.plan.phases:
        until = f", by {phase.deadline}" if phase.deadline else ""
        out(f"Phase {phase.number}: {harmless(phase.title)} ({len(phase.items)} units{until})")
        out(f"  {harmless(phase.purpose)}")
        for item in phase.items:
            device = shown[item.device]
            where = device.addresses[0] if device.addresses else item.device
            becomes = item.replacement.name if item.replacement else "look at it on site"
            out(f"  {item.score:4}  {where:16} {harmless(item.site):20} {harmless(becomes)}")
        out("")
    for name, why in results.plan.unplaced:
        out(f"Not placed: {name}: {harmless(why)}")
    return 0
