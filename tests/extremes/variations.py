"""Requests that differ from a valid call in one extreme value each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from extremes.values import (
    BODIES,
    FEW,
    HUGE,
    IN_HEADERS,
    IN_PATHS,
    JSON_VALUES,
    RAW_QUERY,
    SOME_HEADERS,
    SOME_QUERIES,
    WRITTEN,
)

ALL_JSON: Final = {**JSON_VALUES, **HUGE}
HOLE: Final = "\u2020hole\u2020"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
BOUNDARY: Final = "extremes"
MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"
# Read by every operation, whatever its description names.
ALWAYS_READ: Final = ("user-agent", "x-request-id", "traceparent", "accept", "idempotency-key")
# Of a schema, what no validator reads.
WORDS: Final = ("title", "description", "examples")
CHARSETS: Final = ("utf-7", "unicode_escape", "undefined", "idna", "rot13", "x" * 1000)


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `what` says where it is extreme, and how.

    Requests of the same `reader` have the same value where the same validator reads it. If `early`,
    that is so in all operations, before it matters which one it is.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, bytes] = field(default_factory=dict)
    content: bytes | None = None
    what: str = "valid"
    reader: str = ""
    early: bool = False

    @property
    def url(self) -> str:
        """Path and query; the query's values are percent-encoded already."""
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class Call:
    """A valid call of an operation: its template's values, and its body before it is written."""

    method: str
    template: str
    ids: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, bytes] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    parts: Mapping[str, bytes] | None = None

    def request(self) -> Request:
        """The call as it is."""
        query = tuple((name, quote(value, safe="")) for name, value in self.params.items())
        path = self.template.format(**self.ids)
        headers, content = dict(self.headers), None
        if self.body is not None:
            headers["content-type"], content = JSON.encode(), json.dumps(self.body).encode()
        elif self.form is not None:
            headers["content-type"], content = FORM.encode(), _form(self.form)
        elif self.parts is not None:
            headers["content-type"], content = MULTIPART.encode(), _multipart(self.parts)
        return Request(self.method, path, query, headers, content)


def variations(
    call: Call, spec: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Request]:
    """Every request; those that are likely to be refused come first."""
    valid = call.request()
    yield from _paths(call, valid)
    yield from _bodies(call, valid, spec, document)
    yield from _queries(valid, spec, document)
    yield from _headers(valid, spec)
    yield valid


def _paths(call: Call, valid: Request) -> Iterator[Request]:
    for name in call.ids:
        if f"{{{name}}}" not in call.template:
            continue
        for label, value in IN_PATHS.items():
            path = call.template.format(**{**call.ids, name: value})
            yield replace(valid, path=path, what=f"path {name}: {label}")


def _queries(
    valid: Request, spec: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Request]:
    schemas = {
        each["name"]: _resolved(each["schema"], document)
        for each in spec.get("parameters", ())
        if each["in"] == "query"
    }
    quoted = {label: quote(value, safe="") for label, value in WRITTEN.items()}
    written = {**quoted, **RAW_QUERY}
    for name in [*schemas, "unknown"]:
        others = tuple(pair for pair in valid.query if pair[0] != name)
        labels = _suiting(schemas[name], written) if name in schemas else SOME_QUERIES
        for label in labels:
            query = (*others, (name, written[label]))
            what, known = f"query {name}: {label}", schemas.get(name, {})
            reader, early = _reader("query", name, label, known), name not in schemas
            yield replace(valid, query=query, what=what, reader=reader, early=early)
        again = tuple((name, str(number)) for number in range(200))
        yield replace(valid, query=(*others, *again), what=f"query {name}: 200 times")


def _headers(valid: Request, spec: Mapping[str, Any]) -> Iterator[Request]:
    parameters = spec.get("parameters", ())
    named = [each["name"].lower() for each in parameters if each["in"] == "header"]
    for name in dict.fromkeys([*named, *ALWAYS_READ]):
        for label in IN_HEADERS if name in named else SOME_HEADERS:
            headers = {**valid.headers, name: IN_HEADERS[label]}
            what, early = f"header {name}: {label}", name not in named
            yield replace(valid, headers=headers, what=what, reader=what, early=early)


def _bodies(
    call: Call, valid: Request, spec: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Request]:
    content = spec.get("requestBody", {}).get("content", {})
    if JSON in content:
        json_headers = {**valid.headers, "content-type": JSON.encode()}
        as_json = replace(valid, headers=json_headers)
        schema = _resolved(content[JSON]["schema"], document)
        for label, whole in BODIES.items():
            yield replace(as_json, content=whole, what=f"body: {label}")
        for place, described, holed in _holes(call.body or {}, schema, document):
            body = json.dumps(holed)
            for label in _suiting(described, ALL_JSON):
                text = body.replace(json.dumps(HOLE), ALL_JSON[label]).encode()
                what, reader = f"body {place}: {label}", _reader("body", place, label, described)
                yield replace(as_json, content=text, what=what, reader=reader)
    elif call.form is not None:
        yield from _forms(call.form, valid, _resolved(content[FORM]["schema"], document))
    elif call.parts is not None:
        yield from _uploads(call.parts, valid)


