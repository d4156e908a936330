"""What the gateway itself may answer to an operation, as the merged description tells it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from common.problem_pages import PAGES
from common.problem_responses import SCHEMA, problem_example
from common.problems import MEDIA_TYPE
from gateway import failures
from gateway.policy import refusals
from gateway.policy.refusals import Priority, Refusal, quota_exceeded
from gateway.routes import AuthRequirement, Route, RouteTable

Document = dict[str, Any]


def _of_page(name: str) -> Refusal:
    """What Traefik answers by itself, from the page that it fetches for that."""
    page = PAGES[name]
    return Refusal(Priority.UNAVAILABLE, page.status, page.code, page.title, page.detail)


EVERYWHERE: Final = (
    refusals.TLS_REQUIRED,
    refusals.ADDRESS_DENIED,
    refusals.DUPLICATE_AUTHORIZATION,
    refusals.maintenance("The operator's text", 300),
    quota_exceeded(("user",), failures.RETRY_AFTER_SECONDS),
    *(_of_page(name) for name in ("policy", "502", "503", "504")),
)
# Of a token that is optional only the form is judged: one that does not hold counts as none.
OF_FORM: Final = (refusals.SCHEME, refusals.TOKEN_MALFORMED)
WITH_TOKEN: Final = (
    refusals.MISSING,
    refusals.TOKEN_INVALID,
    refusals.TOKEN_EXPIRED,
    refusals.TOKEN_REVOKED,
    refusals.TOKEN_STALE,
    refusals.KEYS_UNAVAILABLE,
    refusals.REVOCATION_UNAVAILABLE,
)
_OF_TOKENS: Final = {
    AuthRequirement.OPTIONAL: OF_FORM,
    AuthRequirement.REQUIRED: WITH_TOKEN,
}
WITH_BODY: Final = (failures.body_too_large(1024 * 1024),)


def add_refusals(paths: Document, routes: RouteTable) -> Document:
    """The paths, each operation with what the gateway may answer in the service's place."""
    return {
        path: {
            method: {**each, "responses": _responses(each, _of(method, path, routes))}
            for method, each in item.items()
        }
        for path, item in paths.items()
    }


def _of(method: str, path: str, routes: RouteTable) -> Iterator[Refusal]:
    route: Route = routes.match(method.upper(), path).route
    yield from EVERYWHERE
    yield from _OF_TOKENS.get(route.auth, ())
    if route.roles:
        yield refusals.ROLE_MISSING
    if route.changes:
        yield from WITH_BODY


def _responses(operation: Mapping[str, Any], told: Iterator[Refusal]) -> Document:
    responses = dict(operation.get("responses", {}))
    for refusal in told:
        status = str(int(refusal.status))
        responses[status] = _with(responses.get(status, {}), refusal)
    return responses


def _with(response: Mapping[str, Any], refusal: Refusal) -> Document:
    """The response with this refusal beside those that the service tells of."""
    content = dict(response.get("content", {}))
    problem = dict(content.get(MEDIA_TYPE, {"schema": SCHEMA}))
    examples = dict(problem.get("examples", {}))
    if refusal.code in examples:
        return dict(response)
    examples[refusal.code] = problem_example(
        int(refusal.status), refusal.code, refusal.title, dict(refusal.extra)
    )
    said = f"`{refusal.code}`: {refusal.title}"
    described = "; ".join(part for part in (response.get("description"), said) if part)
    content[MEDIA_TYPE] = problem | {"examples": examples}
    return {**response, "description": described, "content": content}
