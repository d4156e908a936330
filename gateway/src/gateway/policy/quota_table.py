"""Which quotas a request spends: its user's, its class's, and its address's."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from gateway.policy.addresses import Address, Network, quota_bucket
from gateway.policy.quotas import QuotaPolicy, Spending
from gateway.routes import RateClass

CACHED_ACCOUNTS: Final = 20_000
# Who asks for credentials has no account yet that could be charged.
BY_ADDRESS: Final = frozenset({RateClass.LOGIN, RateClass.TOKEN})
IP: Final = "ip"
# By the names of policies; None for a policy that this network does not have.
NetworkQuotas = Mapping[str, QuotaPolicy | None]


class QuotaTable:
    """Which policies there are: per user, per address, per class of route, and per network.

    A network's policies replace those of the same names for every address in it; of several
    networks that hold an address, the smallest counts.
    """

    def __init__(
        self,
        user: QuotaPolicy | None,
        ip: QuotaPolicy | None,
        classes: Mapping[str, QuotaPolicy],
        networks: Mapping[Network, NetworkQuotas] | None = None,
    ) -> None:
        self._user = user
        self._defaults: Mapping[str, QuotaPolicy | None] = {**classes, IP: ip}
        self._networks: Sequence[tuple[Network, NetworkQuotas]] = sorted(
            (networks or {}).items(), key=lambda row: row[0].prefixlen, reverse=True
        )
        # The same caller spends the same again.
        self.of_address = lru_cache(CACHED_ACCOUNTS)(self._of_address)
        self.of_request = lru_cache(CACHED_ACCOUNTS)(self._of_request)

    @property
    def policies(self) -> list[QuotaPolicy]:
        """Every policy that can be spent."""
        networks = [policy for _, quotas in self._networks for policy in quotas.values()]
        found = (self._user, *self._defaults.values(), *networks)
        return [policy for policy in found if policy is not None]

    def _of_address(self, address: Address) -> tuple[Spending, ...]:
        """What a request spends that got no further than its address."""
        policy = self._policy(IP, address)
        return (Spending(policy, f"q:ip:{quota_bucket(address)}"),) if policy is not None else ()

    def _of_request(
        self, rate: RateClass, address: Address, subject: str | None, device: str | None = None
    ) -> tuple[Spending, ...]:
        """What a request spends, the policy of most interest to the caller first.

        A whole courthouse may share one address with strangers. Its signed-in users spend only
        what is theirs, and so do devices that have signed in there before.
        """
        by_address = subject is None or rate in BY_ADDRESS
        spendings: list[Spending] = []
        if subject is not None and self._user is not None:
            spendings.append(Spending(self._user, f"q:user:{subject}"))
        policy = self._policy(rate.value, address)
        if policy is not None:
            account = (device or quota_bucket(address)) if by_address else subject
            spendings.append(Spending(policy, f"q:{rate.value}:{account}"))
        if by_address and device is None:
            spendings.extend(self.of_address(address))
        return tuple(spendings)

    def _policy(self, name: str, address: Address) -> QuotaPolicy | None:
        for network, quotas in self._networks:
            if address in network and name in quotas:
                return quotas[name]
        return self._defaults.get(name)
