"""Which processes a stack has, with either edge."""

from dataclasses import replace
from pathlib import Path

from devstack.environment import Wiring, gateway_environment
from devstack.programs import stack_programs
from devstack.traefik_files import TraefikFiles


def test_the_embedded_edge_has_its_policy_in_itself(wiring: Wiring) -> None:
    assert [each.name for each in stack_programs(wiring)] == ["auth", "core", "worker", "gateway"]


def test_traefik_has_the_policy_beside_it_and_is_asked_whether_all_is_ready(
    wiring: Wiring, tmp_path: Path
) -> None:
    with_traefik = replace(wiring, traefik=TraefikFiles(tmp_path))
    *_, policy, gateway = stack_programs(with_traefik)
    assert (policy.name, policy.ready_url) == ("policy", None)
    assert (gateway.name, gateway.ready_url) == ("gateway", wiring.gateway_url)
    assert gateway.command[1] == f"--configFile={tmp_path}/traefik.yml"
    assert gateway.environment == {}, "none of our secrets are Traefik's business"
    told = gateway_environment(with_traefik)
    assert told["GATEWAY_POLICY_URL"] == f"https://127.0.0.1:{wiring.ports.policy}"
    assert told["GATEWAY_POLICY_CERTIFICATE"].startswith(str(tmp_path))
