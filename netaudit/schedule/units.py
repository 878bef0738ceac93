"""systemd's service and timer for a job, and its line for cron. Pure: texts only."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netaudit.errors import UsageError
from netaudit.schedule.when import When, calendar, cron

PREFIX: Final = "netaudit-"
_SERVICE: Final = """\
# Written by `netaudit schedule systemd`: change schedule.toml and write it again.
[Unit]
Description={description}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
# 1: done, and something needs attention. The notices tell it; for systemd it is no failure.
SuccessExitStatus=1
UMask=0077
Nice=5
# Time to keep what was heard and to write the report.
TimeoutStopSec=10min
{more}"""
# What a scan as a user of its own needs and no more: raw frames for MAC addresses.
_SYSTEM: Final = """\
User={user}
AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
"""
_TIMER: Final = """\
# Written by `netaudit schedule systemd`: change schedule.toml and write it again.
[Unit]
Description={description}

[Timer]
OnCalendar={calendar}
# A run that the machine slept through is made up for once; netaudit says which others were missed.
Persistent=true
AccuracySec=30s

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A service and its timer. `words`: the whole command. `user`: "" for units of a user's own manager."""

    name: str
    description: str
    words: Sequence[str]
    folder: Path
    calendar: str
    user: str = ""


def unit_for(name: str, what: str, when: When, words: Sequence[str], folder: Path, user: str = "") -> Unit:
    """Return the unit of a job."""
    return Unit(name, f"netaudit: {name} ({what})", words, folder, calendar(when), user)


def unit_files(unit: Unit) -> dict[str, str]:
    """Return the service and the timer by file name. Raises UsageError for a path that a unit cannot hold."""
    for text in (*unit.words, str(unit.folder), unit.user, unit.description):
        if not text.isprintable():
            raise UsageError(f"{text!r} cannot stand in a unit of systemd: choose a plain path")
    service = _SERVICE.format(
        description=_plain(unit.description), folder=_plain(str(unit.folder)),
        command=" ".join(_word(word) for word in unit.words), more=_SYSTEM.format(user=unit.user) if unit.user else "",
    )  # fmt: skip
    timer = _TIMER.format(description=_plain(unit.description), calendar=unit.calendar)
    return {f"{PREFIX}{unit.name}.service": service, f"{PREFIX}{unit.name}.timer": timer}


def cron_line(when: When, words: Sequence[str], folder: Path) -> str:
    """Return a crontab's line; cron ends a command at a bare per cent sign."""
    command = f"cd {shlex.quote(str(folder))} && {shlex.join(words)}"
    return f"{cron(when)} {command}".replace("%", "\\%")


def _word(word: str) -> str:
    """One word of ExecStart: % and $ begin something there, quotes and backslashes too."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return plain if plain and not set(plain) & set(" '\";\\") else f'"{plain}"'


def _plain(text: str) -> str:
    return text.replace("%", "%%")
