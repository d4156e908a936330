"""The check that the reserved decisions which figures read are those of the live activities."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import text

from common.composition import Units, session_of

ENDS: Final = frozenset({"deliver", "dispose", "transfer_out"})
_LIVE: Final = text("""
SELECT case_id, court_id, case_type_id, effect, a.id, activity_on, outcome_id
FROM case_activities a
JOIN outcomes o ON o.id = outcome_id JOIN cases c ON c.id = case_id
JOIN case_types t ON t.id = case_type_id
WHERE voided_at IS NULL AND (limited_to = '{}' OR category_id = ANY (limited_to))
ORDER BY case_id, activity_on, seq, a.id
""")
_STORED: Final = text("""
SELECT case_id, court_id, case_type_id, activity_id, reserved_on, ended_on, outcome_id
FROM reserved_decisions
""")


async def decisions_that_differ(core: Units) -> list[str]:
    """Those that are not what plain Python makes of the activities; none."""
    histories = defaultdict(list)
    async with core.view() as view:
        connection = await session_of(view).connection()
        for case_id, court_id, case_type_id, *step in await connection.execute(_LIVE):
            histories[case_id, court_id, case_type_id].append(step)
        stored = Counter(map(tuple, await connection.execute(_STORED)))
    wanted = Counter((*key, *each) for key, steps in histories.items() for each in _reserved(steps))
    return [
        f"decision {row} is {stored[row]} times" for row in (stored - wanted) + (wanted - stored)
    ]


def _reserved(steps: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    waiting = None
    for effect, activity_id, on, outcome_id in steps:
        if effect == "reserve":
            waiting = waiting or (activity_id, on)
        elif effect in ENDS:
            if waiting:
                yield (*waiting, on, outcome_id)
            waiting = None
    if waiting:
        yield (*waiting, None, None)
