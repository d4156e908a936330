"""Certificates of this machine's own: for TLS between Traefik and the policy, and for trying HTTPS.

Without a file for its key an authority signs once: nothing else can be signed in its name. Compose
stores the key where `setup` alone reads it, so that a renewed certificate needs no new authority.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import trustme
from cryptography.x509 import (
    DNSName,
    IPAddress,
    NameOID,
    SubjectAlternativeName,
    load_pem_x509_certificate,
)

ORGANISATION: Final = "Masijala local authority"
RENEWAL: Final = timedelta(days=30)  # before the end
VALID: Final = timedelta(days=825)  # the longest that all browsers accept


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path

    @property
    def exists(self) -> bool:
        return self.certificate.exists() and self.key.exists()


def make_pair(
    authority: Path,
    pair: Pair,
    names: tuple[str, ...],
    *,
    signing_key: Path | None = None,
    now: datetime | None = None,
) -> None:
    """Write a certificate for `names` (hosts and addresses), and its authority's certificate.

    With `signing_key` the authority is the one whose key and certificate are in the files, or a new
    one, which is stored there.
    """
    signer = _authority(authority, signing_key)
    ends = (now or datetime.now(UTC)) + VALID
    issued = signer.issue_cert(*names, common_name=names[0], not_after=ends)
    pair.key.parent.mkdir(parents=True, exist_ok=True)
    pair.key.touch(mode=0o600)
    pair.key.write_bytes(issued.private_key_pem.bytes())
    pair.certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    authority.write_bytes(signer.cert_pem.bytes())


def is_due(certificate: Path, names: tuple[str, ...], now: datetime) -> bool:
    """Whether there is none, or one of ours that ends soon or is for other names."""
    if not certificate.exists():
        return True
    shown = load_pem_x509_certificate(certificate.read_bytes())
    issuers = shown.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    if not any(str(each.value).startswith(ORGANISATION) for each in issuers):
        return False  # an operator's own
    named = shown.extensions.get_extension_for_class(SubjectAlternativeName).value
    hosts = {*named.get_values_for_type(DNSName)}
    hosts |= {str(address) for address in named.get_values_for_type(IPAddress)}
    return shown.not_valid_after_utc - now < RENEWAL or hosts != set(names)


def _authority(certificate: Path, key: Path | None) -> trustme.CA:
    if key is not None and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    made = trustme.CA(organization_name=ORGANISATION)
    if key is not None:
        key.touch(mode=0o600)
        key.write_bytes(made.private_key_pem.bytes())
    return made
