"""`docs/problems.md`, written from the sources, so that no problem code can be missing there.

python -m devstack.problem_codes > docs/problems.md
"""

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from types import ModuleType
from typing import Final

import auth_service
import common
import core_service
import gateway
from common.errors import DomainError
from common.problem_pages import PAGES

SERVICES: Final = {
    "auth_service": ("auth",),
    "core_service": ("core",),
    "gateway": ("gateway",),
    "common": ("auth", "core"),
}
PACKAGES: Final = (auth_service, core_service, common, gateway)
# Test doubles, entry points that would run, and revisions that Alembic loads by path.
_SKIPPED: Final = frozenset({"testing", "__main__", "migrations"})
HEAD: Final = """\
# Problem codes

Every error is `application/problem+json` (RFC 9457). Its `type` is `/problems/<code>`, and its
`code` is one of these. Programs look at the code; titles and details may be reworded. Each has
a `request_id`, and for invalid input `errors`: the field, its own code and a message.
`POST /api/v1/auth/token` alone answers wrong requests in the words of RFC 6749 (`invalid_client`,
`invalid_scope` and so on).

Written by `python -m devstack.problem_codes > docs/problems.md`; a test compares.

| code | status | title | meaning | service |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class ProblemSource:
    """One problem as one place of the sources defines it."""

    code: str
    status: HTTPStatus
    title: str
    meaning: str
    services: tuple[str, ...]


# What FastAPI refuses by itself, named by the status's phrase, and the answer to a fault of ours.
_FIXED: Final = (
    (HTTPStatus.NOT_FOUND, "not-found", "Not found", "No route has this path."),
    (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method Not Allowed",
        "The path is known, the method is not.",
    ),
    (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something went wrong on our side",
        "The fault is in the log under this request ID.",
    ),
)


def modules() -> Iterator[ModuleType]:
    """Every module of the services, the gateway and their library, imported."""
    for package in PACKAGES:
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if _SKIPPED.isdisjoint(found.name.split(".")):
                yield import_module(found.name)


def error_classes(loaded: Iterable[ModuleType]) -> list[type[DomainError]]:
    """Every domain error that one of these modules defines."""
    return [
        kind
        for module in loaded
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, DomainError) and kind.__module__ == module.__name__
    ]


def problem_sources() -> list[ProblemSource]:
    """Every problem of every source."""
    loaded = list(modules())
    sources = [_of_class(kind) for kind in error_classes(loaded) if not _only_groups(kind)]
    sources += [
        ProblemSource(code, status, title, text, ("auth", "core"))
        for status, code, title, text in _FIXED
    ]
    sources += [
        ProblemSource(page.code, page.status, page.title, _sentence(page.detail), ("gateway",))
        for page in PAGES.values()
    ]
    return sources


def render() -> str:
    """The whole page."""
    by_code: dict[str, list[ProblemSource]] = {}
    for source in problem_sources():
        by_code.setdefault(source.code, []).append(source)
    return HEAD + "".join(_row(code, by_code[code]) for code in sorted(by_code))


def _only_groups(kind: type[DomainError]) -> bool:
    """Whether the class is only a base of others, without its own code."""
    ours = kind.__module__ == DomainError.__module__
    return kind is DomainError or (
        not ours and "code" not in vars(kind) and bool(kind.__subclasses__())
    )


def _of_class(kind: type[DomainError]) -> ProblemSource:
    services = SERVICES[kind.__module__.partition(".")[0]]
    return ProblemSource(kind.code, kind.status, kind.title, first_line(kind), services)


def first_line(kind: type[DomainError]) -> str:
    """The first line of the class's own docstring; an inherited one does not count."""
    return inspect.cleandoc(vars(kind).get("__doc__") or "").partition("\n")[0]


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}."


def _row(code: str, sources: list[ProblemSource]) -> str:
    cells = (
        f"`{code}`",
        ", ".join(str(status) for status in sorted({int(each.status) for each in sources})),
        " / ".join(dict.fromkeys(each.title for each in sources)),
        " ".join(dict.fromkeys(each.meaning for each in sources)),
        ", ".join(sorted({service for each in sources for service in each.services})),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


if __name__ == "__main__":
    print(render(), end="")  # noqa: T201 - its output is the file
