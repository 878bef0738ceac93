"""The log: append-only, chained, whole after a crash at any byte."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from netaudit.errors import DataError, UsageError
from netaudit.evidence.log import (
    ATTEMPTS,
    CHAIN,
    OBSERVATIONS,
    RunLog,
    first_link,
    read_attempts,
    read_observations,
    verify_chain,
)
from netaudit.evidence.observation import Observation, observe

SCOPE = b"[authorisation]\n"


def mac(number: int) -> Observation:
    fields = {"mac": f"44:19:b6:00:00:{number:02x}"}
    return observe("link.mac", "2026-11-23T10:00:00.000Z", {"ip": f"192.0.2.{number}"}, fields=fields)


def filled(folder: Path, count: int = 5) -> None:
    with RunLog.create(folder, SCOPE) as log:
        for number in range(count):
            assert log.observation(mac(number))
            log.attempt({"probe": "arp", "target": f"192.0.2.{number}", "status": "answered"})


def test_what_was_written_is_read_in_order(tmp_path: Path) -> None:
    filled(tmp_path)
    assert list(read_observations(tmp_path / OBSERVATIONS)) == [mac(number) for number in range(5)]
    assert [record["target"] for record in read_attempts(tmp_path / ATTEMPTS)] == [f"192.0.2.{n}" for n in range(5)]


def test_the_same_evidence_is_kept_once(tmp_path: Path) -> None:
    with RunLog.create(tmp_path, SCOPE) as log:
        later = observe("link.mac", "2026-11-23T11:00:00.000Z", mac(1).target, fields=mac(1).fields)
        assert log.observation(mac(1))
        assert not log.observation(later)
    assert len(list(read_observations(tmp_path / OBSERVATIONS))) == 1


def test_the_chain_starts_with_the_authorisation_and_ends_with_the_head(tmp_path: Path) -> None:
    with RunLog.create(tmp_path, SCOPE) as log:
        assert log.head == first_link(SCOPE)
        log.observation(mac(1))
        head = log.head
    assert verify_chain(tmp_path) == head


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_log_cut_at_any_byte_resumes_with_its_whole_lines(tmp_path: Path, cut: int) -> None:
    filled(tmp_path)
    path = tmp_path / OBSERVATIONS
    keep = path.stat().st_size - cut
    os.truncate(path, keep)
    whole = path.read_bytes().count(b"\n")
    links = (tmp_path / CHAIN).read_bytes().splitlines(keepends=True)
    (tmp_path / CHAIN).write_bytes(b"".join(links[:whole]))
    with RunLog.resume(tmp_path, SCOPE) as log:
        assert [item.id for item in log.observations] == [mac(number).id for number in range(whole)]
        log.observation(mac(99))
    assert len(list(read_observations(path))) == whole + 1
    verify_chain(tmp_path)


def test_lines_that_lost_their_link_are_linked_again_and_counted(tmp_path: Path) -> None:
    filled(tmp_path)
    links = (tmp_path / CHAIN).read_bytes().splitlines(keepends=True)
    (tmp_path / CHAIN).write_bytes(b"".join(links[:3]) + links[3][:10])
    with RunLog.resume(tmp_path, SCOPE) as log:
        assert log.relinked == 2
    verify_chain(tmp_path)


def test_a_changed_line_breaks_the_chain_at_its_number(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / OBSERVATIONS
    path.write_bytes(path.read_bytes().replace(b"44:19:b6:00:00:02", b"3c:ef:8c:00:00:02"))
    with pytest.raises(DataError, match=rf"{OBSERVATIONS}:3: does not fit the hash chain"):
        verify_chain(tmp_path)
    with pytest.raises(DataError, match=rf"{OBSERVATIONS}:3"):
        RunLog.resume(tmp_path, SCOPE)


def test_a_removed_line_breaks_the_chain(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / OBSERVATIONS
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataError, match="does not fit the hash chain"):
        verify_chain(tmp_path)


def test_another_scope_or_no_run_cannot_be_resumed(tmp_path: Path) -> None:
    filled(tmp_path / "run")
    with pytest.raises(UsageError, match="the scope differs"):
        RunLog.resume(tmp_path / "run", SCOPE + b"# wider\n")
    with pytest.raises(UsageError, match="no run to resume"):
        RunLog.resume(tmp_path / "nothing", SCOPE)
    with pytest.raises(UsageError, match="already holds a run"):
        RunLog.create(tmp_path / "run", SCOPE)


def test_two_writers_are_refused(tmp_path: Path) -> None:
    with RunLog.create(tmp_path, SCOPE), pytest.raises(UsageError, match="another run"):
        RunLog.resume(tmp_path, SCOPE)


def write_many(log: RunLog) -> None:
    for number in range(100):
        log.observation(mac(number))


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    """The file size limit stands in for a full disk: the kernel refuses the write in the middle of a line."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = RunLog.create(tmp_path, SCOPE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(OSError, match="too large"):
            write_many(log)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
        log.close()
    kept = list(read_observations(tmp_path / OBSERVATIONS))
    assert kept == [mac(number) for number in range(len(kept))]
    with RunLog.resume(tmp_path, SCOPE) as again:
        assert len(again.observations) == len(kept) > 0


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import pathlib
        from netaudit.evidence.log import RunLog
        from netaudit.evidence.observation import observe
        log = RunLog.create(pathlib.Path({str(tmp_path)!r}), {SCOPE!r})
        number = 0
        while True:
            number += 1
            log.observation(observe("link.mac", "t", {{}}, fields={{"mac": str(number)}}))
            print(number, flush=True)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = 0
        for line in child.stdout:
            acknowledged = int(line)
            if acknowledged == 500:
                child.kill()
                break
    with RunLog.resume(tmp_path, SCOPE) as log:
        assert len(log.observations) >= acknowledged
    verify_chain(tmp_path)
