"""HEAD and 304 under the real server: one connection serves the next request as well."""

import httpx
from fastapi import FastAPI

from testkit.serving import serving


async def test_answers_without_a_body_leave_their_connection_usable(
    app: FastAPI, anonymous: dict[str, str]
) -> None:
    only_one = httpx.Limits(max_connections=1)
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=anonymous, limits=only_one) as client,
    ):
        whole = await client.get("/things/a")
        socket = whole.extensions["network_stream"].get_extra_info("client_addr")
        held = {"If-None-Match": whole.headers["etag"]}
        for method, path, headers, status in (
            ("HEAD", "/things/a", {}, 200),
            ("GET", "/things/a", held, 304),
            ("HEAD", "/things/a", held, 304),
            ("HEAD", "/things/a/lines", {}, 200),
            ("HEAD", "/nowhere", {}, 404),
            ("OPTIONS", "/things/a", {}, 204),
            ("GET", "/things/a/lines", {}, 200),
        ):
            answer = await client.request(method, path, headers=headers)
            assert answer.status_code == status
            assert answer.content == (b"a\n" * 3 if status == 200 and method == "GET" else b"")
            used = answer.extensions["network_stream"].get_extra_info("client_addr")
            assert used == socket, (method, path)
        assert (await client.get("/things/a")).content == whole.content
