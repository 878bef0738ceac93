"""A time stamp authority of our own, made with openssl: one root, one signer, answers to questions."""

import subprocess
from pathlib import Path

_CONFIG = """\
[tsa]
default_tsa = t
[t]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """Keys and certificates in a folder. `root`: the certificate (PEM) that readers trust."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "conf").write_text(_CONFIG.format(folder=folder))
        new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run(*new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-subj", "/CN=Test root")
        self._run(*new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test time stamps")
        self._run(
            "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-out", "tsa.pem", "-days", "30", "-extfile", "conf", "-extensions", "stamp",
        )  # fmt: skip

    def answer(self, question: bytes) -> bytes:
        """Return the time stamp answer (DER) to a question (DER)."""
        (self.folder / "q.tsq").write_bytes(question)
        self._run(
            "ts", "-reply", "-queryfile", "q.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "root.pem",
            "-config", "conf", "-out", "a.tsr",
        )  # fmt: skip
        return (self.folder / "a.tsr").read_bytes()

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
