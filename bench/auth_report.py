"""Auth's table in docs/performance.md, from its results files and nothing else.

python -m bench.auth_report
"""

from typing import Any, Final

from bench.figures import read
from bench.sections import circumstances, figure, figures, write_section

PARTS: Final = ("login", "refresh", "timing")
# Of the server's Postgres, by `durable`.
COMMITS: Final = {True: "with fsync", False: "without fsync"}


def render(login: dict[str, Any], refresh: dict[str, Any], timing: dict[str, Any]) -> str:
    """The section's text. Raises ValueError when the parts were measured on different servers."""
    if login["durable"] != refresh["durable"]:
        raise ValueError(
            "sign-ins and refreshes were not measured on the same server: run both again"
        )
    crowd = login["crowd"]
    paths = {path: arms for path, arms in timing.items() if path.startswith("/")}
    head = (
        f"{circumstances(login)}; auth is called in process, without HTTP, with Postgres "
        f"{COMMITS[login['durable']]}; client, auth, Postgres and Valkey share these cores; "
        f"load {login['load']} at the end of the first benchmark. Hashes are argon2id, "
        "m=19456, t=2, p=1."
    )
    rows = [
        figure("logins a second ÷ raw argon2id on all cores", login["ratio"], login["goal"]),
        figure("… logins a second", login["logins_per_second"], None),
        figure("… raw argon2id a second", login["raw_argon2id_per_second"], None),
        figure(
            "delay of the event loop meanwhile, p99 ms",
            login["event_loop_stall_p99_ms"],
            25,
            at_most=True,
        ),
        figure(
            f"… while {crowd['at_once']} sign in at once",
            crowd["event_loop_stall_p99_ms"],
            25,
            at_most=True,
        ),
        figure("… slowest successful sign-in, ms", crowd["slowest_served_ms"], None),
        figure("… slowest 503, ms", crowd["slowest_refused_ms"], 1000, at_most=True),
        figure(
            "refreshes a second per core of auth ÷ Keycloak's published 120, which includes HTTP",
            refresh["ratio"],
            refresh["goal"],
        ),
        figure(
            f"AUC of latency, largest distance from 0.5, {timing['samples']:,} samples each",
            timing["furthest_from_half"],
            timing["goal"],
            at_most=True,
        ),
    ]
    arms = [
        f"| {path} | {name} | {each['auc']:.4f} | {each['p50_ms']:.2f} |"
        for path, named in paths.items()
        for name, each in named.items()
    ]
    table = [
        "| endpoint | account | AUC compared with unknown | p50 ms |",
        "|---|---|---|---|",
        *arms,
    ]
    return "\n".join([head, "", *figures(*rows), "", *table])


if __name__ == "__main__":
    results = {part: read(part) for part in PARTS}
    login, refresh, timing = results.values()
    if login is None or refresh is None or timing is None:
        raise SystemExit(f"not all of {PARTS} have been run")
    print(write_section("auth", render(login, refresh, timing)))
