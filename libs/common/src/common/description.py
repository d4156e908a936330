"""A service's OpenAPI, made fit for people and for the generators of clients.

What FastAPI writes is right, and noisy: a title for every property, "Successful Response", the
null of parameters that are simply left out, operation IDs made of paths.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from common.errors import PreconditionRequired
from common.idempotency import KEY
from common.null_examples import restore_nulls
from common.problems import MEDIA_TYPE
from common.writes import IF_MATCH

Document = dict[str, Any]
Refine = Callable[[Document], None]

GENERATED: Final = "Successful Response"
NO_BODY: Final = "Done; the answer has no body"
# Names made by pydantic for a kind of page, and by FastAPI for the parts of a form.
PAGE: Final = re.compile(r"Page_(\w+)_")
BODY: Final = re.compile(r"Body_(\w+)")
FORM: Final = "Form"
REFERENCE: Final = "#/components/schemas/"
SENTENCE: Final = re.compile(r"[.;](?:\s|$)")
NULL: Final = {"type": "null"}
# Every read of JSON has an ETag, by which it is asked for again (RFC 9110, 13.1.2).
IF_NONE_MATCH: Final[Document] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you hold",
    "schema": {"type": "string"},
}
NOT_MODIFIED: Final = {"description": "What you hold is current; the answer has no body"}


class DescribedApp(FastAPI):
    """FastAPI with such a description; `refine` adds what the service alone knows."""

    refine: Refine | None = None

    def openapi(self) -> Document:
        """The description; made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            tidy(document)
            if self.refine is not None:
                self.refine(document)
        return super().openapi()


def operation_id(route: APIRoute) -> str:
    """The name of a route's function as clients write it: `list_cases` is `listCases`."""
    verb, *nouns = route.name.split("_")
    return verb + "".join(noun.capitalize() for noun in nouns)


def operations(document: Mapping[str, Any]) -> Iterator[Document]:
    """Every operation of an OpenAPI document."""
    for methods in document["paths"].values():
        yield from methods.values()


def tidy(document: Document) -> None:
    """Bring what FastAPI has written into shape."""
    _rename(document)
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        _drop_titles(schema)
        schema["title"] = name  # what documentation shows in place of a reference
        if name.endswith(FORM):
            _tidy_form(schema)
    for methods in document["paths"].values():
        if "get" in methods:
            _tidy_read(methods["get"])
    for operation in operations(document):
        is_refused_without = str(PreconditionRequired.status.value) in operation["responses"]
        for parameter in operation.get("parameters", ()):
            _tidy_parameter(parameter)
            parameter["required"] |= parameter["name"] == IF_MATCH and is_refused_without
        for response in operation["responses"].values():
            _tidy_response(response, schemas)
    restore_nulls(document)


def _rename(document: Document) -> None:
    """Give schemas that FastAPI and pydantic have named a name that reads well."""
    schemas = document.get("components", {}).get("schemas", {})
    names = {name: _readable(name) for name in schemas}
    document["components"]["schemas"] = {names[name]: each for name, each in schemas.items()}
    _point(document, {REFERENCE + old: REFERENCE + new for old, new in names.items() if old != new})


def _readable(name: str) -> str:
    """`Page_CaseRead_` as `CasePage`, `Body_createImport` as `CreateImportForm`."""
    if found := PAGE.fullmatch(name):
        return f"{found[1].removesuffix('Read')}Page"
    if found := BODY.fullmatch(name):
        return f"{found[1][0].upper()}{found[1][1:]}{FORM}"
    return name


def _point(node: Any, names: Mapping[str, str]) -> None:
    """Let references follow their schemas."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        _point(child, names)
    if isinstance(node, dict) and (renamed := names.get(str(node.get("$ref")))):
        node["$ref"] = renamed


def _tidy_form(form: Document) -> None:
    """Files have the format that generators look for, not JSON Schema's media type."""
    for part in form["properties"].values():
        _drop_null(part)
        if part.pop("contentMediaType", None) is not None:
            part["format"] = "binary"


def _drop_titles(schema: Document) -> None:
    """Titles that repeat the names of properties."""
    schema.pop("title", None)
    nested = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
    for each in (*nested, *schema.get("properties", {}).values()):
        if isinstance(each, dict):
            _drop_titles(each)


def _tidy_read(read: Document) -> None:
    """What reads and changes share may ask for the key; reading twice is reading."""
    parameters = [each for each in read.get("parameters", ()) if each["name"] != KEY]
    if "application/json" in read["responses"].get("200", {}).get("content", {}):
        read["responses"]["304"] = dict(NOT_MODIFIED)
        parameters.append(IF_NONE_MATCH | {"schema": dict(IF_NONE_MATCH["schema"])})
    read["parameters"] = parameters


def _tidy_parameter(parameter: Document) -> None:
    parameter["schema"].pop("description", None)  # the parameter has it
    _drop_null(parameter["schema"])
    _drop_titles(parameter["schema"])


def _drop_null(schema: Document) -> None:
    """A parameter or a part of a form is left out, never null."""
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != NULL]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices


def _tidy_response(response: Document, schemas: Mapping[str, Any]) -> None:
    content = response.get("content", {})
    if MEDIA_TYPE in content:
        # FastAPI gives each response that has a model the media type of the successes as well.
        content.pop("application/json", None)
    for each in content.values():
        _drop_titles(each.get("schema", {}))
    if response["description"] == GENERATED:
        response["description"] = _of_content(content, schemas)


def _of_content(content: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """The first words about the schema that a response has."""
    for each in content.values():
        name = each.get("schema", {}).get("$ref", "").rpartition("/")[2]
        described: str = schemas.get(name, {}).get("description", name)
        return SENTENCE.split(described.replace("\n", " "), maxsplit=1)[0]
    return NO_BODY
