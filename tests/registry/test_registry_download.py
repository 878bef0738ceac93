"""Fetching over real TLS on loopback: https only, no other host, nothing cut off or endless; and the whole verb."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netaudit.cli import main
from netaudit.data import data_folder
from netaudit.errors import NetauditError
from netaudit.registry.download import fetch

HEAD = "Registry,Assignment,Organization Name,Organization Address\r\n"


class Answers(BaseHTTPRequestHandler):
    """Serves the shipped tables as the registry does, and some misbehaviour."""

    def do_GET(self) -> None:
        table = self.path.lstrip("/")
        if self.path == "/moved":
            return self._redirect("/mal.csv")
        if self.path == "/away":
            return self._redirect(f"https://127.0.0.2:{self.server.server_port}/mal.csv")  # type: ignore[attr-defined]
        if self.path == "/plain":
            return self._redirect(f"http://127.0.0.1:{self.server.server_port}/mal.csv")  # type: ignore[attr-defined]
        if self.path == "/short":
            return self._body(b"half", promised=9999)
        if self.path == "/tiny":
            return self._body((HEAD + "MA-L,ACCC8E,Axis,x\r\n").encode())
        if not (data_folder("oui_data") / table).is_file():
            return self.send_error(404)
        return self._body(ieee(table))

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self, body: bytes, promised: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(promised or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


class Quiet(ThreadingHTTPServer):
    """A client that refuses the certificate is part of the tests, not a fault to print."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


def ieee(table: str) -> bytes:
    lines = (data_folder("oui_data") / table).read_text(encoding="utf-8").splitlines()[1:]
    return (HEAD + "".join(f"MA-L,{line},somewhere\r\n" for line in lines)).encode()


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "cert.pem").write_bytes(made.public_bytes(encoding))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    http = Quiet(("127.0.0.1", 0), Answers)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield f"https://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_list_comes_whole_also_by_a_redirect_on_the_same_host(server: str) -> None:
    assert fetch(f"{server}/mal.csv", 1 << 26) == fetch(f"{server}/moved", 1 << 26) == ieee("mal.csv")


@pytest.mark.parametrize(
    ("path", "message"),
    [("/away", "sends us away"), ("/plain", "sends us away"), ("/short", "broke off after 4|IncompleteRead"),
     ("/nothing", "404"), ("/mam.csv", "longer than 1000 bytes")],
)  # fmt: skip
def test_anything_else_is_an_error_that_says_what_to_do(server: str, path: str, message: str) -> None:
    with pytest.raises(NetauditError, match=message):
        fetch(server + path, 1000)


def test_a_certificate_that_nobody_vouches_for_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NetauditError, match=r"certificate verify failed.*netaudit oui import"):
        fetch(f"{server}/mal.csv", 1000)


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "file:///etc/hostname", "ftp://127.0.0.1/x", "x"])
def test_nothing_but_https_is_asked(url: str) -> None:
    with pytest.raises(NetauditError, match="no https address"):
        fetch(url, 1000)


def addresses(tmp_path: Path, *urls: tuple[str, str]) -> str:
    rows = "".join(f'[[registry]]\nname = "x"\ntable = "{table}"\nurl = "{url}"\n' for table, url in urls)
    path = tmp_path / "mirror.toml"
    path.write_text("shipped = 2026-10-01\n" + rows, encoding="utf-8")
    return str(path)


def test_update_keeps_a_copy_that_look_ups_use(server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mirror = addresses(tmp_path, *((name, f"{server}/{name}") for name in ("mal.csv", "mam.csv")))
    assert main(["oui", "update", "--yes", "--addresses", mirror]) == 0
    told = capsys.readouterr().err
    assert "fetches 2 public lists by https from 127.0.0.1, outside any written scope" in told
    assert main(["oui", "status"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in rows[1:]] == ["no", "yes"]
    assert main(["oui", "lookup", "44:19:b6:01:02:03"]) == main(["oui", "44:19:b6:01:02:03"]) == 0
    assert "hikvision" in capsys.readouterr().out


def test_update_asks_first(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    mirror = addresses(tmp_path, ("mal.csv", f"{server}/mal.csv"))
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert main(["oui", "update", "--addresses", mirror]) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["oui", "update", "--addresses", mirror]) == 2
    assert "nobody is there to agree" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_tiny_list_is_refused(server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oui", "update", "--yes", "--addresses", addresses(tmp_path, ("mal.csv", f"{server}/tiny"))]) == 2
    assert "mal.csv would have 1 blocks" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("url", "table", "message"),
    [("http://127.0.0.1/x", "mal.csv", "an https address"), ("https://127.0.0.1/x", "other.csv", "one of mal.csv")],
)
def test_a_wrong_address_file_is_named_with_its_line(
    tmp_path: Path, url: str, table: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["oui", "update", "--yes", "--addresses", addresses(tmp_path, (table, url))]) == 2
    assert f"mirror.toml:{5 if table == 'mal.csv' else 4}: " in (told := capsys.readouterr().err)
    assert message in told


def test_import_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "oui.csv"
    path.write_bytes(ieee("mal.csv") + b"MA-L,0C0FFE,Brand New Cameras Ltd,x\r\n")
    assert main(["oui", "import", str(path), "--date", "2026-11-20"]) == 0
    assert main(["oui", "0c:0f:fe:00:00:01"]) == 0
    assert "Brand New Cameras Ltd" in capsys.readouterr().out
    assert main(["oui", "import", str(path), "--date", "2020-01-01"]) == 0
    assert "are newer (2026-10-01) and stay in use" in capsys.readouterr().err
    assert main(["oui", "0c:0f:fe:00:00:01"]) == 1
    assert main(["oui", "import", str(tmp_path / "none.csv")]) == 2
    assert main(["oui", "import"]) == main(["oui", "status", "x"]) == 2
