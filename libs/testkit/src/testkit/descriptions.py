"""Rules that the description of every service's API keeps; each service's tests name its document.

They give what breaks them, so that a test says `assert faults(...) == []`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jsonschema_rs import Draft202012Validator

from common.problems import MEDIA_TYPE

Document = Mapping[str, Any]
LEAST_DESCRIPTION: Final = 20
# By what an operation takes, the codes that it may always answer.
BY_PARAMETER: Final = {
    "If-Match": {"precondition-failed", "bad-request"},
    "Idempotency-Key": {"idempotency-key-reused", "idempotency-key-busy"},
    "cursor": {"cursor-invalid"},
}

# What an operation does, as its ID begins; those that change nothing are reads.
READS: Final = {"list", "get", "lookup", "export", "download", "follow"}
# What a browser opens while its user signs in elsewhere.
OPENED: Final = {"begin", "finish"}
CHANGES: Final = {
    *(
        "accept",
        "add",
        "anonymise",
        "apply",
        "assign",
        "change",
        "check",
        "correct",
        "publish",
        "create",
        "decide",
        "delete",
        "end",
        "exchange",
    ),
    *("introspect", "invite", "issue", "link", "merge", "reassign", "record", "refresh", "reject"),
    *(
        "remove",
        "rename",
        "request",
        "reset",
        "restore",
        "revoke",
        "repair",
        "retry",
        "revert",
        "rotate",
        "seal",
        "send",
        "set",
    ),
    *("transfer", "unlink", "unlock", "unmerge", "unseal", "validate", "void"),
}
WHOLE_SENTENCES: Final = {"login", "logout"}
OPERATION_ID: Final = re.compile(r"([a-z]+)(?:[A-Z][a-z]+)+")
SCHEMA_NAME: Final = re.compile(r"(?:[A-Z][a-z]+)+")
GENERATED: Final = "Successful Response"


def named_operations(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every operation with its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def parameters(document: Document, operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """An operation's parameters, those that operations share as well."""
    shared = document["components"].get("parameters", {})
    return [
        shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for each in operation.get("parameters", ())
    ]


def codes(operation: Mapping[str, Any]) -> set[str]:
    """The problem codes that an operation documents."""
    return {
        code
        for answer in operation["responses"].values()
        for code in answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    }


def undescribed(document: Document) -> list[str]:
    """Operations without their own summary or a description."""
    found, summaries = [], set()
    for name, operation in named_operations(document):
        summary = operation.get("summary")
        if not summary or summary in summaries:
            found.append(name)
        if len(operation.get("description", "")) < LEAST_DESCRIPTION:
            found.append(name)
        summaries.add(summary)
    return found


def badly_named(document: Document) -> list[str]:
    """Operations whose ID is not a verb and a noun, or is another's; and names of schemas."""
    found, seen = [], set()
    for name, operation in named_operations(document):
        identity = operation["operationId"]
        if identity in seen or not _says_what_it_does(name, identity):
            found.append(f"{name}: {identity}")
        seen.add(identity)
    schemas = document["components"]["schemas"]
    return found + [name for name in schemas if not SCHEMA_NAME.fullmatch(name)]


def _says_what_it_does(name: str, identity: str) -> bool:
    matched = OPERATION_ID.fullmatch(identity)
    if matched is None:
        return identity in WHOLE_SENTENCES
    return matched[1] in (READS | OPENED if name.startswith("GET ") else CHANGES)


def untitled(document: Document) -> list[str]:
    """Schemas without their own title, by which documentation shows them."""
    titles = [schema.get("title") for schema in document["components"]["schemas"].values()]
    return [str(title) for title in titles if titles.count(title) > 1 or title is None]


def untagged(document: Document) -> list[str]:
    """Operations in no described group or in several; described groups without operations."""
    tags = {tag["name"] for tag in document["tags"] if len(tag["description"]) >= LEAST_DESCRIPTION}
    operations = list(named_operations(document))
    used = {tag for _, operation in operations for tag in operation.get("tags", ())}
    strays = [name for name, each in operations if len(tags & set(each.get("tags", ()))) != 1]
    return strays + sorted(tags - used)


def undescribed_answers(document: Document) -> list[str]:
    """Answers that say nothing, or what every answer could say."""
    return [
        f"{name}: {status}"
        for name, operation in named_operations(document)
        for status, answer in operation["responses"].items()
        if answer.get("description", "") in ("", GENERATED)
    ]


def undocumented(document: Document) -> list[str]:
    """What operations may answer by their parameters, and do not document."""
    return [
        f"{name}: {code}"
        for name, operation in named_operations(document)
        for code in sorted(_expected(operation) - codes(operation))
    ]


def missing_statuses(document: Document) -> list[str]:
    """Operations on one thing that do not document that it may not be there."""
    return [
        name
        for name, operation in named_operations(document)
        if "{" in name and "404" not in operation["responses"]
    ]


def wrong_problems(document: Document) -> list[str]:
    """Problem examples that contradict the response they stand in."""
    found = []
    for name, operation in named_operations(document):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get(MEDIA_TYPE, {})
            for code, example in content.get("examples", {}).items():
                value = example["value"]
                says = (value["code"], value["type"], str(value["status"]))
                if says != (code, f"/problems/{code}", status):
                    found.append(f"{name}: {code}")
                if f"`{code}`" not in answer["description"]:
                    found.append(f"{name}: {code} is not in the description of {status}")
    return found


def without_example(document: Document) -> list[str]:
    """Bodies and successful answers that show no example."""
    return [
        f"{name}: {place}"
        for name, place, content in _bodies(document)
        if not list(_examples(document, content))
    ]


def wrong_examples(document: Document) -> list[str]:
    """Examples, problems' too, that do not fit their schema."""
    found = []
    for name, place, content in _contents(document):
        schema = {**content.get("schema", {}), "components": document["components"]}
        checker = Draft202012Validator(schema, validate_formats=True)
        for example in _examples(document, content):
            found += [f"{name}: {place}: {fault.message}" for fault in checker.iter_errors(example)]
    return found


def _expected(operation: Mapping[str, Any]) -> set[str]:
    parameters = {each["name"]: each["required"] for each in operation.get("parameters", ())}
    wanted = {code for name in parameters for code in BY_PARAMETER.get(name, ())}
    wanted |= {"precondition-required"} if parameters.get("If-Match") else set()
    return wanted | ({"validation-failed"} if parameters or "requestBody" in operation else set())


def _bodies(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, place, content in _contents(document):
        if place.startswith(("request", "2")) and MEDIA_TYPE not in place:
            yield name, place, content


def _contents(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, operation in named_operations(document):
        parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for part, body in parts.items():
            for media_type, content in body.get("content", {}).items():
                yield name, f"{part} {media_type}", content


def _examples(document: Document, content: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in content:
        yield content["example"]
    yield from (example["value"] for example in content.get("examples", {}).values())
    schema = _resolved(document, content.get("schema", {}))
    yield from schema.get("examples", ())
    # The items of a page show what the page holds.
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    for item in _resolved(document, items).get("examples", ()):
        yield {"items": [item]}


def _resolved(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice:
            return _resolved(document, choice)
    return schema
