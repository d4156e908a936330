"""Which WebSocket handshakes may go on to the policy."""

from ipaddress import ip_network

import pytest

from gateway.policy.addresses import AddressRules
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.refusals import OriginDenied, Refusal, TlsRequired

ALLOWED = b"https://a.example"
KEY = (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")
UPGRADE = (b"upgrade", b"WebSocket")
CLIENT = "192.0.2.7"
PROXY = "10.0.0.1"
RULES = HandshakeRules(Origins([ALLOWED.decode()]), AddressRules((ip_network("10.0.0.0/8"),)))


def fault(
    *headers: tuple[bytes, bytes], peer: str | None = CLIENT, tls: bool = True
) -> type[Refusal] | None:
    found = RULES.fault(HeaderMap(headers), peer, tls=tls)
    return type(found) if found is not None else None


@pytest.mark.parametrize("mark", [KEY, UPGRADE, (b"upgrade", b"h2c, websocket")])
@pytest.mark.parametrize(
    ("origins", "refusal"),
    [
        ((), None),
        ((ALLOWED,), None),
        ((b"https://evil.example",), OriginDenied),
        ((b"null",), OriginDenied),
        ((b"",), OriginDenied),
        ((ALLOWED, ALLOWED), OriginDenied),
        ((ALLOWED, b"https://evil.example"), OriginDenied),
    ],
)
def test_a_page_must_be_of_an_allowed_origin(
    mark: tuple[bytes, bytes], origins: tuple[bytes, ...], refusal: type[Refusal] | None
) -> None:
    assert fault(mark, *((b"origin", each) for each in origins)) is refusal


def test_any_other_request_of_a_foreign_page_is_for_cors_to_judge() -> None:
    assert fault((b"origin", b"https://evil.example"), tls=False) is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "refusal"),
    [
        (CLIENT, None, TlsRequired),
        (CLIENT, b"https", TlsRequired),
        (None, None, TlsRequired),
        (PROXY, None, TlsRequired),
        (PROXY, b"http", TlsRequired),
        (PROXY, b"https", None),
        (PROXY, b"wss", None),
        ("127.0.0.1", None, None),
        ("::1", None, None),
    ],
)
def test_a_handshake_comes_over_tls_or_from_this_machine(
    peer: str | None, forwarded: bytes | None, refusal: type[Refusal] | None
) -> None:
    headers = [KEY] if forwarded is None else [KEY, (b"x-forwarded-proto", forwarded)]
    assert fault(*headers, peer=peer, tls=False) is refusal


def test_a_client_behind_a_proxy_on_this_machine_is_not_on_this_machine() -> None:
    rules = HandshakeRules(RULES.origins, AddressRules((ip_network("127.0.0.0/8"),)))
    headers = HeaderMap([KEY, (b"x-forwarded-for", CLIENT.encode())])
    assert type(rules.fault(headers, "127.0.0.1", tls=False)) is TlsRequired
