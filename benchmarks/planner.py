"""How long the planner takes: units at sites over periods, for each objective. One command, no input.

.venv/bin/python benchmarks/planner.py [--units 2000] [--sites 40] [--periods 8] [--objective deadline] [--tight 1.08]
"""

import argparse
import random
import resource
import time
from datetime import date
from pathlib import Path

from netaudit.identify.device import Answer, Device, Reason
from netaudit.plan.candidates import Screened
from netaudit.plan.planning import load_planning
from netaudit.plan.products import Price, Product
from netaudit.plan.project import OBJECTIVES
from netaudit.plan.project_file import parse_project
from netaudit.plan.scheduled import Market, scheduled_plan
from netaudit.plan.sorting import Sorted, sort_out
from netaudit.policy.facts import read_facts
from netaudit.policy.finding import Finding
from netaudit.policy.owner import parse_owner
from netaudit.toml_file import parse_toml

FORMS = ("dome", "bullet", "turret", "ptz")
DEADLINES = ("", "", "2027-06-30", "2027-12-31", "2028-06-30", "2020-08-13")
ON = date(2026, 11, 23)


def device(name: str, kind: str, site: str, form: str) -> Device:
    """Return one Hikvision unit."""
    nothing = Answer()
    reason = Reason("o", "s", {"maker": "hikvision"}, "proof", "seen", "http")
    return Device(
        device=name, subject=None, addresses=(), macs=(), ports=(), type=Answer(kind, 0.99),
        maker=Answer("hikvision", 0.995, "Hikvision", "confirmed"), brand=nothing, model=nothing, firmware=nothing,
        serial=nothing, soc=nothing, relabelled=None, reasons=(reason,), site=site, traits={"form_factor": form},
    )  # fmt: skip


def estate(units: int, sites: int, seed: int) -> Sorted:
    """Return units at sites: a third of the cameras behind recorders of 8 or 16 channels, the rest by themselves."""
    chance = random.Random(seed)
    devices: list[Device] = []
    behind: dict[str, str] = {}
    while len(devices) < units:
        site = f"Site {len(devices) % sites + 1:02}"
        size = min(chance.choice((1, 1, 1, 1, 1, 8, 16)), units - len(devices))
        first = f"u{len(devices):05}"
        for number in range(size):
            name = f"u{len(devices):05}"
            kind = "recorder" if size > 1 and number == 0 else "camera"
            devices.append(device(name, kind, site, chance.choice(FORMS)))
            if size > 1 and number:
                behind[name] = first
    findings = [
        Finding(item.device, "P", "A rule", chance.choice(("covered", "likely")), "covered.", remedy="remove",
                binds_owner=True, deadline=chance.choice(DEADLINES))
        for item in devices
    ]  # fmt: skip
    answers = "".join(
        f'[[site]]\nname = "Site {n + 1:02}"\nsite_sensitivity = "{chance.choice(("high", "raised", "normal"))}"\n'
        for n in range(sites)
    )
    owner = parse_owner(parse_toml(answers.encode(), Path("owner.toml")), read_facts())
    return sort_out(devices, findings, owner, load_planning(), ON, behind)


def planning_text(options: argparse.Namespace, objective: str) -> str:
    """Return a planning file in which about 1/tight of the money and the time is needed."""
    units, periods = options.units, options.periods
    budget, days = (
        units * 1250 * options.tight / periods,
        (units * 0.27 + options.sites * 1.0) * options.tight / periods,
    )
    windows = "".join(
        f'[[site]]\nname = "Site {n:02}"\nclosed = [{{ from = 2027-01-01, until = 2027-06-30 }}]\n'
        f"disruption = {n % 3 + 1}\n"
        for n in range(1, options.sites + 1, 5)
    )
    return (
        f'[plan]\nobjective = "{objective}"\ncurrency = "EUR"\n[periods]\nfirst = 2027-01-01\ncount = {periods}\n'
        f"budget = {budget:.0f}\nworking_days = {days / 2:.1f}\ncrews = 2\n[effort]\ncamera = 0.25\nrecorder = 0.75\n"
        f"contain = 0.01\nvisit = 0.25\n{windows}"
        '[[cost]]\nline = "labour"\nhigh = 800\ndate = 2026-11-01\nsource = "benchmark"\n'
        '[[cost]]\nline = "lift"\nhigh = 400\ndate = 2026-11-01\nsource = "benchmark"\n'
    )


def market() -> Market:
    """Return one product a form, and one recorder."""
    price = Price(60000, 80000, "EUR", "2026-11-01", "benchmark")
    products = [Product(form, "Axis", {"type": "camera", "form_factor": form}, 0, price) for form in FORMS]
    recorders = [Product(f"R{form}", "Axis", {"type": "recorder", "form_factor": form}, 0, price) for form in FORMS]
    return Market(Screened((*products, *recorders), ()))


def main() -> None:
    """Plan once for each objective and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--periods", type=int, default=8)
    parser.add_argument("--objective", choices=OBJECTIVES, action="append")
    parser.add_argument("--tight", type=float, default=1.1, help="room over what is needed (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sorted_, planning = estate(options.units, options.sites, options.seed), load_planning()
    print(f"{options.units} units, {options.sites} sites, {options.periods} periods, tight {options.tight}")
    for objective in options.objective or OBJECTIVES:
        text = planning_text(options, objective)
        project = parse_project(parse_toml(text.encode(), Path("planning.toml")), planning)
        wall, work = time.perf_counter(), time.process_time()
        plan = scheduled_plan(sorted_, project, planning, market())
        wall, work = time.perf_counter() - wall, time.process_time() - work
        table = plan.timetable
        if table is not None:
            print(
                f"{objective:11} {table.outcome:8} gap {table.gap} %  {table.units} placed, {len(plan.unplaced)} not"
                f"  {wall:.1f} s ({work:.1f} s of processor)  {dict(table.terms)}"
            )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
