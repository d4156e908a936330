"""Rendered objects as the rules ask for them: workloads, their pods, and who selects whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

PODS: Final = ("Deployment", "StatefulSet", "Job")
Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """What makes pods."""

    kind: str
    name: str
    spec: Object

    @property
    def pod(self) -> Object:
        """The pod's specification."""
        found: Object = self.spec["template"]["spec"]
        return found

    @property
    def labels(self) -> Mapping[str, str]:
        """The pod's labels."""
        found: Mapping[str, str] = self.spec["template"]["metadata"]["labels"]
        return found

    @property
    def containers(self) -> list[Object]:
        """All containers of the pod."""
        return [*self.pod.get("initContainers", ()), *self.pod["containers"]]

    def ports(self) -> set[str | int]:
        """The ports that its containers have, by name and number."""
        ports = [port for each in self.containers for port in each.get("ports", ())]
        return {port["name"] for port in ports} | {port["containerPort"] for port in ports}


def of_kind(objects: list[Object], *kinds: str) -> Iterator[Object]:
    """The objects of these kinds."""
    return (each for each in objects if each["kind"] in kinds)


def workloads(objects: list[Object]) -> list[Workload]:
    """What makes pods."""
    return [
        Workload(each["kind"], each["metadata"]["name"], each["spec"])
        for each in of_kind(objects, *PODS)
    ]


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector is about pods with these labels."""
    wanted = selector.get("matchLabels", {}).items()
    expressions = selector.get("matchExpressions", ())
    return all(labels.get(name) == value for name, value in wanted) and all(
        labels.get(each["key"]) in each["values"] for each in expressions
    )


def settings_of(objects: list[Object], name: str) -> dict[str, str]:
    """The variables of the settings map with this name, whose end kustomize adds."""
    (found,) = (
        each["data"]
        for each in of_kind(objects, "ConfigMap")
        if each["metadata"]["name"].startswith(f"{name}-settings-")
    )
    return dict(found)
