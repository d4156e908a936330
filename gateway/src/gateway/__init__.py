"""Masijala gateway: the policy, and the configuration of Traefik, which asks it."""
