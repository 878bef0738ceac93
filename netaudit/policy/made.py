"""Was a unit made while its company belonged to another? Dates decide, and where none is known the owner is asked."""

import re
from datetime import date
from typing import Final, Literal, TypeAlias

from netaudit.identify.device import Device
from netaudit.policy.owner import OwnerFacts
from netaudit.policy.relations import Link

Made: TypeAlias = Literal["yes", "likely", "depends", "no"]
WORST_FIRST: Final[tuple[Made, ...]] = ("no", "depends", "likely", "yes")

_BUILD = re.compile(r"build\D{0,3}(?:20)?(\d{2})[-.]?(\d{2})[-.]?(\d{2})(?!\d)", re.IGNORECASE)


def made_while(link: Link, device: Device, facts: OwnerFacts, on: date) -> Made:
    """Say whether the unit was made while the link held.

    Purchase day first, then the day on which the unit was first heard, then the firmware's build day; the last one
    can only make it likely, since an old unit gets new firmware and a new one may come with old firmware.
    """
    if link.since and link.since > on.isoformat()[: len(link.since)]:
        return "no"
    if not link.until:
        # The tie has ended on a day that nobody wrote down: no day of purchase can decide.
        return "no" if link.former else "yes"
    bought = facts.value("purchase_date", device.site, device.device)
    if bought:
        return "yes" if _within(bought[0], link) else "no"
    if _within(device.first_seen[:10], link):
        return "yes"
    return "likely" if _within(firmware_day(device.firmware.value or ""), link) else "depends"


def firmware_day(firmware: str) -> str:
    """Return the build day in a firmware string ("build 240826", "build 2022-06-17") as an ISO day, else ""."""
    found = _BUILD.search(firmware[:256])
    if not found:
        return ""
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(2000 + year, month, day).isoformat()
    except ValueError:
        return ""


def _within(day: str, link: Link) -> bool:
    """Compare with days, months or years alike: only as far as the link's own date goes."""
    return bool(day) and day[: len(link.since)] >= link.since and day[: len(link.until)] <= link.until
