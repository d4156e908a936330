"""What every overlay must keep to; each rule yields the faults that it finds."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from kubernetes.manifests import Object, Workload, of_kind, selects, settings_of, workloads
from kubernetes.variables import SECRETS, SETTINGS, TELEMETRY, known, required, secret_names

from common.stopping import STOP_SECONDS

PROBES: Final = ("startupProbe", "livenessProbe", "readinessProbe")
DRAINS: Final = {"auth": "AUTH", "core": "CORE", "worker": "CORE", "edge": "GATEWAY"}
# The names under which other operators put Secrets.
OTHER_SECRETS: Final = {"policy-tls", "https-tls", "internal-authority"}

Faults = Iterator[str]


def faults(objects: list[Object]) -> list[str]:
    """All faults of an overlay."""
    return [fault for rule in RULES for fault in rule(objects)]


def pods_are_restricted(objects: list[Object]) -> Faults:
    """Pod Security "restricted", and more: a root that is read-only."""
    for workload in workloads(objects):
        pod, context = workload.pod, workload.pod.get("securityContext", {})
        if not (context.get("runAsNonRoot") and context.get("runAsUser", 0) > 0):
            yield f"{workload.name} may run as root"
        if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{workload.name} may make any system call"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{workload.name} has a token of the cluster's API"
        for container in workload.containers:
            yield from _container_is_restricted(workload.name, container)


def _container_is_restricted(workload: str, container: Object) -> Faults:
    context, name = container.get("securityContext", {}), f"{workload}/{container['name']}"
    if context.get("allowPrivilegeEscalation") is not False:
        yield f"{name} may gain privileges"
    if context.get("readOnlyRootFilesystem") is not True:
        yield f"{name} can write to its image"
    if context.get("capabilities", {}).get("drop") != ["ALL"]:
        yield f"{name} has capabilities"
    if "privileged" in context or "add" in context.get("capabilities", {}):
        yield f"{name} has privileges"


def pods_are_bounded_and_probed(objects: list[Object]) -> Faults:
    """Requests, a limit of memory, probes, an image of one version."""
    for workload in workloads(objects):
        for container in workload.containers:
            name, resources = f"{workload.name}/{container['name']}", container.get("resources", {})
            if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
                yield f"{name} requests nothing"
            if "memory" not in resources.get("limits", {}):
                yield f"{name} has no limit of memory"
            for probe in PROBES:
                if workload.kind != "Job" and probe not in container:
                    yield f"{name} has no {probe}"
            _, colon, tag = container["image"].rpartition(":")
            if not colon or tag == "latest" or "/" in tag:
                yield f"{name} runs any version of its image"
        if workload.kind == "Job" and not {"activeDeadlineSeconds", "backoffLimit"} <= (
            workload.spec.keys()
        ):
            yield f"{workload.name} may run for ever"


def pods_end_in_time(objects: list[Object]) -> Faults:
    """A pod is given longer than its drain and its end take."""
    for name, prefix in DRAINS.items():
        pod = next(each for each in workloads(objects) if each.name == name).pod
        settings = settings_of(objects, prefix.lower())
        waited = [_pause(container) for container in pod["containers"]]
        needed = float(settings[f"{prefix}_DRAIN_SECONDS"]) + STOP_SECONDS + max(waited)
        if pod.get("terminationGracePeriodSeconds", 30) < needed:
            yield f"{name} is killed before its {needed} s are over"


def _pause(container: Object) -> float:
    hook = container.get("lifecycle", {}).get("preStop", {})
    return float(hook.get("sleep", {}).get("seconds", 0))


def deployments_outlive_a_node(objects: list[Object]) -> Faults:
    """A disruption budget, scaling, and replicas on more than one node."""
    found = [each for each in workloads(objects) if each.kind == "Deployment"]
    for workload in found:
        budgets = [
            each
            for each in of_kind(objects, "PodDisruptionBudget")
            if selects(each["spec"]["selector"], workload.labels)
        ]
        if len(budgets) != 1:
            yield f"{workload.name} has {len(budgets)} disruption budgets"
        if not workload.pod.get("topologySpreadConstraints"):
            yield f"{workload.name} may be on one node"
        if workload.spec.get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{workload.name} ends replicas before their successors are ready"
    scaled = {
        each["spec"]["scaleTargetRef"]["name"]
        for each in of_kind(objects, "HorizontalPodAutoscaler")
    }
    yield from (f"{each.name} is not scaled" for each in found if each.name not in scaled)
    yield from (f"scaled, but not there: {name}" for name in scaled - {e.name for e in found})


def the_network_is_closed(objects: list[Object]) -> Faults:
    """Nothing passes by default; workloads have what they need, policies have pods."""
    policies = [each["spec"] for each in of_kind(objects, "NetworkPolicy")]
    closed = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    if closed not in policies:
        yield "pods accept and send what no policy names"
    about = [each["podSelector"] for each in policies if each["podSelector"]]
    found = workloads(objects)
    for workload in found:
        if not any(selects(selector, workload.labels) for selector in about):
            yield f"no policy is about {workload.name}"
    for policy in policies:
        for rule in policy.get("ingress", ()):
            pods = [each for each in found if selects(policy["podSelector"], each.labels)]
            yield from _ports_exist("policy", rule.get("ports", ()), pods, key="port", some=True)
    yield from _paths_are_open(policies, found)


# Who must reach whom: the ports of both sides' policies.
PATHS: Final = (
    ("edge", "auth", "http", 8000),
    ("edge", "core", "http", 8000),
    ("core", "auth", "http", 8000),
    ("worker", "auth", "http", 8000),
)


def _paths_are_open(policies: list[Object], found: list[Workload]) -> Faults:
    by_name = {each.name: each for each in found}
    for source, target, port, number in PATHS:
        names = by_name[source].labels, by_name[target].labels
        out = _passes(policies, "egress", "to", names, {number})
        into = _passes(policies, "ingress", "from", (names[1], names[0]), {port, number})
        if not (out and into):
            yield f"{source} does not reach {target}"
    for client, data in (("masijala/database", 5432), ("masijala/cache", 6379)):
        rules = [
            rule
            for policy in policies
            if selects(policy["podSelector"], {client: "client"}) and policy["podSelector"]
            for rule in policy.get("egress", ())
        ]
        if data not in {port["port"] for rule in rules for port in rule["ports"]}:
            yield f"no pod reaches port {data}"


def _passes(
    policies: list[Object],
    way: str,
    peers: str,
    names: tuple[Any, Any],
    ports: set[str | int],
) -> bool:
    own, other = names
    return any(
        selects(policy["podSelector"], own)
        and policy["podSelector"]
        and any(
            "podSelector" in peer and selects(peer["podSelector"], other)
            for peer in rule.get(peers, ())
        )
        and ports & {port["port"] for port in rule["ports"]}
        for policy in policies
        for rule in policy.get(way, ())
    )


def names_are_those_of_something(objects: list[Object]) -> Faults:
    """Selectors select pods, ports are a container's, maps, accounts and Secrets are there."""
    found = workloads(objects)
    for each in of_kind(objects, "Service"):
        pods = [
            pod for pod in found if selects({"matchLabels": each["spec"]["selector"]}, pod.labels)
        ]
        if not pods:
            yield f"service {each['metadata']['name']} selects nothing"
        yield from _ports_exist(each["metadata"]["name"], each["spec"]["ports"], pods, "targetPort")
    for each in of_kind(objects, "PodDisruptionBudget", "PodMonitor"):
        pods = [pod for pod in found if selects(each["spec"]["selector"], pod.labels)]
        if not pods:
            yield f"{each['kind']} {each['metadata']['name']} selects nothing"
        yield from _ports_exist(
            each["metadata"]["name"], each["spec"].get("podMetricsEndpoints", ()), pods, "port"
        )
    for workload in found:
        yield from _references_exist(workload, objects)


