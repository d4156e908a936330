"""`python -m auth_service` serves."""

from common.garbage_collection import collect_nothing_at_start

collect_nothing_at_start()

from auth_service.main import main  # noqa: E402 - loading it is most of the start

main()
