"""netaudit form: the report forms of a regime, filled from a run, with the clock from discovery."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.identify import add_signature_options
from netaudit.cli.planning import add_planning_option, planned
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.report.forms.definition import Form

_EPILOG = """\
  netaudit form list                            the forms, their law and their deadline
  netaudit form case > case.toml                an empty case file: what no scan can see, with who knows it
  netaudit form far-52.204-25-one-day --case case.toml --out part1.html
  netaudit form inquiry-memo --format md

Every field is filled from the run or the case file, or marked "to be completed" with who knows it, or explained. The
clock runs from `discovered_at` of the case file; where nobody wrote it down, from the end of the run, and it says so.
Where your contract does not tell the regime, plan to the shorter deadline. No legal advice. Exit status 1: fields are
still to be completed.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("form", metavar="FORM", help='a form, or "list", or "case"')
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--case", type=Path, metavar="FILE", help="what people wrote down")
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here)")
    add_planning_option(parser)
    parser.add_argument("--format", choices=("html", "md", "json"), help="default: by the ending of --out, else md")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """List the forms, print an empty case, or fill a form."""
    from netaudit.report.forms.case import empty_case
    from netaudit.report.forms.definition import load_forms

    forms = load_forms()
    if options.form == "list":
        rows = [(form.id, form.law, _deadline(form), form.confidence, form.title) for form in forms.values()]
        for line in table(("FORM", "LAW", "DUE", "CONFIDENCE", "TITLE"), rows):
            out(line)
        return 0
    if options.form == "case":
        sys.stdout.write(empty_case(forms.values()))
        return 0
    if options.form not in forms:
        raise UsageError(f"there is no form {options.form!r}: `netaudit form list` shows all")
    return _fill(options, forms)


def _fill(options: argparse.Namespace, forms: "dict[str, Form]") -> int:
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.floor_plans import with_floors
    from netaudit.cli.formats import texts_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.register_run import places_path
    from netaudit.cli.report_files import build
    from netaudit.cli.results import conclude, owner_file
    from netaudit.report.forms import write
    from netaudit.report.forms.case import Case, read_case
    from netaudit.report.forms.deadline import told
    from netaudit.report.forms.fill import fill

    case = read_case(options.case, forms.values()) if options.case else Case()
    owner = owner_file(options.owner)
    results = conclude(
        run_folder(options), knowledge_of(options), owner, corrections_of(options), decided_of(options.store)
    )
    # The same evidence as report and pack name: the digest on the form must be the one on their covers.
    results = planned(results, options, places_path(options))
    report = build(with_floors(results, places_path(options)))
    filled = fill(forms[options.form], report, case)
    form, texts = filled.form, texts_of("en")
    writers = {"html": write.render_html, "md": write.render_markdown, "json": write.render_json}
    ending = options.out.suffix[1:] if options.out and options.out.suffix[1:] in writers else "md"
    data = writers[options.format or ending](filled, report, texts)
    if options.out:
        options.out.write_bytes(data)
        say(f"Wrote {options.out}")
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    if filled.due:
        say(f"Due {told(filled.due)}{' (assumed discovery)' if filled.assumed else ''}")
    if case.regime not in ("unknown", form.regime) and form.regime != "unknown":
        say(f"Your case says the regime is {harmless(case.regime)}, and this form is of {form.regime}.")
    elif case.regime == "unknown" and form.regime != "unknown":
        say(
            "The regime is not stated: until your contract tells, plan to the shorter of one business day and 72 hours."
        )
    say(f"{len(filled.units)} units on the form; {filled.open} fields to be completed.")
    return 1 if filled.open else 0


def _deadline(form: "Form") -> str:
    if form.starts == "none":
        return "-"
    days = "day" if form.business_days == 1 else "days"
    span = f"{form.business_days} business {days}" if form.business_days else f"{form.hours} hours"
    return f"{span} from {form.starts.replace('_', ' ')}"
