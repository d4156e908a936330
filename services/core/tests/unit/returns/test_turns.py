"""How large a turn is."""

from core_service.returns.turns import SHARED_ROWS, Turns


async def test_a_batch_alone_takes_whole_chunks_and_among_others_smaller_ones() -> None:
    turns = Turns()
    async with turns.among_others():
        assert turns.rows(4000) == 4000
        async with turns.among_others():
            assert turns.rows(4000) == SHARED_ROWS
            assert turns.rows(2) == 2
        assert turns.rows(4000) == 4000
