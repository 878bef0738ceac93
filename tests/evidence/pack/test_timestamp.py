"""RFC 3161 against an authority made with openssl: the question it understands, the answers that prove and disprove."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netaudit.errors import DataError, NetauditError
from netaudit.evidence.pack.timestamp import check_authority, question, stamped_at
from netaudit.notary.ask import ask_time_stamp
from tests.evidence.pack.authority import Authority

LISTED = b"0" * 64 + b"  README.txt\n"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "a")


@contextmanager
def _serving(
    reply: bytes, kind: str = "application/timestamp-reply", status: int = 200
) -> Iterator[tuple[str, list[bytes]]]:
    heard: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tsa", heard
        server.shutdown()
        thread.join()


def test_the_question_holds_the_hash_and_nothing_by_chance(authority: Authority) -> None:
    assert question(LISTED) == question(LISTED)
    (authority.folder / "our.tsq").write_bytes(question(LISTED))
    text = subprocess.run(
        ["openssl", "ts", "-query", "-in", "our.tsq", "-text"],
        cwd=authority.folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Hash Algorithm: sha256" in text
    assert "Nonce: unspecified" in text
    assert "Certificate required: yes" in text


def test_an_answer_is_asked_for_and_checked(authority: Authority) -> None:
    with _serving(authority.answer(question(LISTED))) as (url, heard):
        answer = ask_time_stamp(url, question(LISTED))
    assert heard == [question(LISTED)]
    assert stamped_at(answer, LISTED).year >= 2024
    assert check_authority(answer, LISTED, authority.root) == ""


def test_an_answer_for_another_manifest_is_refused(authority: Authority) -> None:
    answer = authority.answer(question(b"another\n"))
    with pytest.raises(DataError, match="for another manifest"):
        stamped_at(answer, LISTED)
    assert check_authority(answer, LISTED, authority.root)


def test_an_answer_of_another_authority_is_refused(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "b")
    answer = other.answer(question(LISTED))
    assert stamped_at(answer, LISTED)
    assert check_authority(answer, LISTED, authority.root)


@pytest.mark.parametrize("at", [40, 300, -10])
def test_a_changed_answer_is_refused(authority: Authority, at: int) -> None:
    answer = bytearray(authority.answer(question(LISTED)))
    answer[at] ^= 0x55
    try:
        stamped_at(bytes(answer), LISTED)
        wrong = check_authority(bytes(answer), LISTED, authority.root)
    except DataError:
        return
    assert wrong


def test_rubbish_is_named(authority: Authority) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        stamped_at(b"rubbish", LISTED)
    with pytest.raises(NetauditError, match="expected certificates"):
        check_authority(b"", LISTED, authority.folder / "serial")


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [("text/html", 200, "no time stamp authority"), ("x/y", 302, "sends us away"), ("x/y", 500, "by hand|By hand")],
)
def test_whoever_is_no_authority_is_named(kind: str, status: int, words: str) -> None:
    with _serving(b"<html>", kind, status) as (url, _), pytest.raises(NetauditError, match=words):
        ask_time_stamp(url, question(LISTED))


def test_other_schemes_are_not_asked() -> None:
    with pytest.raises(NetauditError, match="no http"):
        ask_time_stamp("file:///etc/passwd", b"")
