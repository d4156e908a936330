"""Writes Traefik's files from the gateway's settings, so that both edges have one configuration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.settings import GatewaySettings
from gateway.traefik.middlewares import middlewares
from gateway.traefik.routers import routers
from gateway.traefik.services import servers_transports, services
from gateway.traefik.static import static
from gateway.traefik.tls import tls
from gateway.traefik.yaml_text import Node, to_yaml

HEAD: Final = "# Written by `gateway render-traefik`; change the gateway's settings instead.\n"
INSTALLED: Final = "/etc/traefik"


def render(settings: GatewaySettings, installed: str = INSTALLED) -> dict[str, str]:
    """The files' contents by their names; `installed` is where Traefik will find them."""
    files: dict[str, dict[str, Node]] = {
        "traefik.yml": static(settings, f"{installed}/dynamic"),
        "dynamic/routers.yml": {"http": {"routers": routers(settings)}},
        "dynamic/middlewares.yml": {"http": {"middlewares": middlewares(settings)}},
        "dynamic/services.yml": {
            "http": {
                "services": services(settings),
                "serversTransports": servers_transports(settings),
            }
        },
        "dynamic/tls.yml": {"tls": tls(settings)},
    }
    return {name: HEAD + to_yaml(content) for name, content in files.items()}


def write_configuration(settings: GatewaySettings, directory: Path) -> Iterator[Path]:
    """Write the files below `directory`, which is also where Traefik is to find them."""
    for name, content in render(settings, str(directory.absolute())).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        yield path
