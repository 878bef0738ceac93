"""netaudit verify: is a pack unchanged, who signed it, when, and do its verdicts follow from its evidence?"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.terminal import harmless, out, say
from netaudit.errors import NetauditError, UsageError

if TYPE_CHECKING:
    from netaudit.cli.rederive import Outcome

_EPILOG = """\
  netaudit verify pack.zip
  netaudit verify pack.zip --key signer.pub --authority tsa.pem --manifest 9f2c41...
  netaudit verify redacted.zip --complete pack.zip

Checks every hash; the signature and the time stamp where there are any; the chain of the log; and makes every device,
every finding and the report again from the bytes and the rules in the pack. Each thing that does not fit is named.
Nothing is sent. Exit status: 0 all fits, 1 something does not, 2 this is no pack, or not a safe one.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("pack", type=Path, metavar="PACK", help="the pack, or the folder it was unpacked into")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the signer's public key (PEM), got by another way")
    parser.add_argument("--authority", type=Path, metavar="FILE", help="root certificates (PEM) of the time stamp")
    parser.add_argument("--manifest", metavar="HASH", help="the manifest's SHA-256, or its beginning, as you were told")
    parser.add_argument("--complete", type=Path, metavar="PACK", help="the pack that a redacted one was made from")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Verify; print what fits, what does not, and what a reader should know."""
    from netaudit.evidence.pack.manifest import MANIFEST, sha256

    if not options.pack.exists():
        raise UsageError(f"{options.pack} is not there")
    with _opened(options.pack) as (folder, files):
        outcomes = [_seal(files, options.manifest), *_signed(files, options.key), *_stamped(files, options.authority)]
        if MANIFEST in files:
            say(f"Manifest SHA-256: {sha256(files[MANIFEST])}")
        outcomes += _derived(folder, files, options)
    return _tell(outcomes)


def _tell(outcomes: "list[Outcome]") -> int:
    for mark, texts in (("ok", "good"), ("note", "notes"), ("WRONG", "wrong")):
        for text in (text for outcome in outcomes for text in getattr(outcome, texts)):
            out(f"{mark:6}{harmless(text)}")
    wrong = sum(len(outcome.wrong) for outcome in outcomes)
    say("The pack fits in everything that was checked." if not wrong else f"{wrong} things do not fit.")
    return 1 if wrong else 0


@contextmanager
def _opened(pack: Path) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """Unpack, or copy an unpacked pack, into a folder of our own; it goes away at the end."""
    from netaudit.evidence.pack.careful import names_in, unpack
    from netaudit.evidence.pack.seal import read_files

    with tempfile.TemporaryDirectory(prefix="netaudit-verify-") as place:
        folder = Path(place)
        if pack.is_dir():
            files = read_files(pack, names_in(pack))
            _copy(files, folder)
        else:
            files = read_files(folder, unpack(pack, folder))
        yield folder, files


def _copy(files: Mapping[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _seal(files: Mapping[str, bytes], told: str | None) -> "Outcome":
    from netaudit.cli.rederive import Outcome
    from netaudit.evidence.pack.manifest import MANIFEST, sha256
    from netaudit.evidence.pack.seal import seal_faults

    wrong = seal_faults(files)
    if told and not sha256(files.get(MANIFEST, b"")).startswith(told.strip().lower()):
        wrong.append(f"{MANIFEST}: has not the hash that you were told ({told[:64]})")
    return Outcome(tuple(wrong), (), () if wrong else (f"{len(files)} files are as the manifest lists them",))


def _signed(files: Mapping[str, bytes], chosen: Path | None) -> "Iterator[Outcome]":
    from netaudit.cli.rederive import Outcome
    from netaudit.evidence.pack.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE
    from netaudit.evidence.pack.signature import fingerprint, fits, read_public_key

    if SIGNATURE not in files:
        if chosen or PUBLIC_KEY in files:
            yield Outcome((f"{SIGNATURE}: is missing: the pack is not signed",))
        return
    try:
        data = chosen.read_bytes() if chosen else files.get(PUBLIC_KEY, b"")
        key = read_public_key(data, str(chosen or PUBLIC_KEY))
    except (NetauditError, OSError) as error:
        yield Outcome((f"the signature cannot be checked: {error}",))
        return
    if not fits(files.get(MANIFEST, b""), files[SIGNATURE], key):
        yield Outcome((f"{SIGNATURE}: does not fit the manifest and the key",))
    elif chosen:
        yield Outcome((), (), (f"signed with the key {chosen}, fingerprint {fingerprint(key)}",))
    else:
        note = f"signed by a key that came with the pack: compare its fingerprint {fingerprint(key)}, or give --key"
        yield Outcome((), (note,))


def _stamped(files: Mapping[str, bytes], roots: Path | None) -> "Iterator[Outcome]":
    from netaudit.cli.rederive import Outcome
    from netaudit.evidence.pack.manifest import MANIFEST, TIME_STAMP
    from netaudit.evidence.pack.timestamp import check_authority, stamped_at

    if TIME_STAMP not in files:
        if roots:
            yield Outcome((f"{TIME_STAMP}: is missing: the pack has no time stamp",))
        return
    try:
        moment = stamped_at(files[TIME_STAMP], files.get(MANIFEST, b""), TIME_STAMP)
    except NetauditError as error:
        yield Outcome((str(error),))
        return
    if roots is None:
        yield Outcome((), (f"a time stamp says {moment}; who made it was not checked: give --authority",))
    elif why := check_authority(files[TIME_STAMP], files[MANIFEST], roots):
        yield Outcome((f"{TIME_STAMP}: {why}",))
    else:
        yield Outcome((), (), (f"stamped by the authority at {moment}",))


def _derived(folder: Path, files: Mapping[str, bytes], options: argparse.Namespace) -> "Iterator[Outcome]":
    from netaudit.cli.installed_rules import compare_with_installed
    from netaudit.cli.rederive import Outcome, about, rederive
    from netaudit.cli.rederive_redacted import compare_with_complete, rederive_redacted

    try:
        redacted = about(folder).get("redacted")
    except NetauditError as error:
        yield Outcome((str(error),))
        return
    yield compare_with_installed(files)
    say("Making the verdicts again ...")
    yield (rederive_redacted if redacted else rederive)(folder, files)
    if options.complete and not redacted:
        raise UsageError("--complete is for redacted packs, and this one is complete")
    if options.complete:
        with _opened(options.complete) as (complete, sealed):
            yield _seal(sealed, None)
            yield compare_with_complete(files, complete, sealed)
