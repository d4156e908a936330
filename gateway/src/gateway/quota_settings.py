"""From the settings to the table of quotas, and to what of them holds without Redis."""

from gateway.policy.quota_table import QuotaTable
from gateway.policy.quotas import Quota, QuotaPolicy
from gateway.routes import RateClass
from gateway.settings import GatewaySettings


def quota_table(settings: GatewaySettings) -> QuotaTable:
    """The quotas as configured."""
    return QuotaTable(
        user=_named("user", settings.quota_user),
        ip=_named("ip", settings.quota_ip),
        classes={
            name.value: QuotaPolicy(name.value, quota)
            for name, quota in settings.class_quotas().items()
        },
        networks={
            network: {name: _named(name, quota) for name, quota in quotas.items()}
            for network, quotas in settings.network_quotas.items()
        },
    )


def local_policies(settings: GatewaySettings, table: QuotaTable) -> dict[QuotaPolicy, QuotaPolicy]:
    """This replica's share of each policy while Redis is unavailable."""
    return {policy: _local(settings, policy) for policy in table.policies}


def _local(settings: GatewaySettings, policy: QuotaPolicy) -> QuotaPolicy:
    if policy.name != RateClass.LOGIN:
        return QuotaPolicy(policy.name, policy.quota.scaled(1 / settings.replicas))
    # Sign-in is limited more strictly; a network that may sign in more often may do so here too.
    usual = settings.quota_login or policy.quota
    part = policy.limit / usual.limit
    return QuotaPolicy(policy.name, settings.quota_login_degraded.scaled(part))


def _named(name: str, quota: Quota | None) -> QuotaPolicy | None:
    return QuotaPolicy(name, quota) if quota is not None else None
