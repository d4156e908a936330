"""Examples keep what is null in them."""

from typing import Any

from common.null_examples import restore_nulls

NULLABLE = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def document(example: Any) -> dict[str, Any]:
    grant = {
        "type": "object",
        "properties": {"role": {"type": "string"}, "until": NULLABLE},
        "required": ["role", "until"],
    }
    user = {
        "type": "object",
        "properties": {
            "grants": {"type": "array", "items": {"$ref": "#/components/schemas/Grant"}},
            "first": {"anyOf": [{"$ref": "#/components/schemas/Grant"}, {"type": "null"}]},
            "nickname": NULLABLE,
        },
        "required": ["grants", "first"],
        "examples": [example],
    }
    return {"components": {"schemas": {"Grant": grant, "User": user}}}


def restored(example: Any) -> Any:
    described = document(example)
    restore_nulls(described)
    return described["components"]["schemas"]["User"]["examples"][0]


def test_a_required_member_that_may_be_null_comes_back_at_any_depth() -> None:
    assert restored({"grants": [{"role": "viewer"}], "first": {"role": "admin"}}) == {
        "grants": [{"role": "viewer", "until": None}],
        "first": {"role": "admin", "until": None},
    }
    assert restored({"grants": []}) == {"grants": [], "first": None}


def test_what_is_not_null_or_not_required_is_omitted() -> None:
    assert restored({"first": None, "grants": [{"until": "2027-01-01"}]}) == {
        "first": None,
        "grants": [{"until": "2027-01-01"}],
    }
