"""What was decided on the page, for every verb that judges a run."""

from pathlib import Path

from netaudit.cli.terminal import say
from netaudit.errors import NetauditError
from netaudit.policy.owner import Exclusion


def decided_of(where: str | Path | None) -> tuple[Exclusion, ...] | None:
    """Return the exclusions that stand in the store at `where`; None where there is none, or it cannot be read."""
    from netaudit.store.place import place_of

    place = place_of(where)
    if place.file and not place.file.is_file():
        return None
    from netaudit.store.people import EXCLUDE, standing
    from netaudit.store.store import Store

    try:
        with Store(where) as store, store.reading() as session:
            # Those that ran out count too: a verdict says that they did.
            rows = standing(session, EXCLUDE, "")
    except (NetauditError, OSError) as error:
        say(f"What was decided on the page is left as the run has it: {error}")
        return None
    return tuple(
        Exclusion(row.device or "", row.site or "", "*", row.why, row.who, row.expires)
        for row in rows
        if row.device or row.site
    )
