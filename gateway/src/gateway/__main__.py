"""`python -m gateway` serves the policy to Traefik."""

from gateway.main import main

main()
