"""Metrics of imports: rows by result, and how long batches have made no progress."""

import psycopg
from prometheus_client import REGISTRY

from common.composition import Units
from common.sampling import Sampler
from testkit.core.returns import ReturnsClient


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_rows_of_an_import_are_counted_once_it_has_ended(returns: ReturnsClient) -> None:
    new = value("core_import_rows_total", result="NEW")
    rejected = value("core_import_rows_total", result="REJECTED")
    partial = value("core_import_batches_ended_total", state="partial")
    await returns.bring({}, {"date_dd": "31"})
    assert value("core_import_rows_total", result="NEW") == new + 1
    assert value("core_import_rows_total", result="REJECTED") == rejected + 1
    assert value("core_import_batches_ended_total", state="partial") == partial + 1


async def test_a_batch_without_progress_shows_for_how_long(
    returns: ReturnsClient, core: Units, database_url: str
) -> None:
    batch = await returns.bring({})
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE import_batches SET state = 'applying', updated_at = now() - interval '90 s'"
            " WHERE id = %s",
            [batch["id"]],
        )
    await core.get(Sampler).run()
    assert value("core_import_batches", state="applying") == 1
    assert 90 <= value("core_import_batches_oldest_seconds", state="applying") < 120
    assert value("core_import_batches", state="uploaded") == 0
    assert value("core_caseload_unfolded_rows") > 0
