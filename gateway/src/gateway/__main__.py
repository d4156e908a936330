"""`python -m gateway` serves the embedded edge."""

from common.settings import load_settings
from gateway.server import run
from gateway.settings import GatewaySettings

if __name__ == "__main__":
    run(load_settings(GatewaySettings))
