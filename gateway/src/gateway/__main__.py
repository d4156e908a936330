"""`python -m gateway` serves the policy to Traefik."""

from common.garbage_collection import collect_nothing_at_start

collect_nothing_at_start()

from gateway.main import main  # noqa: E402 - loading it is most of the start

main()