def _ports_exist(
    name: str, ports: Any, pods: list[Workload], key: str, *, some: bool = False
) -> Faults:
    quantify = any if some else all
    for port in ports:
        if pods and not quantify(port[key] in pod.ports() for pod in pods):
            yield f"{name}: no container has port {port[key]}"


def _references_exist(workload: Workload, objects: list[Object]) -> Faults:
    if workload.kind != "Job" and not selects(workload.spec["selector"], workload.labels):
        yield f"{workload.name} does not select its own pods"
    maps = {each["metadata"]["name"] for each in of_kind(objects, "ConfigMap")}
    accounts = {each["metadata"]["name"] for each in of_kind(objects, "ServiceAccount")}
    if workload.pod.get("serviceAccountName", "default") not in {*accounts, "default"}:
        yield f"{workload.name}: no such account"
    for name in _map_names(workload):
        if name not in maps:
            yield f"{workload.name}: no settings {name}"
    for name in secret_names(workload):
        if name not in SECRETS and name not in OTHER_SECRETS:
            yield f"{workload.name}: nothing makes the Secret {name}"


def _map_names(workload: Workload) -> Iterator[str]:
    for container in workload.containers:
        for source in container.get("envFrom", ()):
            yield source["configMapRef"]["name"]
    for volume in workload.pod.get("volumes", ()):
        if "configMap" in volume:
            yield volume["configMap"]["name"]


def variables_are_those_of_the_settings(objects: list[Object]) -> Faults:
    """Every variable is one of the settings', no required one is missing, none is a secret."""
    for name in SETTINGS:
        variables = settings_of(objects, name)
        yield from (
            f"no such setting: {each}" for each in variables.keys() - known(name) - TELEMETRY
        )
        given = variables.keys() | {key.upper() for key in SECRETS[name]}
        yield from (f"missing: {each}" for each in required(name) - given)
        secrets = {key.upper() for keys in SECRETS.values() for key in keys}
        yield from (f"a secret in plain text: {each}" for each in variables.keys() & secrets)
    yield from (
        f"a Secret in plain text: {each['metadata']['name']}" for each in of_kind(objects, "Secret")
    )
    for workload in workloads(objects):
        for container in workload.containers:
            for variable in container.get("env", ()):
                if "value" in variable and variable["name"].startswith(("AUTH_", "CORE_")):
                    yield f"{workload.name}: {variable['name']} belongs in the settings"


RULES: Final[tuple[Callable[[list[Object]], Faults], ...]] = (
    pods_are_restricted,
    pods_are_bounded_and_probed,
    pods_end_in_time,
    deployments_outlive_a_node,
    the_network_is_closed,
    names_are_those_of_something,
    variables_are_those_of_the_settings,
)
