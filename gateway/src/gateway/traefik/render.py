"""Writes Traefik's files from the gateway's settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from gateway.settings import GatewaySettings
from gateway.traefik.middlewares import middlewares
from gateway.traefik.routers import routers
from gateway.traefik.services import Servers, servers_of, servers_transports, services
from gateway.traefik.static import static

HEAD: Final = "# Written by `gateway render-traefik`; change the gateway's settings instead.\n"
INSTALLED: Final = "/etc/traefik"


class _Dumper(yaml.SafeDumper):
    """Writes a list that is used twice out twice: an alias would only puzzle a reader."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never use one."""
        return True


# For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325, 4.2). 1.3 has no others.
CIPHERS: Final = [
    f"TLS_ECDHE_{signature}_WITH_{cipher}"
    for signature in ("ECDSA", "RSA")
    for cipher in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")
]


def render(
    settings: GatewaySettings, servers: Servers | None = None, installed: str = INSTALLED
) -> dict[str, str]:
    """The files' contents by their names; `installed` is where Traefik will find them."""
    files: Mapping[str, Any] = {
        "traefik.yml": static(settings, f"{installed}/dynamic"),
        "dynamic/routers.yml": {"http": {"routers": routers(settings)}},
        "dynamic/middlewares.yml": {"http": {"middlewares": middlewares(settings)}},
        "dynamic/services.yml": {
            "http": {
                "services": services(settings, servers or servers_of(settings)),
                "serversTransports": servers_transports(settings),
            }
        },
        "dynamic/tls.yml": {"tls": _tls(settings)},
    }
    return {name: HEAD + _text(content) for name, content in files.items()}


def _text(content: Mapping[str, Any]) -> str:
    # Short lists and mappings on one line each.
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=1000)


def write_configuration(
    settings: GatewaySettings, directory: Path, servers: Servers | None = None
) -> Iterator[Path]:
    """Write the files that have changed below `directory`, where Traefik is to find them."""
    for name, content in render(settings, servers, str(directory.absolute())).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_text() == content:
            continue
        # Atomic: Traefik, which watches, never reads half a file.
        partial = path.with_suffix(".partial")
        partial.write_text(content)
        partial.replace(path)
        yield path


def _tls(settings: GatewaySettings) -> dict[str, Any]:
    """TLS with clients: versions, ciphers, and the certificate where there is one."""
    options: dict[str, Any] = {"minVersion": "VersionTLS12", "cipherSuites": CIPHERS}
    found: dict[str, Any] = {"options": {"default": options}}
    if settings.https_certificate is None:
        return found
    files: dict[str, Any] = {
        "certFile": str(settings.https_certificate),
        "keyFile": str(settings.https_key),
    }
    return found | {"certificates": [files], "stores": {"default": {"defaultCertificate": files}}}
