"""`python -m devstack` is `masijala`."""

from devstack.cli import app

app()
