"""`/docs`: the API's reference as one page without scripts, so that it works with no network."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")
_STYLE: Final = files("gateway.documents").joinpath("reference.css").read_text()
_STYLE_DIGEST: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
# Nothing but the page's own style; nothing may frame the page, and the page leads nowhere else.
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def render_reference(document: Mapping[str, Any]) -> str:
    """The page for one OpenAPI document."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                tag = (operation.get("tags") or ["other"])[0]
                groups[tag].append(_operation(method, path, operation))
    info = document["info"]
    sections = "".join(
        f"<h2>{escape(tag)}</h2>{''.join(operations)}" for tag, operations in groups.items()
    )
    schemas = "".join(_schemas(document))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
        f'<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>. Errors are '
        f"<code>application/problem+json</code> (RFC 9457).</p>{sections}"
        f"<h2>Schemas</h2>{schemas}</body></html>"
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    text = escape(operation.get("description") or operation.get("summary") or "")
    return (
        f'<details><summary><span class="m {method}">{method}</span> <code>{escape(path)}</code> '
        f"{escape(operation.get('summary') or '')}</summary><p>{text}</p>"
        f"{_parameters(operation)}{_body(operation)}{_responses(operation)}</details>"
    )


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{_type(parameter.get('schema', {}))}</td>"
        f"<td>{'required' if parameter.get('required') else ''}</td></tr>"
        for parameter in operation.get("parameters", ())
        if "name" in parameter
    )
    return f"<table>{rows}</table>" if rows else ""


def _body(operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<p>Body <code>{escape(media)}</code>: {_type(part.get('schema', {}))}</p>"
        for media, part in content.items()
    )


def _responses(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(str(status))}</td><td>{escape(response.get('description', ''))}</td>"
        f"<td>{_contents(response.get('content', {}))}</td></tr>"
        for status, response in operation.get("responses", {}).items()
    )
    return f"<table>{rows}</table>"


def _contents(content: Mapping[str, Any]) -> str:
    return ", ".join(_type(part.get("schema", {})) for part in content.values())


def _schemas(document: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        required = schema.get("required", ())
        rows = "".join(
            f"<tr><td><code>{escape(field)}</code></td><td>{_type(kind)}</td>"
            f"<td>{'required' if field in required else ''}</td></tr>"
            for field, kind in schema.get("properties", {}).items()
        )
        text = escape(schema.get("description", ""))
        yield (
            f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
            f"<p>{text}</p><table>{rows}</table></details>"
        )


def _type(schema: Any) -> str:
    """A schema in a few words, with links to the named ones."""
    if not isinstance(schema, dict):
        return "any"
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for combined in ("anyOf", "oneOf", "allOf"):
        if combined in schema:
            return " | ".join(_type(part) for part in schema[combined])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    kind = schema.get("format") or schema.get("type") or "any"
    return escape(str(kind))
