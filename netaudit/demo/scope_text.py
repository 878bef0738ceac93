"""The written permission of the virtual owner: a scope.toml like any other."""

import datetime
from datetime import date
from typing import Final

from netaudit import clock
from netaudit.demo.model import BuildingPlan, DemoDevice

_WEEK: Final = datetime.timedelta(days=7)


def scope_text(plan: BuildingPlan, today: date | None = None) -> str:
    """Return a scope.toml for the whole building, valid from `today` (default: the current day) for a week."""
    today = today or clock.now().date()
    parts = [_authorisation(plan, today), *_networks(plan), _credential(plan)]
    return "\n".join(parts)


def _authorisation(plan: BuildingPlan, today: date) -> str:
    # A day before: the local date and the UTC date need not be the same.
    start = today - datetime.timedelta(days=1)
    return (
        "# The virtual building: devices that answer on loopback addresses of this computer only.\n"
        "[authorisation]\n"
        f'organisation = "{plan.organisation}"\nauthorised_by = "{plan.authorised_by}"\nrole = "{plan.role}"\n'
        f'reference = "{plan.reference}"\nvalid_from = {start}\nvalid_until = {today + _WEEK}\n'
    )


def _networks(plan: BuildingPlan) -> list[str]:
    return [
        f'[[network]]\ncidr = "{site.cidr}"\nsite = "{site.name}"\nname = "{site.network}"\n' for site in plan.sites
    ]


def _credential(plan: BuildingPlan) -> str:
    bound = ", ".join(f'"{device.address}"' for device in plan.devices if _lets_in(device))
    return (
        f"# The password of this invented account is public: {plan.login.variable}={plan.login.password}\n"
        f'[[credential]]\nname = "{plan.login.name}"\nusername = "{plan.login.username}"\n'
        f'secret = "env:{plan.login.variable}"\nbound_to = [{bound}]\n'
        'protocols = ["onvif", "isapi", "dahua_cgi"]\n'
    )


def _lets_in(device: DemoDevice) -> bool:
    return any(device.services.get(name, {}).get("login") for name in ("onvif", "http"))
