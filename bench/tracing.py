"""`make bench-tracing`: what OpenTelemetry costs where no collector is named.

Auth answers the same request as it is, and with OpenTelemetry's API replaced by functions that do
nothing, in turns in one process. The request is refused for its form and does next to nothing else,
so of every other the share is smaller.
"""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from time import process_time
from typing import Any, Final
from unittest.mock import patch

import uvloop
from bench.auth_running import Auth, running_auth
from bench.figures import Run
from bench.sections import circumstances, write_section

from common.tracing import is_traced

PATH: Final = "/api/v1/auth/password/forgot"
ROUNDS: Final = 200
REQUESTS: Final = 50
UNPROCESSABLE: Final = 422


class NoSpan:
    """In place of a span that is not recorded."""

    is_valid = False

    def get_span_context(self) -> "NoSpan":
        """Nothing that a log line could name."""
        return self

    def is_recording(self) -> bool:
        """Never."""
        return False


def no_span(*_given: Any) -> Any:
    """In place of the begin of a span."""
    return nullcontext()


@contextmanager
def removed() -> Iterator[None]:
    """As if the code that serves a request did not call OpenTelemetry."""
    nothing = {
        "common.requests.extract": lambda _carrier: None,
        "common.requests._trace": lambda _carried, _headers: {},
        "opentelemetry.trace.get_current_span": NoSpan,
        "opentelemetry.trace.ProxyTracer.start_as_current_span": no_span,
    }
    with ExitStack() as patches:
        for name, stub in nothing.items():
            patches.enter_context(patch(name, stub))
        yield


async def measure() -> dict[str, float]:
    """Processor time of a request, as it is and without; the ratio of each pair of rounds."""
    if is_traced():
        raise SystemExit("bench: unset OTEL_EXPORTER_OTLP_ENDPOINT")
    present, absent = [], []
    async with running_auth() as auth:
        await microseconds(auth)
        for _ in range(ROUNDS):
            present.append(await microseconds(auth))
            with removed():
                absent.append(await microseconds(auth))
    ratios = [one / other for one, other in zip(present, absent, strict=True)]
    return {
        "request_us": statistics.median(present),
        "request_without_us": statistics.median(absent),
        "ratio": statistics.median(ratios),
        "ratio_first_quartile": statistics.quantiles(ratios)[0],
        "ratio_third_quartile": statistics.quantiles(ratios)[2],
    }


async def microseconds(auth: Auth) -> float:
    """Processor time of one of some requests."""
    begun = process_time()
    for _ in range(REQUESTS):
        answer = await auth.post(PATH, {})
        if answer.status != UNPROCESSABLE:
            raise SystemExit(f"bench: {PATH} answers {answer.status}")
    return (process_time() - begun) / REQUESTS * 1e6


def table(found: dict[str, Any]) -> str:
    """The figures for docs/performance.md."""
    rows = {
        "a request that does next to nothing, no collector named": "processor time",
        "---": "---",
        "as it is": f"{found['request_us']:.0f} µs",
        "without a call of OpenTelemetry": f"{found['request_without_us']:.0f} µs",
        f"ratio, median of {ROUNDS} pairs": (
            f"{found['ratio']:.3f} (quartiles {found['ratio_first_quartile']:.3f} and "
            f"{found['ratio_third_quartile']:.3f})"
        ),
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([f"{circumstances(found)}.", "", *lines])


def main() -> None:
    """Measure, keep the results, print them."""
    run = Run.begin()
    print(write_section("tracing", table(run.write("tracing", uvloop.run(measure())))))


if __name__ == "__main__":
    main()
