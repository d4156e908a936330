"""The policy as a service of its own, for edges that ask it over HTTP (Traefik's ForwardAuth)."""
