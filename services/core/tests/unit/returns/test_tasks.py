"""What the worker runs by itself."""

from procrastinate import App
from procrastinate.testing import InMemoryConnector

from core_service.returns import tasks


def test_files_are_deleted_every_hour_and_only_a_schedule_says_so() -> None:
    jobs = App(connector=InMemoryConnector())
    tasks.register(jobs)
    assert jobs.periodic_registry.periodic_tasks == {}

    tasks.schedule(jobs)

    (hourly,) = jobs.periodic_registry.periodic_tasks.values()
    assert (hourly.task.name, hourly.cron) == ("returns:delete-files", "23 * * * *")
