"""Two services' OpenAPI descriptions as one, with no name for two things."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.routes import AuthRequirement, RouteTable

_REF: Final = "$ref"
# In addition to the whole description's requirement of a token.
_SECURITY: Final[Mapping[AuthRequirement, dict[str, Any]]] = {
    AuthRequirement.PUBLIC: {"security": []},
    AuthRequirement.OPTIONAL: {"security": [{}, {"bearer": []}]},
}
Document = dict[str, Any]


def merge(documents: Mapping[str, Document], info: Mapping[str, str]) -> Document:
    """One document with the public paths and the components of all.

    Components of one name and one content are kept once; where they differ, the later service's
    gets the service's name as a prefix, and its references follow.
    """
    paths: Document = {}
    tags: dict[str, Document] = {}
    components: dict[str, Document] = {}
    for service, document in documents.items():
        renamed = _renamed(service, document, components)
        paths |= {
            path: item
            for path, item in renamed["paths"].items()
            if not path.startswith("/internal/")
        }
        tags |= {tag["name"]: tag for tag in renamed.get("tags", ())}
        for kind, entries in renamed.get("components", {}).items():
            components.setdefault(kind, {}).update(entries)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    return {
        "openapi": "3.1.0",
        "info": dict(info),
        "tags": list(tags.values()),
        "paths": dict(sorted(paths.items())),
        "components": components,
        "security": [{"bearer": []}],
    }


def admitting(paths: Document, routes: RouteTable) -> Document:
    """The paths; operations that do without a token say so, unless they say what they ask for."""
    return {
        path: {
            method: {**_of_gateway(method, path, routes), **each} for method, each in item.items()
        }
        for path, item in paths.items()
    }


def _of_gateway(method: str, path: str, routes: RouteTable) -> Document:
    return _SECURITY.get(routes.match(method.upper(), path).route.auth, {})


def _renamed(service: str, document: Document, taken: Mapping[str, Document]) -> Document:
    clashes = _clashes(service, document.get("components", {}), taken)
    if not clashes:
        return document
    rewritten: Document = _rewrite(document, clashes)
    rewritten["components"] = {
        kind: {
            clashes.get(f"#/components/{kind}/{name}", name): entry for name, entry in items.items()
        }
        for kind, items in rewritten["components"].items()
    }
    return rewritten


def _clashes(
    service: str, components: Mapping[str, Document], taken: Mapping[str, Document]
) -> dict[str, str]:
    """The new names, by reference, of components that differ from those taken.

    One that refers to a renamed one differs by that, so the search goes on until nothing is new.
    """
    clashes: dict[str, str] = {}
    while True:
        found = {
            f"#/components/{kind}/{name}": f"{service.capitalize()}{name}"
            for kind, entries in _rewrite(components, clashes).items()
            for name, entry in entries.items()
            if taken.get(kind, {}).get(name, entry) != entry
        }
        if found == clashes:
            return clashes
        clashes = found


def _rewrite(node: Any, clashes: Mapping[str, str]) -> Any:
    if isinstance(node, list):
        return [_rewrite(item, clashes) for item in node]
    if not isinstance(node, dict):
        return node
    return dict(_rewritten_members(node, clashes))


def _rewritten_members(node: Document, clashes: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in node.items():
        if name == _REF and value in clashes:
            yield name, f"{value.rpartition('/')[0]}/{clashes[value]}"
        else:
            yield name, _rewrite(value, clashes)
