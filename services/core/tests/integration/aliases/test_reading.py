"""Who reads which spellings, and where they were first seen."""

from typing import Any

import pytest
from sqlalchemy import text

from common.composition import Units
from common.identity import Grant, Principal, Role
from common.ids import uuid7
from core_service.aliases.reading import AliasReading, OriginConditions
from core_service.aliases.repository import AliasRepository
from core_service.aliases.suggestions import AliasSuggestions
from core_service.returns.alias_origins import alias_origins
from testkit.core.api import Api
from testkit.core.registry import AMINA, DEMOVILLE, TESTVILLE
from testkit.core.returns import ReturnsClient
from testkit.core.tokens import Issuer

MARKER = "Minor, Named In A Cell"


@pytest.fixture
async def batch(core: Units, clerk: Api) -> dict[str, Any]:
    """A file of Testville with a cell that no other court may read."""
    return await ReturnsClient(core, clerk).bring({"judge_1": MARKER})


async def pending(admin: Api) -> dict[str, Any]:
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    found: dict[str, Any] = alias
    return found


def first_row(alias: dict[str, Any]) -> tuple[Any, Any]:
    return alias["first_seen_batch_id"], alias["first_seen_row_no"]


async def test_a_pending_spelling_is_shown_to_callers_who_may_decide_or_propose_on_its_rows(
    core: Units, api: Api, issuer: Issuer, admin: Api, clerk: Api, batch: dict[str, Any]
) -> None:
    alias = await pending(admin)
    scopes = ("registry:read", "registry:read registry:write")
    services = [api.bearer(issuer.token(api.clock, scope=scope)) for scope in scopes]
    colleague, here = api.user(Role.DATA_ENTRY, TESTVILLE), api.user(Role.ADMIN, TESTVILLE)
    elsewhere = [api.user(role, DEMOVILLE) for role in (Role.ADMIN, Role.DATA_ENTRY)]
    viewers = [api.user(Role.VIEWER), api.user(Role.VIEWER, TESTVILLE)]

    for caller in (admin, clerk, colleague, here):
        (item,) = (await caller.get("/aliases", state="pending")).json()["items"]
        assert (item["id"], item["raw"]) == (alias["id"], MARKER)
        assert first_row(item) == (batch["id"], 1)
    for caller in (*elsewhere, *viewers, *services):
        answer = await caller.get("/aliases", limit="200", count="exact")
        assert answer.status_code == 200, answer.text
        assert (answer.json()["items"], answer.json()["total"]) == ([], 0)

    await ReturnsClient(core, elsewhere[1]).bring({"court": "Demoville", "judge_1": MARKER})
    for caller in elsewhere:
        (item,) = (await caller.get("/aliases", state="pending")).json()["items"]
        # The spelling is in a row of their court; it was first seen in a row of another.
        assert (item["id"], first_row(item)) == (alias["id"], (None, None))


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("decision", ["accept", "reject"])
async def test_every_reader_sees_a_decided_spelling_but_not_its_first_row(
    api: Api, issuer: Issuer, admin: Api, clerk: Api, viewer: Api, decision: str
) -> None:
    alias = await pending(admin)
    body = {"target_id": str(AMINA)} if decision == "accept" else None
    answer = await admin.post(f"/aliases/{alias['id']}/{decision}", body)
    assert first_row(answer.json()) == first_row(alias) != (None, None)
    service = api.bearer(issuer.token(api.clock, scope="registry:read"))

    for caller, known in ((admin, True), (clerk, True), (viewer, False), (service, False)):
        items = (await caller.get("/aliases", limit="200")).json()["items"]
        (item,) = [each for each in items if each["id"] == alias["id"]]
        assert item["raw"] == MARKER
        assert first_row(item) == (first_row(alias) if known else (None, None))


@pytest.mark.usefixtures("batch")
async def test_an_unreadable_spelling_can_be_neither_decided_nor_proposed(
    api: Api, admin: Api
) -> None:
    alias, absent = await pending(admin), "01941f29-7c00-7000-8000-000000000000"
    body = {"target_id": str(AMINA)}

    for caller in (api.user(Role.ADMIN, DEMOVILLE), api.user(Role.DATA_ENTRY, DEMOVILLE)):
        for road, sent in (
            ("accept", body),
            ("accept", body | {"court_id": str(DEMOVILLE)}),
            ("reject", None),
        ):
            hidden = await caller.post(f"/aliases/{alias['id']}/{road}", sent)
            missing = await caller.post(f"/aliases/{absent}/{road}", sent)
            assert (hidden.status_code, hidden.json()["code"]) == (404, "alias-not-found")
            both = [each.json() | {"request_id": None} for each in (hidden, missing)]
            assert both[0] == both[1]


async def test_a_clerk_sees_the_spellings_of_their_file_when_its_court_is_unknown(
    core: Units, admin: Api, clerk: Api
) -> None:
    await ReturnsClient(core, clerk).bring({"court": "Nowhere At All"})

    (item,) = (await clerk.get("/aliases", state="pending")).json()["items"]

    assert (item["kind"], item["raw"]) == ("court", "Nowhere At All")
    assert item == await pending(admin)


MANY_ROWS = """
INSERT INTO import_row_issues (batch_id, row_no, seq, code, severity, message, alias_id)
SELECT batch_id, number, 1, code, severity, message, alias_id
FROM import_row_issues, generate_series(2, 20000) AS number WHERE alias_id IS NOT NULL
"""
MANY_ALIASES = """
INSERT INTO aliases (id, created_at, updated_at, version, kind, spelling, raw, state)
SELECT gen_random_uuid(), now(), now(), 1, 'judge', 'name ' || number, number::text, 'pending'
FROM generate_series(1, 2000) AS number
"""


@pytest.mark.usefixtures("batch")
async def test_pending_spellings_are_found_through_the_index(core: Units) -> None:
    """A join per spelling would take minutes for a name that many rows have."""
    grants = (Grant(Role.DATA_ENTRY, frozenset({DEMOVILLE})),)
    stranger = Principal("user", uuid7(), grants=grants)
    async with core.database.transaction() as session:
        connection = await session.connection()
        for statement in (MANY_ROWS, MANY_ALIASES, "ANALYZE"):
            await connection.execute(text(statement))
        aliases = AliasRepository(session)
        condition = AliasReading(
            aliases, OriginConditions(alias_origins), AliasSuggestions(aliases.session)
        ).readable(stranger)
        compiled = (
            aliases.listed(None, None)
            .where(condition)
            .compile(
                dialect=core.database.engine.dialect, compile_kwargs={"render_postcompile": True}
            )
        )
        explained = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, COSTS OFF) {compiled}", compiled.params
        )
        plan = "\n".join(line for (line,) in explained)

    assert "Index Only Scan using ix_import_row_issues_alias_id" in plan
    assert "Seq Scan on import_row_issues" not in plan
    assert "20000" not in plan
