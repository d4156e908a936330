"""A start makes no garbage; what comes after it does."""

import gc

from common.garbage_collection import collect_nothing_at_start, freeze_after_start


def test_garbage_is_collected_again_after_the_start() -> None:
    try:
        collect_nothing_at_start()
        assert not gc.isenabled()
        freeze_after_start()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.enable()
