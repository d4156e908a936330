"""What the gateway itself may answer to an operation, as the merged description lists it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from common.problem_pages import PAGES, ProblemPage
from common.problem_responses import SCHEMA, problem_example
from common.problems import MEDIA_TYPE
from gateway import refusals
from gateway.refusals import Refusal
from gateway.routes import AuthRequirement, Route, RouteTable

Document = dict[str, Any]
# What Traefik answers by itself comes from the page that it fetches for that.
Described = type[Refusal] | ProblemPage


EVERYWHERE: Final[tuple[Described, ...]] = (
    refusals.TlsRequired,
    refusals.AddressDenied,
    refusals.DuplicateAuthorization,
    refusals.Maintenance,
    refusals.QuotaExceeded,
    *(PAGES[name] for name in ("policy", "502", "503", "504")),
)
# Of a token that is optional only the form is judged: one that does not hold counts as none.
OF_FORM: Final = (refusals.SchemeUnsupported, refusals.TokenMalformed)
WITH_TOKEN: Final = (
    refusals.CredentialsMissing,
    refusals.TokenInvalid,
    refusals.TokenExpired,
    refusals.TokenRevoked,
    refusals.TokenStale,
    refusals.KeysUnavailable,
    refusals.RevocationUnavailable,
    refusals.StepUpRequired,
)
_OF_TOKENS: Final = {
    AuthRequirement.OPTIONAL: OF_FORM,
    AuthRequirement.REQUIRED: WITH_TOKEN,
}
WITH_BODY: Final = (refusals.BodyTooLarge,)


def add_refusals(paths: Document, routes: RouteTable) -> Document:
    """The paths, each operation with what the gateway may answer in the service's place."""
    return {
        path: {
            method: {**each, "responses": _responses(each, _of(method, path, routes))}
            for method, each in item.items()
        }
        for path, item in paths.items()
    }


def _of(method: str, path: str, routes: RouteTable) -> Iterator[Described]:
    route: Route = routes.match(method.upper(), path).route
    yield from EVERYWHERE
    yield from _OF_TOKENS.get(route.auth, ())
    if route.roles:
        yield refusals.RoleMissing
    if route.changes:
        yield from WITH_BODY


def _responses(operation: Mapping[str, Any], refused: Iterator[Described]) -> Document:
    responses = dict(operation.get("responses", {}))
    for refusal in refused:
        status = str(int(refusal.status))
        responses[status] = _with(responses.get(status, {}), refusal)
    return responses


def _with(response: Mapping[str, Any], refusal: Described) -> Document:
    """The response with this refusal added to those of the service."""
    content = dict(response.get("content", {}))
    problem = dict(content.get(MEDIA_TYPE, {"schema": SCHEMA}))
    examples = dict(problem.get("examples", {}))
    if refusal.code in examples:
        return dict(response)
    examples[refusal.code] = problem_example(
        int(refusal.status), refusal.code, refusal.title, dict(refusal.example)
    )
    summary = f"`{refusal.code}`: {refusal.title}"
    described = "; ".join(part for part in (response.get("description"), summary) if part)
    content[MEDIA_TYPE] = problem | {"examples": examples}
    return {**response, "description": described, "content": content}
