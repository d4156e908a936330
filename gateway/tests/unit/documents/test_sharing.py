"""Operations refer to problems that are described once."""

from typing import Any

from common.errors import BadRequest, Conflict, NotFound, PreconditionFailed
from common.pages import CursorInvalid
from common.problem_responses import problem_example, problems
from common.problems import MEDIA_TYPE
from gateway.documents.sharing import share_parameters, share_problems


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


def test_that_nothing_has_changed_is_described_once() -> None:
    unchanged = {"304": {"description": "What you hold is current"}}
    shared = share_problems(described(a=unchanged, b=unchanged))
    assert reference(shared, "/a", "304") == reference(shared, "/b", "304") == "304"
    assert shared["components"]["responses"] == unchanged


def test_the_most_frequent_refusal_has_the_shortest_name() -> None:
    both, alone = refusing(BadRequest, CursorInvalid), refusing(CursorInvalid)
    shared = share_problems(described(a=both, b=both, c=alone))
    assert reference(shared, "/a", "400") == "BadRequest"
    assert reference(shared, "/c", "400") == "CursorInvalid"


def test_what_many_operations_answer_is_named_by_its_status() -> None:
    many = {f"o{number}": refusing(BadRequest) for number in range(20)}
    shared = share_problems(described(**many, other=refusing(CursorInvalid)))
    assert {reference(shared, f"/{name}", "400") for name in many} == {"400"}
    assert reference(shared, "/other", "400") == "CursorInvalid"


def taking(**operations: list[dict[str, Any]]) -> dict[str, Any]:
    """A document with an operation of each of these parameters."""
    paths = {f"/{name}": {"get": {"parameters": each}} for name, each in operations.items()}
    return {"paths": paths, "components": {"schemas": {"Problem": {}}}}


def parameter(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}, **more}


def test_the_same_parameter_is_described_once() -> None:
    known_on = parameter("known_on", description="as known then")
    shared = share_parameters(taking(a=[known_on], b=[known_on, parameter("q")]))
    reference = {"$ref": "#/components/parameters/KnownOn"}
    assert shared["paths"]["/a"]["get"]["parameters"] == [reference]
    assert shared["paths"]["/b"]["get"]["parameters"] == [reference, parameter("q")]
    assert shared["components"] == {
        "schemas": {"Problem": {}},
        "parameters": {"KnownOn": known_on},
    }


def test_parameters_of_one_name_that_differ_are_numbered() -> None:
    one, other = parameter("If-Match"), parameter("If-Match", required=True)
    shared = share_parameters(taking(a=[one], b=[one], c=[one], d=[other], e=[other]))
    assert shared["components"]["parameters"] == {"IfMatch": one, "IfMatch2": other}
    named = [each["get"]["parameters"][0]["$ref"][-8:] for each in shared["paths"].values()]
    assert named == ["/IfMatch"] * 3 + ["IfMatch2"] * 2


def test_an_operation_without_parameters_has_none_afterwards() -> None:
    document = described(a={})
    assert share_parameters(document)["paths"] == document["paths"]


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
