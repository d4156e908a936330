"""`python -m core_service.worker` runs background jobs until a signal."""

from common.garbage_collection import collect_nothing_at_start

collect_nothing_at_start()

from core_service.worker.loop import main  # noqa: E402 - loading it is most of the start

main()
