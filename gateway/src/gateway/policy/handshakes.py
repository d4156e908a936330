"""Who may open a WebSocket, and over what; the rest of the verdict is the policy's, as for any GET.

No browser asks for permission before a handshake as CORS would, and none hides the answer from the
page: so a page that may not read our answers is refused here (RFC 6455, 10.2).
"""

from dataclasses import dataclass
from typing import Final

from gateway.policy.addresses import AddressRules
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.refusals import OriginDenied, Refusal, TlsRequired

_PROTECTED: Final = frozenset({b"https", b"wss"})


def is_forwarded_tls(headers: HeaderMap) -> bool:
    """Whether `X-Forwarded-Proto` says TLS; whether to trust it depends on the sender."""
    return headers.only(b"x-forwarded-proto") in _PROTECTED


def is_handshake(headers: HeaderMap) -> bool:
    """Whether a WebSocket is asked for; Traefik's question to the policy has no `Upgrade`."""
    if headers.all(b"sec-websocket-key"):
        return True
    return b"websocket" in b",".join(headers.all(b"upgrade")).lower()


@dataclass(frozen=True, slots=True)
class HandshakeRules:
    """What a handshake must fulfil in addition to what the policy demands of every request."""

    origins: Origins
    addresses: AddressRules

    def fault(self, headers: HeaderMap, peer: str | None, *, tls: bool) -> Refusal | None:
        """Why this handshake may not go on; None for any other request.

        `tls` says how the request came to the edge; a trusted proxy is believed about the way
        before. From the same machine TLS is not required.
        """
        if not is_handshake(headers):
            return None
        origins = headers.all(b"origin")
        if origins and not (len(origins) == 1 and self.origins.allows(origins[0])):
            return OriginDenied()
        if tls or (is_forwarded_tls(headers) and self.addresses.vouches(peer)):
            return None
        client = self.addresses.locate(peer, headers.all(b"x-forwarded-for"))
        return None if client.is_loopback else TlsRequired()
