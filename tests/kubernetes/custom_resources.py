"""The resources of other operators, as far as the overlays use them: which fields each may have.

From their API references: cert-manager 1.18, CloudNativePG 1.27 and its Barman plugin 0.6, External
Secrets 1.0, Prometheus operator 0.85. A list stands for its items, None for any value.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

SELECTOR: Final = {"matchLabels": None, "matchExpressions": None}
SECRET_KEY: Final = {"name": None, "key": None}
ROLE: Final = {"name": None, "login": None, "passwordSecret": {"name": None}}
SERVICE: Final = {"selectorType": None, "serviceTemplate": {"metadata": {"name": None}}}
CLUSTER: Final = {
    "instances": None,
    "imageName": None,
    "inheritedMetadata": {"labels": None},
    "storage": {"size": None},
    "walStorage": {"size": None},
    "resources": {"requests": None, "limits": None},
    "postgresql": {"synchronous": {"method": None, "number": None}, "parameters": None},
    "managed": {"services": {"additional": [SERVICE]}, "roles": [ROLE]},
    "plugins": [{"name": None, "isWALArchiver": None, "parameters": None}],
}
ARCHIVED: Final = {"compression": None, "encryption": None}
STORE: Final = {
    "retentionPolicy": None,
    "configuration": {
        "destinationPath": None,
        "s3Credentials": {"accessKeyId": SECRET_KEY, "secretAccessKey": SECRET_KEY},
        "wal": ARCHIVED,
        "data": ARCHIVED,
    },
}
CERTIFICATE: Final = {
    "isCA": None,
    "commonName": None,
    "secretName": None,
    "dnsNames": None,
    "duration": None,
    "renewBefore": None,
    "privateKey": {"algorithm": None, "size": None, "encoding": None, "rotationPolicy": None},
    "issuerRef": {"kind": None, "name": None},
}
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "cert-manager.io/v1": {
        "Issuer": {"selfSigned": {}, "ca": {"secretName": None}},
        "Certificate": CERTIFICATE,
    },
    "postgresql.cnpg.io/v1": {
        "Cluster": CLUSTER,
        "Database": {"name": None, "owner": None, "cluster": {"name": None}},
        "ScheduledBackup": {
            "schedule": None,
            "cluster": {"name": None},
            "method": None,
            "pluginConfiguration": {"name": None},
        },
    },
    "barmancloud.cnpg.io/v1": {"ObjectStore": STORE},
    "external-secrets.io/v1": {
        "ExternalSecret": {
            "refreshInterval": None,
            "secretStoreRef": {"kind": None, "name": None},
            "target": {"name": None},
            "dataFrom": [{"extract": {"key": None}}],
        }
    },
    "monitoring.coreos.com/v1": {
        "PodMonitor": {
            "jobLabel": None,
            "selector": SELECTOR,
            "podMetricsEndpoints": [{"port": None, "path": None, "interval": None}],
        },
        "PrometheusRule": {
            "groups": [
                {
                    "name": None,
                    "interval": None,
                    "rules": [
                        {
                            "record": None,
                            "alert": None,
                            "expr": None,
                            "for": None,
                            "labels": None,
                            "annotations": None,
                        }
                    ],
                }
            ]
        },
    },
}


def unknown_fields(resource: Mapping[str, Any]) -> Iterator[str]:
    """The fields that a resource has and may not have."""
    fields = FIELDS[resource["apiVersion"]][resource["kind"]]
    return _unknown(resource["spec"], fields, resource["metadata"]["name"])


def _unknown(value: Any, fields: Any, place: str) -> Iterator[str]:
    if fields is None:
        return
    if isinstance(fields, list):
        for each in value:
            yield from _unknown(each, fields[0], place)
        return
    for name, inner in value.items():
        if name in fields:
            yield from _unknown(inner, fields[name], f"{place}.{name}")
        else:
            yield f"{place}.{name}"
