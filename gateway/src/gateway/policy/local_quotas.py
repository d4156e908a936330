"""The quotas of one process, in memory: the rule of `check.lua` while Redis is unavailable."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gateway.policy.quotas import QuotaPolicy, QuotaState, Spending

MAX_ACCOUNTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Account:
    """What one key holds: the theoretical arrival time, the window's count and its end, in µs."""

    arrival_us: int
    count: int
    ends_us: int

    @classmethod
    def new(cls, policy: QuotaPolicy, now_us: int) -> "Account":
        """An account whose window begins now."""
        return cls(now_us, 0, now_us + policy.window_us)

    def settled(self, policy: QuotaPolicy, now_us: int) -> "Account":
        """Without what is over: a window that has ended begins again with the next request."""
        # Later than a window from now only after the clock was set back, or the window shortened.
        if max(self.arrival_us, self.ends_us) > now_us + policy.window_us:
            return Account.new(policy, now_us)
        arrival_us = max(self.arrival_us, now_us)
        if self.ends_us <= now_us:
            return Account(arrival_us, 0, now_us + policy.window_us)
        return Account(arrival_us, self.count, self.ends_us)

    def charged(self, policy: QuotaPolicy) -> "Account":
        """With one request taken."""
        return Account(self.arrival_us + policy.interval_us, self.count + 1, self.ends_us)

    def wait_us(self, policy: QuotaPolicy, now_us: int) -> int:
        """How long until one more request is admitted; not above 0 when it is now."""
        paced = self.arrival_us + policy.interval_us - (now_us + policy.interval_us * policy.limit)
        return max(paced, self.ends_us - now_us) if self.count >= policy.limit else paced

    def state(self, policy: QuotaPolicy, now_us: int) -> QuotaState:
        """The result as the caller sees it."""
        wait = self.wait_us(policy, now_us)
        room = (now_us + policy.interval_us * policy.limit - self.arrival_us) // policy.interval_us
        remaining = min(room, policy.limit - self.count)
        if remaining > 0:
            return QuotaState(remaining, self.ends_us - now_us)
        return QuotaState(0, wait)


@dataclass(frozen=True, slots=True)
class LocalQuotas:
    """Accounts in memory, the longest unused forgotten first."""

    accounts: OrderedDict[str, Account] = field(default_factory=OrderedDict)
    max_accounts: int = MAX_ACCOUNTS

    def spend(
        self, spendings: Sequence[Spending], now_us: int, *, stopped: bool = False
    ) -> tuple[QuotaState, ...]:
        """Take one request from every account; from none when any refuses, or when `stopped`."""
        accounts = [self._account(item, now_us) for item in spendings]
        pairs = list(zip(spendings, accounts, strict=True))
        refused = [account.wait_us(item.policy, now_us) > 0 for item, account in pairs]
        if not stopped and not any(refused):
            pairs = [(item, account.charged(item.policy)) for item, account in pairs]
            for item, account in pairs:
                self._keep(item.key, account)
        return tuple(
            account.state(item.policy, now_us)._replace(violated=over)
            for (item, account), over in zip(pairs, refused, strict=True)
        )

    def _account(self, spending: Spending, now_us: int) -> Account:
        account = self.accounts.get(spending.key)
        if account is None:
            return Account.new(spending.policy, now_us)
        return account.settled(spending.policy, now_us)

    def _keep(self, key: str, account: Account) -> None:
        self.accounts[key] = account
        self.accounts.move_to_end(key)
        if len(self.accounts) > self.max_accounts:
            self.accounts.popitem(last=False)
