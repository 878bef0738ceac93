"""netaudit pack: everything about a run in one file that anybody can verify, offline, without us."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.formats import FORMATS
from netaudit.cli.identify import add_signature_options
from netaudit.cli.planning import add_planning_option, planned
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import out, say
from netaudit.errors import DataError, NetauditError, UsageError

if TYPE_CHECKING:
    from netaudit.cli.pack_files import Pack
    from netaudit.cli.results import Results

_EPILOG = """\
  netaudit pack --out pack.zip                     the latest run
  netaudit pack --run audit/20261123-0900 --out pack.zip --sign key.pem
  netaudit pack --redact --out for-suppliers.zip   verdicts and policies, no address, no serial number, no bytes
  netaudit verify pack.zip

The pack holds the log as the scan wrote it, the signatures and policies that judged it, the report, attachments and a
custody log; README.txt in it says how to verify it with sha256sum alone. The same log gives the same bytes.

Signing: openssl genpkey -algorithm ed25519 -out key.pem; give the public key (openssl pkey -in key.pem -pubout) to
readers by another way. A locked key: NETAUDIT_KEY_PASSWORD.
Time stamp (RFC 3161): --timestamp asks the authority at this address, which sees your address and a hash, nothing else.
Without internet: --timestamp-question FILE writes what to ask (curl -H "Content-Type: application/timestamp-query"
--data-binary @FILE URL), --timestamp-answer FILE adds what came back; the pack must not change in between.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the pack to write, a zip archive")
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here)")
    add_planning_option(parser)
    parser.add_argument(
        "--format", choices=FORMATS, action="append",
        help="of the report in it; may be repeated (default: all that can be made here)",
    )  # fmt: skip
    parser.add_argument("--redact", action="store_true", help="leave out what identifies devices and people")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="sign with this Ed25519 key (PEM)")
    parser.add_argument("--timestamp", metavar="URL", help="ask this time stamp authority")
    parser.add_argument("--timestamp-question", type=Path, metavar="FILE", help="write the question for an authority")
    parser.add_argument("--timestamp-answer", type=Path, metavar="FILE", help="add an authority's answer")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the pack."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.floor_plans import with_floors
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.register_run import places_path
    from netaudit.cli.results import conclude, owner_file
    from netaudit.evidence.log import verify_chain
    from netaudit.evidence.pack.archive import write_archive
    from netaudit.evidence.pack.manifest import MANIFEST, sha256

    if options.timestamp and options.timestamp_answer:
        raise UsageError("--timestamp and --timestamp-answer: one time stamp is enough")
    folder = run_folder(options)
    if verify_chain(folder) != _recorded_head(folder):
        raise DataError(str(folder), "the log and run.json do not belong together", "the log as the scan wrote it")
    say("Judging the run ...")
    results = conclude(
        folder, knowledge_of(options), owner_file(options.owner), corrections_of(options), decided_of(options.store)
    )
    results = planned(results, options, places_path(options))
    results = with_floors(results, places_path(options))
    say("Collecting the files ...")
    sealed = _made(results, options.format, redacted=options.redact).sealed
    listed = sealed[MANIFEST]
    sealed |= _over_manifest(listed, options)
    write_archive(options.out, sealed, results.info.started)
    say(f"Wrote {options.out}: {len(sealed)} files. Tell its readers the hash of the list, by another way:")
    out(f"{sha256(listed)}  {MANIFEST}")
    return 0


def _made(results: "Results", formats: Sequence[str] | None, *, redacted: bool) -> "Pack":
    from netaudit.cli.formats import for_pack
    from netaudit.cli.pack_files import pack_files, redacted_pack

    return (redacted_pack if redacted else pack_files)(results, formats or for_pack(len(results.devices)))


def _recorded_head(folder: Path) -> str:
    from netaudit.evidence.run import read_run

    return read_run(folder).chain_head


def _over_manifest(listed: bytes, options: argparse.Namespace) -> dict[str, bytes]:
    """Return the signature and the time stamp, where they are asked for."""
    from netaudit.evidence.pack.manifest import TIME_STAMP
    from netaudit.evidence.pack.signature import sign
    from netaudit.evidence.pack.timestamp import question, stamped_at
    from netaudit.notary.ask import ask_time_stamp

    files: dict[str, bytes] = {}
    if options.sign:
        password = os.environ.get("NETAUDIT_KEY_PASSWORD")
        files |= sign(listed, options.sign, password.encode() if password else None)
    if options.timestamp_question:
        options.timestamp_question.write_bytes(question(listed))
        say(f"Wrote {options.timestamp_question}: send it to an authority, then add --timestamp-answer")
    if options.timestamp:
        say(f"Asking {options.timestamp} for a time stamp over the manifest's hash ...")
        files[TIME_STAMP] = ask_time_stamp(options.timestamp, question(listed))
    elif options.timestamp_answer:
        files[TIME_STAMP] = _read(options.timestamp_answer)
    if TIME_STAMP in files:
        say(f"Time stamp: {stamped_at(files[TIME_STAMP], listed)}")
    return files


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NetauditError(f"{path} cannot be read: {error.strerror}") from error