def _reader(part: str, name: str, label: str, schema: Mapping[str, Any]) -> str:
    """Texts without a format may have special validators, which the schema does not show."""
    rules = {key: value for key, value in schema.items() if key not in WORDS}
    of_field = name if "string" in _kinds(schema) and not _formats(schema) else ""
    return f"{part} {of_field} {label} {json.dumps(rules, sort_keys=True)}"


def _holes(
    body: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], dict[str, Any]]]:
    """The body with a hole in the place of each field, in nested ones and in items too.

    With each comes the schema of what belongs there.
    """
    for name, described in schema.get("properties", {}).items():
        inner = _resolved(described, document)
        yield name, inner, {**body, name: HOLE}
        value = body.get(name)
        if inner.get("properties"):
            nested = value if isinstance(value, Mapping) else {}
            for place, of_place, holed in _holes(nested, inner, document):
                yield f"{name}.{place}", of_place, {**body, name: holed}
        if inner.get("type") == "array":
            item = _resolved(inner["items"], document)
            yield f"{name}[]", item, {**body, name: [HOLE]}
            first = value[0] if isinstance(value, list) and value else {}
            for place, of_place, holed in _holes(first, item, document):
                yield f"{name}[].{place}", of_place, {**body, name: [holed]}


def _suiting(schema: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    """The values to try: few where one validator reads all such fields, huge ones for texts."""
    kinds, formats = _kinds(schema), _formats(schema)
    has_enum = any("enum" in choice for choice in _choices(schema))
    is_plain = "boolean" in kinds or "uuid" in formats or has_enum
    is_large = bool(kinds & {"string", "array", "object"}) and not formats
    for label in values:
        if label in FEW if is_plain else (is_large or label not in HUGE):
            yield label


def _choices(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [schema, *schema.get("anyOf", ())]


def _formats(schema: Mapping[str, Any]) -> set[str]:
    return {choice["format"] for choice in _choices(schema) if "format" in choice}


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    return {kind for choice in _choices(schema) for kind in _types(choice)}


def _types(schema: Mapping[str, Any]) -> list[str]:
    found: str | list[str] = schema.get("type", [])
    return [found] if isinstance(found, str) else found


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice or choice.get("type") == "array":
            return _resolved(choice, document)
    return schema


def _forms(form: Mapping[str, str], valid: Request, schema: Mapping[str, Any]) -> Iterator[Request]:
    for name in [*schema["properties"], "unknown"]:
        others = {key: value for key, value in form.items() if key != name}
        for label, value in WRITTEN.items():
            text = _form({**others, name: value})
            yield replace(valid, content=text, what=f"form {name}: {label}")
        for label, raw in RAW_QUERY.items():
            text = _form(others) + f"&{name}={raw}".encode()
            yield replace(valid, content=text, what=f"form {name}: {label}")
        again = _form(form) + f"&{name}=a".encode() * 2000
        yield replace(valid, content=again, what=f"form {name}: 2,000 times")
    for label, content in BODIES.items():
        yield replace(valid, content=content, what=f"form: {label}")


def _uploads(parts: Mapping[str, bytes], valid: Request) -> Iterator[Request]:
    for name in [*parts, "unknown"]:
        for label, value in WRITTEN.items():
            content = _multipart({**parts, name: value.encode()})
            yield replace(valid, content=content, what=f"part {name}: {label}")
    for label, value in WRITTEN.items():
        content = _multipart(parts, filename=value.replace('"', "%22").encode())
        yield replace(valid, content=content, what=f"filename: {label}")
    for charset in CHARSETS:
        kind = f"{MULTIPART}; charset={charset}".encode()
        for filename in (b"+2AA-.csv", b"\\ud800.csv", b"\xff\xfe"):
            content = _multipart(parts, filename=filename)
            headers = {**valid.headers, "content-type": kind}
            what = f"charset {charset[:20]}: {filename!r}"
            yield replace(valid, content=content, headers=headers, what=what)
    for label, content in BODIES.items():
        yield replace(valid, content=content, what=f"multipart: {label}")
    many = {f"part{number}": b"a" for number in range(5000)}
    yield replace(valid, content=_multipart({**parts, **many}), what="5,000 parts")


def _form(form: Mapping[str, str]) -> bytes:
    pairs = (f"{quote(name)}={quote(value, safe='')}" for name, value in form.items())
    return "&".join(pairs).encode()


def _multipart(parts: Mapping[str, bytes], filename: bytes = b"day.csv") -> bytes:
    """A body of these parts; the part `file` is a file."""
    lines = []
    for name, value in parts.items():
        named = b'; filename="%b"' % filename if name == "file" else b""
        disposition = b'Content-Disposition: form-data; name="%b"' % name.encode() + named
        lines.append(b"--%b\r\n%b\r\n\r\n%b\r\n" % (BOUNDARY.encode(), disposition, value))
    return b"".join(lines) + b"--%b--\r\n" % BOUNDARY.encode()
