"""What FastAPI writes about an API, brought into shape."""

from typing import Annotated, Any

import pytest
from fastapi import File, Form, Header, UploadFile
from pydantic import BaseModel, Field

from common.description import NO_BODY, DescribedApp, operation_id
from common.idempotency import SentKey
from common.pages import Page, PageDep
from common.writes import ExpectedVersionDep, VersionIfGivenDep


class ShelfRead(BaseModel):
    """A shelf of files. It has a room."""

    title: str = Field(examples=["Criminal"])
    room: int | None


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = DescribedApp(generate_unique_id_function=operation_id)

    @app.get("/shelves")
    async def list_shelves(page: PageDep, key: SentKey = None) -> Page[ShelfRead]:
        return Page(items=[], next_cursor=key or page.cursor)

    @app.put("/shelf", responses={428: {"description": "without a version"}})
    async def change_shelf(
        expected: ExpectedVersionDep, note: Annotated[int | str | None, Header()] = None
    ) -> ShelfRead:
        return ShelfRead(title=str(note), room=expected)

    @app.post("/shelf", status_code=204)
    async def send_list(
        file: Annotated[UploadFile, File()],
        seen: VersionIfGivenDep,
        room: Annotated[int | None, Form()] = None,
        key: SentKey = None,
    ) -> None:
        file.filename = f"{room} {key} {seen}"

    return app.openapi()


def parameters(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in operation["parameters"]}


def test_operations_have_the_names_of_their_functions(document: dict[str, Any]) -> None:
    paths = document["paths"].values()
    names = {each["operationId"] for methods in paths for each in methods.values()}
    assert names == {"listShelves", "changeShelf", "sendList"}


def test_pages_and_forms_have_names_without_brackets_and_lines(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {"ShelfRead", "ShelfPage", "SendListForm"} <= schemas.keys()
    answer = document["paths"]["/shelves"]["get"]["responses"]["200"]
    reference = {"$ref": "#/components/schemas/ShelfPage"}
    assert answer["content"]["application/json"]["schema"] == reference
    assert all(schema["title"] == name for name, schema in schemas.items())


def test_properties_have_no_titles_and_may_be_called_so(document: dict[str, Any]) -> None:
    shelf = document["components"]["schemas"]["ShelfRead"]
    assert shelf["properties"] == {
        "title": {"type": "string", "examples": ["Criminal"]},
        "room": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    }


def test_parameters_are_left_out_and_never_null(document: dict[str, Any]) -> None:
    listed = parameters(document["paths"]["/shelves"]["get"])
    assert listed["cursor"]["schema"] == {"type": "string", "maxLength": 2048}
    assert not listed["cursor"]["required"]
    changed = parameters(document["paths"]["/shelf"]["put"])
    assert changed["note"]["schema"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}


def test_a_change_needs_its_version_and_a_read_no_key(document: dict[str, Any]) -> None:
    assert parameters(document["paths"]["/shelf"]["put"])["If-Match"]["required"]
    assert not parameters(document["paths"]["/shelf"]["post"])["If-Match"]["required"]
    assert "Idempotency-Key" not in parameters(document["paths"]["/shelves"]["get"])
    assert not parameters(document["paths"]["/shelf"]["post"])["Idempotency-Key"]["required"]


def test_a_read_of_json_is_conditional_and_a_change_is_not(document: dict[str, Any]) -> None:
    read = document["paths"]["/shelves"]["get"]
    assert "If-None-Match" in parameters(read)
    assert read["responses"]["304"]["description"]
    change = document["paths"]["/shelf"]["put"]
    assert "If-None-Match" not in parameters(change)
    assert "304" not in change["responses"]


def test_answers_are_described_by_what_they_hold(document: dict[str, Any]) -> None:
    assert document["paths"]["/shelf"]["put"]["responses"]["200"]["description"] == (
        "A shelf of files"
    )
    assert document["paths"]["/shelf"]["post"]["responses"]["204"]["description"] == NO_BODY


def test_a_form_has_files_as_generators_look_for_them_and_no_nulls(
    document: dict[str, Any],
) -> None:
    assert document["components"]["schemas"]["SendListForm"]["properties"] == {
        "file": {"type": "string", "format": "binary"},
        "room": {"type": "integer"},
    }
