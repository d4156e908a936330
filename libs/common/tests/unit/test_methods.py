"""`Allow` is the truth about a path, whichever of its routes comes first."""

import httpx
import pytest

PATHS = [
    ("/notes", "OPTIONS, POST"),
    ("/things", "GET, HEAD, OPTIONS"),
    ("/things/a", "GET, HEAD, OPTIONS, PATCH"),  # of two routers
    ("/things/new", "GET, HEAD, OPTIONS, PATCH, POST"),  # of a name and of a template
    ("/livez", "GET, HEAD, OPTIONS"),
]


@pytest.mark.parametrize(("path", "allowed"), PATHS)
async def test_a_405_names_all_that_the_path_takes(
    client: httpx.AsyncClient, anonymous: dict[str, str], path: str, allowed: str
) -> None:
    for method in ("DELETE", "PROPFIND", "TRACE"):
        answer = await client.request(method, path, headers=anonymous)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.json()["code"] == "method-not-allowed"


@pytest.mark.parametrize(("path", "allowed"), PATHS)
async def test_options_says_what_the_path_takes(
    client: httpx.AsyncClient, anonymous: dict[str, str], path: str, allowed: str
) -> None:
    answer = await client.options(path, headers=anonymous)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == allowed


async def test_options_refuses_unauthenticated_callers_and_unknown_paths(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    assert (await client.options("/things")).status_code == 401
    assert (await client.options("/nowhere", headers=anonymous)).status_code == 404


async def test_every_method_that_is_named_is_taken(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    for path, _ in PATHS:
        allowed = (await client.options(path, headers=anonymous)).headers["allow"]
        for method in allowed.split(", "):
            answer = await client.request(method, path, headers=anonymous)
            assert answer.status_code != 405, (method, path)
