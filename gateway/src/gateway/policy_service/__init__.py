"""The policy as a service that Traefik asks about every request (ForwardAuth)."""
