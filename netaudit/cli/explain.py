"""netaudit explain: why a device was named so, down to the bytes it sent."""

import argparse
from collections.abc import Sequence

from netaudit.cli.corrections import corrections_of
from netaudit.cli.identify import add_signature_options, observations_of
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import out
from netaudit.errors import UsageError
from netaudit.identify.device import Device

_EPILOG = """\
DEVICE is an id, an address, a MAC or a serial number, whole or the beginning of one.

  netaudit explain 10.20.0.7
  netaudit explain d-3f9a --run audit/20261123-0900
  netaudit explain 10.20.0.7 --file other-observations.jsonl
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("device", metavar="DEVICE")
    parser.add_argument("--file", action="append", metavar="FILE", help="observation files instead of a run")
    add_run_options(parser)
    add_signature_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the chain from the verdict to the bytes."""
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.identify.engine import identify
    from netaudit.identify.explain import explain

    knowledge = knowledge_of(options)
    observations = [*observations_of(options.file or [str(run_folder(options))]), *corrections_of(options)]
    device = chosen(identify(observations, knowledge), options.device)
    for line in explain(device, observations, knowledge).splitlines():
        out(line)
    return 0


def chosen(devices: Sequence[Device], name: str) -> Device:
    """Return the device that a name means: id, address, MAC or serial, or its beginning. Raises UsageError."""
    wanted = name.casefold()
    exact = [device for device in devices if wanted in _names(device)]
    near = exact or [device for device in devices if any(known.startswith(wanted) for known in _names(device))]
    if len(near) == 1:
        return near[0]
    if not near:
        raise UsageError(f"no device is {name!r}: `netaudit devices` lists them")
    raise UsageError(f"{len(near)} devices are {name!r}: {', '.join(device.device for device in near[:8])}")


def _names(device: Device) -> set[str]:
    known = (device.device, device.subject, device.serial.value, *device.addresses, *device.macs)
    return {text.casefold() for text in known if text}
