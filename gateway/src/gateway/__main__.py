"""`python -m gateway` serves the embedded edge."""

from gateway.server import run
from gateway.settings import GatewaySettings

if __name__ == "__main__":
    run(GatewaySettings())
