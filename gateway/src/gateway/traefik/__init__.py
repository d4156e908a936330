"""Traefik as the edge: its configuration, rendered from the gateway's own settings."""
