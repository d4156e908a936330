"""Every GET of the API: caching headers, HEAD, and 304 for a matching ETag."""

from testkit.core.calls import FORMATS, Call, Operation, call
from testkit.core.scene import OPEN
from testkit.core.stage import Stage

NEVER_STORED = {
    "GET /registry-audit-events",
    # Streams, whose length and digest are known at their end.
    *("GET /exports/cases", "GET /exports/activities"),
    *(f"GET /imports/{{batch_id}}/{each}" for each in ("events", "rows.csv", "issues.csv")),
}


async def test_every_get_has_head_and_caching_headers(
    stage: Stage, every_operation: list[Operation]
) -> None:
    wrong = []
    for operation in every_operation:
        if not operation.writes:
            made = call(operation, stage.scene, stage.scene.subjects[OPEN])
            for params in ({}, *FORMATS.get(operation.name, ())):
                options = made.options | {"params": made.options.get("params", {}) | params}
                wrong += await _faults(stage, operation, Call("GET", made.path, options))
    assert wrong == []


async def _faults(stage: Stage, operation: Operation, made: Call) -> list[str]:
    named = {"X-Request-ID": "reading-1"}
    whole = await stage.reader.call("GET", made.path, headers=dict(named), **made.options)
    head = await stage.reader.call("HEAD", made.path, headers=dict(named), **made.options)
    tag = whole.headers.get("etag", "*")
    held = {"If-None-Match": tag}
    again = await stage.reader.call("GET", made.path, headers=held, **made.options)
    stored = operation.name not in NEVER_STORED
    rules = {
        "is found": whole.status_code == 200,
        "has the right Cache-Control": whole.headers.get_list("cache-control")
        == ["private, no-cache" if stored else "no-store"],
        "is not sniffed": whole.headers["x-content-type-options"] == "nosniff",
        "has an ETag when it may be stored": ("etag" in whole.headers) == stored,
        "is the same by HEAD": dict(head.headers) == dict(whole.headers) and head.content == b"",
        "is not sent again": again.status_code == (304 if stored else 200),
    }
    return [
        f"{operation.name} {made.options['params']}: {rule}" for rule in rules if not rules[rule]
    ]
