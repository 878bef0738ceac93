"""netaudit correct: keep what a person knows about a device, with name and date."""

import argparse
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from netaudit.cli.corrections import add_corrections_option, append_correction, corrections_of, corrections_path
from netaudit.cli.explain import chosen
from netaudit.cli.identify import add_knowledge_options, observations_of
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.clock import now, rfc3339
from netaudit.errors import UsageError
from netaudit.evidence.fields import first
from netaudit.evidence.observation import Observation, observe
from netaudit.identify.device import DEVICE_TYPES, Device

if TYPE_CHECKING:
    from netaudit.identify.knowledge import Knowledge

_QUESTIONS = ("maker", "brand", "type", "model", "serial")
_EPILOG = """\
What you say is kept as typed evidence in a file that only grows. It becomes the answer, marked with your name and the
day; what was measured against it stays as a contradiction. `identify`, `explain`, `report` and `plan` read the file.

  netaudit correct 10.20.0.7 --maker dahua --note "type plate: made by Zhejiang Dahua" --by "A. Person"
  netaudit correct d-3f9a --type recorder --model NVR4108HS-8P-4KS2 --by "A. Person"
  netaudit correct 10.20.0.7 --withdraw --by "A. Person"    take back what was typed about this device
  netaudit correct --list                                   everything that was typed

DEVICE is an id, an address, a MAC or a serial number, whole or the beginning of one. Makers and labels are ids or names
of the word lists (`netaudit signatures list makers`, `list brands`).
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("device", metavar="DEVICE", nargs="?")
    parser.add_argument("--maker", help="who built it")
    parser.add_argument("--brand", help="the label it is sold under")
    parser.add_argument("--type", choices=[name for name in DEVICE_TYPES if name != "unknown"], help="what it is")
    parser.add_argument("--model", help="the model as printed on it")
    parser.add_argument("--serial", help="the serial number as printed on it")
    parser.add_argument("--note", default="", help="how you know, e.g. what you read and where")
    parser.add_argument("--by", metavar="NAME", help="who says so")
    parser.add_argument("--withdraw", action="store_true", help="take back what was typed about this device before")
    parser.add_argument("--list", action="store_true", help="list what was typed, and do nothing else")
    parser.add_argument("--file", action="append", metavar="FILE", help="observation files instead of a run")
    add_run_options(parser)
    add_knowledge_options(parser)
    add_corrections_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Keep one statement, or list them."""
    if options.list:
        return _list(options)
    answers = {name: value for name in _QUESTIONS if (value := getattr(options, name))}
    _check(options, answers)
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.identify.engine import identify

    knowledge = knowledge_of(options)
    answers = {name: _resolved(name, value, knowledge) for name, value in answers.items()}
    observations = [
        *observations_of(options.file or [str(run_folder(options))]),
        *corrections_of(options, must_be_there=False),
    ]
    before = chosen(identify(observations, knowledge), options.device)
    statement = _statement(before, answers, options)
    after = next(d for d in identify([*observations, statement], knowledge) if d.device == before.device)
    append_correction(corrections_path(options), statement)
    _show(before, after)
    say(f"Kept in {corrections_path(options)}. `netaudit report` writes the report again with it.")
    return 0


def _check(options: argparse.Namespace, answers: Mapping[str, str]) -> None:
    if not options.device:
        raise UsageError("which DEVICE? `netaudit devices` lists them, `--list` shows what was typed before")
    if not options.by or not options.by.strip():
        raise UsageError("who says so? --by NAME: a statement without a name is no evidence")
    if bool(answers) == options.withdraw:
        raise UsageError("say what it is (--maker, --brand, --type, --model, --serial), or --withdraw, but not both")


def _resolved(question: str, value: str, knowledge: "Knowledge") -> str:
    """Return the id of a maker or label given by id or name; other answers as they are."""
    from netaudit.identify.words import plain

    names = {"maker": knowledge.maker_names, "brand": knowledge.brand_names}.get(question)
    if names is None:
        return value.strip()
    if found := names.get(plain(value)):
        return found
    near = ", ".join(dict.fromkeys(names[name] for name in get_close_matches(plain(value), names, 3)))
    hint = f"did you mean {near}? " if near else ""
    raise UsageError(
        f"no {question} {value!r} is in the word lists: {hint}`netaudit signatures list makers` lists them"
    )


def _statement(device: Device, answers: Mapping[str, str], options: argparse.Namespace) -> Observation:
    fields: dict[str, str | tuple[str, ...]] = {"by": options.by.strip(), "device": device.device, **answers}
    if options.note:
        fields["why"] = options.note
    if options.withdraw:
        fields["withdraw"] = "yes"
    # A typed serial is no key: what was measured says which unit is meant.
    if device.serial.value and not device.serial.typed:
        fields["of_serial"] = device.serial.value
    if device.macs:
        fields["of_mac"] = device.macs
    target = {"ip": device.addresses[0] if device.addresses else "", "site": device.site}
    return observe(
        "typed.statement", rfc3339(now()), {name: value for name, value in target.items() if value},
        origin="typed", fields=fields, subject=device.subject,
    )  # fmt: skip


def _show(before: Device, after: Device) -> None:
    rows = []
    for question in _QUESTIONS:
        old, new = getattr(before, question), getattr(after, question)
        if old != new:
            grade = f"{new.grade}, " if new.grade else ""
            mark = f" ({grade}typed by {new.typed})" if new.typed else ""
            rows.append((question, old.name or old.value or "-", (new.name or new.value or "-") + mark))
    for line in table(("QUESTION", "BEFORE", "NOW"), rows):
        out(line)
    for item in after.contradictions:
        out(f"Contradiction: {harmless(item.text)}")


def _list(options: argparse.Namespace) -> int:
    rows = []
    for item in corrections_of(options):
        said = [f"{name} {first(item.fields, name)}" for name in _QUESTIONS if name in item.fields]
        said += ["withdrawn"] if first(item.fields, "withdraw") == "yes" else []
        where = str(item.target.get("ip") or "-")
        who, why = first(item.fields, "by"), first(item.fields, "why")
        rows.append((item.at[:10], who, first(item.fields, "device"), where, ", ".join(said), why or "-"))
    for line in table(("DATE", "BY", "DEVICE", "ADDRESS", "SAID", "WHY"), rows):
        out(line)
    say(f"{len(rows)} statements in {corrections_path(options)}")
    return 0
