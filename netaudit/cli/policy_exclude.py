"""netaudit policy exclude: set a unit or a site aside, with reason, name and last day, in owner.toml."""

import argparse
from datetime import date

from netaudit.cli.terminal import say
from netaudit.clock import now
from netaudit.errors import UsageError


def run_exclude(options: argparse.Namespace) -> int:
    """Add one exclusion at the end of owner.toml; what stands there already is not touched."""
    from netaudit.policy.owner import Exclusion, parse_owner
    from netaudit.policy.questions import exclusion_toml
    from netaudit.toml_file import parse_toml

    _check(options)
    device = options.names[0] if options.names else ""
    item = Exclusion(device, options.site or "", options.policy, options.reason, options.by, options.until)
    before = options.owner.read_bytes() if options.owner.is_file() else b""
    gap = b"\n" if before.strip() else b""
    after = before + (b"" if not before or before.endswith(b"\n") else b"\n") + gap + exclusion_toml(item).encode()
    # Read it back before it is kept: a file that does not load would stop every later command.
    parse_owner(parse_toml(after, options.owner))
    draft = options.owner.with_name(options.owner.name + ".new")
    draft.write_bytes(after)
    draft.replace(options.owner)
    say(f"Kept in {options.owner}: set aside until {item.expires}, by {item.by}. It is judged again after that day.")
    return 0


def _check(options: argparse.Namespace) -> None:
    if bool(options.names) == bool(options.site) or len(options.names) > 1:
        raise UsageError("say what is set aside: one DEVICE, or --site NAME")
    for name in ("reason", "by", "until"):
        if not (getattr(options, name) or "").strip():
            raise UsageError(f"--{name} is missing: an exclusion is a decision, with a reason, a name and a last day")
    try:
        last = date.fromisoformat(options.until)
    except ValueError as error:
        raise UsageError(f"--until {options.until} is no day: write it as 2027-06-30") from error
    if last < now().date():
        raise UsageError(f"--until {options.until} has passed: an exclusion holds up to a day that is still to come")
