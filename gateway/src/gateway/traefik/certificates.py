"""Certificates of this machine's own: for TLS between Traefik and the policy, and for trying HTTPS.

The authority signs once and its key is not stored: nothing else can be signed in its name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import trustme

VALID: Final = timedelta(days=825)  # the longest that all browsers accept


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path

    @property
    def exists(self) -> bool:
        return self.certificate.exists() and self.key.exists()


def make_pair(authority: Path, pair: Pair, names: tuple[str, ...]) -> None:
    """Write a certificate for `names` (hosts and addresses), and its authority's certificate."""
    signer = trustme.CA(organization_name="Masijala local authority")
    issued = signer.issue_cert(*names, common_name=names[0], not_after=datetime.now(UTC) + VALID)
    pair.key.parent.mkdir(parents=True, exist_ok=True)
    pair.key.touch(mode=0o600)
    pair.key.write_bytes(issued.private_key_pem.bytes())
    pair.certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    authority.write_bytes(signer.cert_pem.bytes())
