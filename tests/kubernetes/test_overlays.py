"""Every overlay renders, is valid and keeps the rules; the rules find whatever is removed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Final

import kubernetes_validate
import pytest
from kubernetes.conftest import OVERLAYS, Objects
from kubernetes.custom_resources import FIELDS, unknown_fields
from kubernetes.manifests import Object, of_kind, settings_of, workloads
from kubernetes.rules import faults
from kubernetes.variables import TELEMETRY

VERSION: Final = "1.33"
# Policies about what the rules cannot see: names, monitoring, and pods that operators make.
OTHERS: Final = ("names", "metrics", "traces", "database", "postgres", "redis")


def test_an_overlay_is_valid(objects: Objects) -> None:
    for each in objects:
        if each["apiVersion"] in FIELDS:
            assert list(unknown_fields(each)) == []
        else:
            kubernetes_validate.validate(each, VERSION, strict=True)


def test_an_overlay_keeps_the_rules(objects: Objects) -> None:
    assert faults(objects) == []


def test_what_a_release_applies_first_has_all_that_migrations_need(objects: Objects) -> None:
    before = [each for each in objects if "masijala/release" in each["metadata"].get("labels", {})]
    jobs = [each for each in workloads(before) if each.kind == "Job"]
    there = {(each["kind"], each["metadata"]["name"]) for each in before}

    assert {each.name for each in jobs} == {"auth-migrate", "core-migrate"}
    for job in jobs:
        assert ("ServiceAccount", job.pod["serviceAccountName"]) in there
        for container in job.containers:
            for source in container["envFrom"]:
                assert ("ConfigMap", source["configMapRef"]["name"]) in there
    assert {("NetworkPolicy", "default-deny"), ("NetworkPolicy", "database-clients")} <= there


def removals(objects: Objects) -> Iterator[tuple[str, Callable[[Objects], None]]]:
    """Every limit, probe, context, policy, budget without which an overlay is wrong."""
    for place, each in enumerate(objects):
        kind, name = each["kind"], each["metadata"]["name"]
        if kind in {"PodDisruptionBudget", "HorizontalPodAutoscaler", "ServiceAccount"}:
            yield f"{kind} {name}", _without(place)
        if kind == "NetworkPolicy" and name not in OTHERS:
            yield f"{kind} {name}", _without(place)
        if kind in {"Deployment", "StatefulSet", "Job"}:
            yield from _of_pod(place, each)


def _without(place: int) -> Callable[[Objects], None]:
    def take(found: Objects) -> None:
        del found[place]

    return take


def _of_pod(place: int, workload: Object) -> Iterator[tuple[str, Callable[[Objects], None]]]:
    kind, pod = workload["kind"], workload["spec"]["template"]["spec"]

    def without(*path: Any) -> Callable[[Objects], None]:
        def take(found: Objects) -> None:
            inner: Any = found[place]["spec"]["template"]["spec"]
            for step in path[:-1]:
                inner = inner[step]
            del inner[path[-1]]

        return take

    keys = ["securityContext", "automountServiceAccountToken"]
    keys += ["topologySpreadConstraints"] if kind == "Deployment" else []
    for key in keys:
        yield f"{workload['metadata']['name']} {key}", without(key)
    for group in ("initContainers", "containers"):
        for number, container in enumerate(pod.get(group, ())):
            name = f"{workload['metadata']['name']}/{container['name']}"
            probes = ("startupProbe", "livenessProbe", "readinessProbe")
            for key in ("securityContext", "resources", *(probes if kind != "Job" else ())):
                yield f"{name} {key}", without(group, number, key)
            for key in ("limits", "requests"):
                yield f"{name} {key}", without(group, number, "resources", key)
            for key in container["securityContext"]:
                yield f"{name} {key}", without(group, number, "securityContext", key)


def test_whatever_is_removed_is_a_fault(objects: Objects) -> None:
    missed = []
    for name, take in removals(objects):
        found = deepcopy(objects)
        take(found)
        if not faults(found):
            missed.append(name)

    assert missed == []


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", ["auth", "core", "gateway"])
def test_a_variable_that_is_missing_or_misspelt_is_a_fault(
    rendered: dict[str, Objects], overlay: str, name: str
) -> None:
    objects = deepcopy(rendered[overlay])
    settings = settings_of(objects, name)
    (held,) = (
        each["data"]
        for each in of_kind(objects, "ConfigMap")
        if each["metadata"]["name"].startswith(f"{name}-settings-")
    )
    held[f"{name.upper()}_ISSUE"] = held.pop(f"{name.upper()}_ISSUER")

    assert f"{name.upper()}_ISSUER" in settings
    assert f"no such setting: {name.upper()}_ISSUE" in faults(objects)


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda workload: workload.containers[0].update(image="masijala-core:latest"),
            "core/core runs any version of its image",
        ),
        (
            lambda workload: workload.labels.update({"app.kubernetes.io/name": "kernel"}),
            "service core selects nothing",
        ),
        (
            lambda workload: workload.containers[0]["ports"][0].update(name="web"),
            "core: no container has port http",
        ),
        (
            lambda workload: workload.pod.update(terminationGracePeriodSeconds=14),
            "core is killed before its 15.0 s are over",
        ),
    ],
)
def test_what_does_not_fit_together_is_a_fault(
    rendered: dict[str, Objects], overlay: str, change: Callable[[Any], None], fault: str
) -> None:
    objects = deepcopy(rendered[overlay])
    change(next(each for each in workloads(objects) if each.name == "core"))

    assert fault in faults(objects)


def test_a_secret_in_plain_text_is_a_fault(objects: Objects) -> None:
    (held,) = (
        each["data"]
        for each in of_kind(objects, "ConfigMap")
        if each["metadata"]["name"].startswith("core-settings-")
    )
    held["CORE_CURSOR_KEY"] = "0123456789abcdef"

    assert "a secret in plain text: CORE_CURSOR_KEY" in faults(objects)


def test_traces_go_to_the_collector_and_the_network_lets_them(
    rendered: dict[str, Objects],
) -> None:
    objects = rendered["production"]
    for name in ("auth", "core", "gateway"):
        endpoint = settings_of(objects, name)["OTEL_EXPORTER_OTLP_ENDPOINT"]
        assert endpoint == "http://collector.monitoring:4318"
    (policy,) = (each for each in objects if each["metadata"]["name"] == "traces")
    assert policy["spec"]["egress"][0]["ports"] == [{"port": 4318}]


def test_compose_and_kubernetes_set_the_same_variables(
    rendered: dict[str, Objects],
    composed: dict[str, set[str]],
    handed_on: dict[str, set[str]],
) -> None:
    for name, variables in composed.items():
        settings = settings_of(rendered["production"], name).keys()
        # The images listen on all addresses at 8000; replicas share no file, so anchors go to the
        # log.
        of_images = {f"{name.upper()}_HOST", f"{name.upper()}_PORT"}
        # Each Traefik has its own policy; the one of compose asks two by turns.
        only_there = {f"{name.upper()}_AUDIT_ANCHORS", "GATEWAY_POLICY_BALANCER_PORT"}
        of_operators = handed_on[name] | of_images | TELEMETRY
        assert variables - settings <= only_there
        assert settings - variables <= of_operators
