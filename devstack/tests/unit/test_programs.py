"""Which processes a stack has."""

from pathlib import Path

from devstack.environment import Wiring, gateway_environment
from devstack.programs import stack_programs
from devstack.traefik import RUNTIME


def test_the_entrance_starts_last_and_reports_whether_all_is_ready(
    wiring: Wiring, tmp_path: Path
) -> None:
    programs = stack_programs(wiring)
    assert [each.name for each in programs] == ["auth", "core", "worker", "policy", "gateway"]
    *_, policy, gateway = programs
    assert (policy.name, policy.ready_url) == ("policy", None)
    assert (gateway.name, gateway.ready_url) == ("gateway", wiring.gateway_url)
    assert gateway.command[1] == f"--configFile={tmp_path}/traefik.yml"
    assert gateway.environment == RUNTIME, "none of our secrets are Traefik's business"
    given = gateway_environment(wiring)
    assert given["GATEWAY_POLICY_URL"] == f"https://127.0.0.1:{wiring.ports.policy}"
    assert given["GATEWAY_POLICY_CERTIFICATE"].startswith(str(tmp_path))
