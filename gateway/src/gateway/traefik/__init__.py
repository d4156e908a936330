"""Traefik's configuration, rendered from the gateway's own settings."""
