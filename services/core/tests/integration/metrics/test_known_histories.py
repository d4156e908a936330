"""As known at each moment of a random history, every figure comes out again to the last byte."""

from random import Random
from typing import Any, Final

import pytest

from common.clock import FrozenClock
from common.composition import Units
from core_service.metrics.catalogue import BY_NAME
from core_service.metrics.folding import CaseloadFolding
from testkit.core.api import Api
from testkit.core.histories import History

PERIOD: Final = {"from": "2023-03-15", "to": "2025-12-31"}
GROUPS: Final = ("court,category", "court_type,judge", "case_type")


async def answers(admin: Api, known_on: str) -> dict[str, bytes]:
    """All figures by each group. What is sealed leaves `oldest` at once, whatever was known."""
    found: dict[str, Any] = {}
    for name in BY_NAME:
        for group_by in ("court",) if name == "quality" else GROUPS:
            params = {"group_by": group_by, "known_on": known_on, **PERIOD}
            answer = await admin.get(f"/metrics/{name}", **params)
            assert answer.status_code == 200, answer.text
            found[f"{name} by {group_by}"] = answer.json() | {"oldest": None}
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [11, 12])
async def test_what_was_known_comes_out_again_whatever_happens_later(
    core: Units, admin: Api, clock: FrozenClock, seed: int
) -> None:
    history = History(core, admin, clock, Random(seed))  # noqa: S311 - repeatable
    then: dict[str, dict[str, bytes]] = {}
    for _ in range(3):
        await history.go_on(cases=6, changes=14)
        await history.change_reference()
        clock.advance(hours=1)
        moment = clock.now().isoformat()
        then[moment] = await answers(admin, moment)
        clock.advance(hours=1)
    await core.get(CaseloadFolding).fold()
    assert len({str(each) for each in then.values()}) == len(then), "nothing has happened"
    for moment, known in then.items():
        again = await answers(admin, moment)
        assert {name for name in known if again[name] != known[name]} == set()
