"""Problems described once: operations refer to shared responses, and those to shared examples.

Most of what a description has to say is how operations refuse, and most of it is the same.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from common.problems import MEDIA_TYPE

Document = dict[str, Any]
# A status and the codes under it: what one shared response is about.
Kind = tuple[str, frozenset[str]]

_COMPONENTS: Final = "#/components"


def share_problems(document: Document) -> Document:
    """The document with each problem in `components.examples`, each set of them in `responses`."""
    shared = _Shared(_names(list(_kinds(document))))
    paths = {
        path: {
            method: each | {"responses": shared.refer(each["responses"])}
            for method, each in item.items()
        }
        for path, item in document["paths"].items()
    }
    components = {"responses": shared.responses, "examples": shared.examples}
    return document | {"paths": paths, "components": document["components"] | components}


def _kinds(document: Document) -> Iterator[Kind]:
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if codes := _examples(response):
                    yield status, frozenset(codes)


def _names(kinds: list[Kind]) -> dict[Kind, str]:
    """A name for each kind: the code in it that the fewest operations share (`CaseNumberTaken`).

    Where that is another's, further codes follow; the status, where all are alike.
    """
    uses = Counter((status, code) for status, codes in kinds for code in codes)
    names: dict[str, Kind] = {}
    for kind in sorted(set(kinds), key=lambda kind: (len(kind[1]), kind[0], sorted(kind[1]))):
        status, codes = kind
        rarest = sorted(codes, key=lambda code: (uses[status, code], code))
        words = ["".join(map(str.capitalize, code.split("-"))) for code in rarest]
        tried = ["Or".join(words[:count]) for count in range(1, len(words) + 1)]
        free = (name for name in tried if name not in names)
        names[next(free, f"{tried[0]}{status}")] = kind
    return {kind: name for name, kind in names.items()}


@dataclass(frozen=True, slots=True)
class _Shared:
    """The shared components, which grow as operations refer to them."""

    names: Mapping[Kind, str]
    responses: Document = field(default_factory=dict)
    examples: Document = field(default_factory=dict)

    def refer(self, responses: Mapping[str, Any]) -> Document:
        """An operation's responses, those that are nothing but problems by reference."""
        return {status: self._refer(status, each) for status, each in responses.items()}

    def _refer(self, status: str, response: Document) -> Document:
        examples = _examples(response)
        if not examples:
            return response
        if len(response["content"]) > 1:
            return self._with_references(response)
        name = self.names[status, frozenset(examples)]
        if name not in self.responses:
            self.responses[name] = self._with_references(response)
        return {"$ref": f"{_COMPONENTS}/responses/{name}"}

    def _with_references(self, response: Document) -> Document:
        problem = response["content"][MEDIA_TYPE]
        examples = {code: self._example(code, each) for code, each in problem["examples"].items()}
        content = response["content"] | {MEDIA_TYPE: problem | {"examples": examples}}
        return response | {"content": content}

    def _example(self, code: str, example: Document) -> Document:
        """A reference; the example itself, when that code has another one there already."""
        name = code
        if self.examples.get(name, example) != example:
            name = f"{code}-{example['value']['status']}"
        if self.examples.setdefault(name, example) != example:
            return example
        return {"$ref": f"{_COMPONENTS}/examples/{name}"}


def _examples(response: Mapping[str, Any]) -> Document:
    examples: Document = response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    return examples
