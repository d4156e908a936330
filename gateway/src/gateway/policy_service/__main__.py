"""`python -m gateway.policy_service` serves the policy to Traefik."""

from common.settings import load_settings
from gateway.policy_service.server import run
from gateway.settings import GatewaySettings

if __name__ == "__main__":
    run(load_settings(GatewaySettings))
