"""A benchmark's registry is used again only when it matches the request."""

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from bench import registry_filling
from bench.generate import Size
from bench.registry_filling import fill

SIZE = Size(cases=30, activities=150, courts=20)


@pytest.fixture(autouse=True)
def commit_generator(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the generator's commit; here the checkout does not count."""

    def set_commit(commit: str) -> None:
        monkeypatch.setattr(registry_filling, "commit", lambda *_: commit)

    set_commit("c0ffee1")
    return set_commit


def delete_a_case(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM cases WHERE id = (SELECT min(id::text)::uuid FROM cases)")


def test_the_stored_size_is_reported_rather_than_the_requested_one(url: str) -> None:
    fill(url, SIZE)
    delete_a_case(url)
    again = fill(url, SIZE)
    assert again["size"]["cases"] == SIZE.cases - 1
    assert again["size"]["seed"] == SIZE.seed
    assert again["generator"] == "c0ffee1"


def test_a_registry_of_another_size_is_refused(url: str) -> None:
    fill(url, SIZE)
    with pytest.raises(RuntimeError, match="filled otherwise"):
        fill(url, replace(SIZE, cases=20))


def test_a_registry_of_another_generator_is_refused(
    url: str, commit_generator: Callable[[str], None]
) -> None:
    fill(url, SIZE)
    commit_generator("c0ffee2")
    with pytest.raises(RuntimeError, match="filled otherwise"):
        fill(url, SIZE)


def test_a_registry_of_a_generator_that_no_commit_names_is_refused(
    url: str, commit_generator: Callable[[str], None]
) -> None:
    commit_generator("c0ffee1-dirty")
    assert fill(url, SIZE)["generator"] == "c0ffee1-dirty"
    with pytest.raises(RuntimeError, match="no commit names"):
        fill(url, SIZE)


def test_cases_of_unknown_origin_are_refused(url: str) -> None:
    fill(url, SIZE)
    with psycopg.connect(url) as connection:
        name = connection.info.dbname
        connection.execute(f'COMMENT ON DATABASE "{name}" IS NULL'.encode())
    with pytest.raises(RuntimeError, match="unknown origin"):
        fill(url, SIZE)
