"""TLS as Traefik speaks it with clients."""

from typing import Any, Final

from gateway.settings import GatewaySettings

# For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325, 4.2). 1.3 has no others.
CIPHERS: Final = [
    f"TLS_ECDHE_{signature}_WITH_{cipher}"
    for signature in ("ECDSA", "RSA")
    for cipher in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")
]


def tls(settings: GatewaySettings) -> dict[str, Any]:
    """Versions, ciphers, and the certificate where there is one."""
    options: dict[str, Any] = {"minVersion": "VersionTLS12", "cipherSuites": CIPHERS}
    found: dict[str, Any] = {"options": {"default": options}}
    if settings.https_certificate is None:
        return found
    files: dict[str, Any] = {
        "certFile": str(settings.https_certificate),
        "keyFile": str(settings.https_key),
    }
    return found | {"certificates": [files], "stores": {"default": {"defaultCertificate": files}}}
