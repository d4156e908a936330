"""Operations refer to problems that are described once."""

from typing import Any

from common.errors import BadRequest, Conflict, NotFound, PreconditionFailed
from common.pages import CursorInvalid
from common.problem_responses import problem_example, problems
from common.problems import MEDIA_TYPE
from gateway.documents.sharing import share_problems


def described(**operations: dict[str, Any]) -> dict[str, Any]:
    """A document with an operation of each of these responses."""
    paths = {f"/{name}": {"get": {"responses": each}} for name, each in operations.items()}
    return {"paths": paths, "components": {"schemas": {"Problem": {}}}}


def refusing(*errors: Any) -> dict[str, Any]:
    return {str(status): each for status, each in problems(*errors).items()}


def reference(document: dict[str, Any], path: str, status: str) -> str:
    response = document["paths"][path]["get"]["responses"][status]
    return str(response["$ref"]).removeprefix("#/components/responses/")


def test_the_same_refusal_is_described_once() -> None:
    shared = share_problems(described(a=refusing(NotFound), b=refusing(NotFound)))
    assert reference(shared, "/a", "404") == reference(shared, "/b", "404") == "NotFound"
    (response,) = shared["components"]["responses"].values()
    assert response["description"] == f"`not-found`: {NotFound.title}"
    example = response["content"][MEDIA_TYPE]["examples"]["not-found"]
    assert example == {"$ref": "#/components/examples/not-found"}
    assert shared["components"]["examples"]["not-found"]["value"]["status"] == 404
    assert "Problem" in shared["components"]["schemas"]


def test_a_response_is_called_by_its_rarest_code() -> None:
    listing = refusing(BadRequest, CursorInvalid)
    shared = share_problems(described(a=refusing(BadRequest), b=listing))
    assert reference(shared, "/a", "400") == "BadRequest"
    assert reference(shared, "/b", "400") == "CursorInvalid"


def test_further_codes_follow_where_the_name_is_anothers() -> None:
    both, alone = refusing(BadRequest, CursorInvalid), refusing(CursorInvalid)
    shared = share_problems(described(a=both, b=alone, c=refusing(BadRequest)))
    assert reference(shared, "/a", "400") == "BadRequestOrCursorInvalid"
    assert reference(shared, "/b", "400") == "CursorInvalid"


def test_the_order_of_the_codes_makes_no_other_response() -> None:
    one, other = refusing(BadRequest, CursorInvalid), refusing(CursorInvalid, BadRequest)
    shared = share_problems(described(a=one, b=other))
    assert len(shared["components"]["responses"]) == 1


def test_a_code_of_two_statuses_has_two_examples_and_two_names() -> None:
    late = refusing(Conflict)["409"]
    again = {
        **late,
        "content": {
            MEDIA_TYPE: {"examples": {"conflict": problem_example(412, "conflict", "Late")}}
        },
    }
    shared = share_problems(described(a={"409": late}, b={"412": again}))
    assert reference(shared, "/a", "409") == "Conflict"
    assert reference(shared, "/b", "412") == "Conflict412"
    assert {"conflict", "conflict-412"} == shared["components"]["examples"].keys()


def test_successes_stay_and_answers_of_two_kinds_share_their_examples_alone() -> None:
    fine = {"description": "A case", "content": {"application/json": {}}}
    mixed = refusing(PreconditionFailed)["412"]
    mixed["content"]["application/json"] = {}
    shared = share_problems(described(a={"200": fine, "412": mixed}))
    responses = shared["paths"]["/a"]["get"]["responses"]
    assert responses["200"] == fine
    example = responses["412"]["content"][MEDIA_TYPE]["examples"]["precondition-failed"]
    assert example == {"$ref": "#/components/examples/precondition-failed"}
    assert shared["components"]["responses"] == {}
