"""Problems and parameters described once: operations refer to shared ones.

Most of what a description has to say is how operations refuse and how lists are asked for, and most
of it is the same.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from common.problems import MEDIA_TYPE
from gateway.documents.shortening import name_codes

Document = dict[str, Any]
# A status and the codes under it: what one shared response is about.
Kind = tuple[str, frozenset[str]]

_COMPONENTS: Final = "#/components"
# What so many operations refer to is named by its status alone: references are a third of it all.
_COMMON: Final = 20
_NOT_MODIFIED: Final = str(HTTPStatus.NOT_MODIFIED.value)
_SEPARATORS: Final = re.compile(r"[-_]")


def share_parameters(document: Document) -> Document:
    """The document with the parameters that several operations take in `components.parameters`."""
    operations = _operations(document)
    uses = Counter(_fingerprint(one) for each in operations for one in each.get("parameters", ()))
    names = _parameter_names(uses)

    def refer(parameter: Document) -> Document:
        name = names.get(_fingerprint(parameter))
        return {"$ref": f"{_COMPONENTS}/parameters/{name}"} if name else parameter

    def shortened(operation: Document) -> Document:
        if "parameters" not in operation:
            return operation
        return operation | {"parameters": [refer(one) for one in operation["parameters"]]}

    shared = {"parameters": {name: json.loads(each) for each, name in names.items()}}
    return _changed(document, shortened, shared)


def share_answers(document: Document) -> Document:
    """The document with the answers that several operations give in `components.responses`."""
    uses = Counter(
        (_answer_name(status, answer), _fingerprint(answer))
        for operation in _operations(document)
        for status, answer in operation["responses"].items()
    )
    # Of two answers with one name the one that is given more often.
    repeated = [used for used, count in uses.most_common() if count > 1 and used[0]]
    shared = dict(reversed(repeated))

    def refer(status: str, answer: Document) -> Document:
        name = _answer_name(status, answer)
        if shared.get(name) != _fingerprint(answer):
            return answer
        return {"$ref": f"{_COMPONENTS}/responses/{name}"}

    def shortened(operation: Document) -> Document:
        responses = operation["responses"].items()
        return operation | {"responses": {name: refer(name, each) for name, each in responses}}

    answers = {name: json.loads(each) for name, each in shared.items()}
    responses = document["components"]["responses"] | answers
    return _changed(document, shortened, {"responses": responses})


def _operations(document: Document) -> list[Document]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def _changed(
    document: Document, change: Callable[[Document], Document], components: Document
) -> Document:
    """The document with each operation changed, and with these components."""
    paths = {
        path: {method: change(each) for method, each in item.items()}
        for path, item in document["paths"].items()
    }
    return document | {"paths": paths, "components": document["components"] | components}


def _answer_name(status: str, answer: Document) -> str:
    """`CaseRead200` for an answer of one schema; empty for any other."""
    content = answer.get("content", {}).values()
    schemas = [each.get("schema", {}).get("$ref", "") for each in content]
    name = schemas[0].rpartition("/")[2] if len(schemas) == 1 else ""
    return f"{name}{status}" if name else ""


def _parameter_names(uses: Mapping[str, int]) -> dict[str, str]:
    """A name for each that is used again (`KnownOn`); a number follows what others have as well."""
    names: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for fingerprint in sorted(uses, key=lambda each: (-uses[each], each)):
        if uses[fingerprint] > 1:
            words = _SEPARATORS.split(json.loads(fingerprint)["name"])
            name = "".join(word[:1].upper() + word[1:] for word in words)
            taken[name] += 1
            names[fingerprint] = name if taken[name] == 1 else f"{name}{taken[name]}"
    return names


def _fingerprint(parameter: Document) -> str:
    return json.dumps(parameter, sort_keys=True, ensure_ascii=False)


def share_problems(document: Document) -> Document:
    """The document with each problem in `components.examples`, each set of them in `responses`."""
    shared = _Shared(_names(Counter(_kinds(document))))

    def shortened(operation: Document) -> Document:
        return operation | {"responses": shared.refer(operation["responses"])}

    components = {"responses": shared.responses, "examples": shared.examples}
    return _changed(document, shortened, components)


def _kinds(document: Document) -> Iterator[Kind]:
    for operation in _operations(document):
        for status, response in operation["responses"].items():
            if codes := _examples(response):
                yield status, frozenset(codes)


def _names(kinds: Counter[Kind]) -> dict[Kind, str]:
    """A name for each kind: the code in it that the fewest operations share (`CaseNumberTaken`).

    Where that is another's, further codes follow; the status, where all are alike. The kind that is
    referred to most is named first, so that the document is short; if that is often, it is the
    status alone.
    """
    uses: Counter[tuple[str, str]] = Counter()
    for (status, codes), count in kinds.items():
        uses.update({(status, code): count for code in codes})
    names: dict[str, Kind] = {}
    order = sorted(kinds, key=lambda each: (-kinds[each], len(each[1]), each[0], sorted(each[1])))
    for kind in order:
        status, codes = kind
        if kinds[kind] >= _COMMON and status not in names:
            names[status] = kind
            continue
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
        """An operation's responses; those of problems alone, and the 304, by reference."""
        return {status: self._refer(status, each) for status, each in responses.items()}

    def _refer(self, status: str, response: Document) -> Document:
        if status == _NOT_MODIFIED:
            self.responses[_NOT_MODIFIED] = response
            return {"$ref": f"{_COMPONENTS}/responses/{_NOT_MODIFIED}"}
        examples = _examples(response)
        if not examples:
            return response
        if len(response["content"]) > 1:
            return self._with_references(response)
        name = self.names[status, frozenset(examples)]
        if name not in self.responses:
            self.responses[name] = self._with_references(name_codes(response))
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
