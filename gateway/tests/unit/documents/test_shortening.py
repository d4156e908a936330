"""What says nothing is left out of the description, and nothing else."""

from typing import Any

import pytest

from common.errors import BadRequest, NotFound
from common.pages import CursorInvalid
from common.problem_responses import problem_example, problems
from common.problems import MEDIA_TYPE
from gateway.documents.shortening import name_codes, shorten

NULL = {"type": "null"}
TIME = {"type": "string", "format": "date-time"}


def test_a_plain_type_or_null_is_two_types() -> None:
    choice = {"anyOf": [TIME, NULL], "description": "null: never"}
    assert shorten({"properties": {"at": choice}}) == {
        "properties": {
            "at": {"type": ["string", "null"], "format": "date-time", "description": "null: never"}
        }
    }


@pytest.mark.parametrize(
    "choice",
    [
        {"anyOf": [{"$ref": "#/components/schemas/Grant"}, NULL]},
        {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]},
        {"anyOf": [{"type": "array", "items": TIME}, NULL]},
        {"anyOf": [TIME, {"type": "integer"}, NULL]},
        {"anyOf": [{"type": "string", "title": "One"}, NULL], "title": "Other"},
    ],
)
def test_other_choices_stay_as_they_are(choice: dict[str, Any]) -> None:
    assert shorten(choice) == choice


def test_several_codes_are_named_and_their_examples_have_the_titles() -> None:
    response = problems(BadRequest, CursorInvalid)[400]
    named = name_codes(response)
    assert named["description"] == "`bad-request`, `cursor-invalid`"
    assert named["content"] == response["content"]


def test_a_single_code_keeps_its_title() -> None:
    response = problems(NotFound)[404]
    assert name_codes(response) == response


def test_what_a_service_says_in_its_own_words_stays() -> None:
    examples = {code: problem_example(400, code, code) for code in ("a", "b")}
    response = {"description": "Either of two", "content": {MEDIA_TYPE: {"examples": examples}}}
    assert name_codes(response) == response
