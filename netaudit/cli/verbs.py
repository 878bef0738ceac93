"""The verbs of the command line, in the order in which a user meets them. A verb is a file of this folder."""

from typing import Final

VERBS: Final = {
    "init": "write scope.toml by asking: which networks, who allows it, until when",
    "scan": "ask the networks of a scope file what is there, and report",
    "listen": "hear what devices say without being asked; sends nothing",
    "demo": "run the main job on the built-in virtual building",
    "import": "add files of other programs to a run: captures, scans, ARP, switch and lease tables, inventories",
    "identify": "name maker, label, type and model from observation files",
    "devices": "list the devices of a run",
    "switches": "read your switches and routers: on which port does each camera hang?",
    "explain": "show why a device was named so, down to the bytes it sent",
    "why": "show why an address was not found: what was sent, what came back, what to do",
    "doctor": "check this machine before a scan: rights, interfaces, routes, ports, tables, clock, disk",
    "correct": "keep what a person knows about a device, with name and date",
    "policy": "list laws and policies, answer the questions they turn on, check a run",
    "coverage": "how much of each network is known, in numbers",
    "plan": "show the replacement plan of a run",
    "register": "the camera schedule as a workbook or CSV, out and in again; floor plans",
    "report": "write the report of a run as HTML, PDF, workbook, CSV, JSON or Markdown",
    "form": "fill the report forms of a regime, with the clock from discovery",
    "diff": "what changed between two runs: gone, replaced, moved, new, back",
    "progress": "how far the removal is, over all runs, with a burn-down",
    "attach": "keep a photo, an invoice or a letter with a device of a run",
    "custody": "write down to whom a run or its pack was handed",
    "pack": "put a run with its evidence and rules into one file that anybody can verify",
    "verify": "check a pack: hashes, signature, time stamp, and every verdict made again",
    "schedule": "regular scans and listening: a readable file, timers, what was missed",
    "notices": "tell people what a run brought, by e-mail, webhook or syslog",
    "serve": "show the store as a page: overview, devices, places, plan, runs",
    "export": "hand a run over: NetBox, Snipe-IT, ServiceNow, OCSF, CycloneDX, Prometheus",
    "runs": "list the runs in the store, or take old ones in",
    "prune": "drop old runs by a rule, never what a pack refers to",
    "backup": "write the whole store into one file",
    "restore": "read a backup into an empty store",
    "signatures": "check the signatures, also your own",
    "oui": "look up who registered a MAC address",
}

MODULES: Final = {"import": "import_files"}
"""Verbs whose file cannot have their name, since Python keeps it for itself."""
