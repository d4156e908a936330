"""Which hashes of other systems are taken over.

Every wrong password is compared with one hash of each kind that accounts have (`scheme`): a hash
that cannot be compared, or only at a great cost, would be a fault of every sign-in.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from passlib.context import CryptContext  # settings import this module, and need none

MOST_KINDS: Final = 10
# A second or two each, on one core. Our own hashes keep to them as well.
MOST_BCRYPT_ROUNDS: Final = 14  # as a power of two
MOST_PBKDF2_ROUNDS: Final = 2_000_000
MOST_MEMORY_KIB: Final = 256 * 1024
MOST_PASSES: Final = 10
MOST_LANES: Final = 16
LEAST_DIGEST: Final = 16  # shorter ones, in bytes, would match other passwords too

UNKNOWN: Final = "is no bcrypt, PBKDF2 or argon2 hash"
TOO_COSTLY: Final = "costs too much to compare; leave it empty and invite the user"


def fault_of(stored: str, context: "CryptContext") -> str | None:
    """Why passwords cannot be compared with this hash; None when they can."""
    scheme = context.identify(stored)
    if scheme is None:
        return UNKNOWN
    try:
        read = context.handler(scheme).from_string(stored)
    except (ValueError, TypeError, NotImplementedError):
        return UNKNOWN
    if read.checksum is None or getattr(read, "data", None):
        return UNKNOWN  # parameters alone, or more of them than our library knows
    if len(read.checksum) < LEAST_DIGEST:
        return UNKNOWN
    return TOO_COSTLY if _is_costly(read) else None


def _is_costly(read: Any) -> bool:
    if hasattr(read, "memory_cost"):
        costs = (read.memory_cost, read.rounds, read.parallelism)
        most = (MOST_MEMORY_KIB, MOST_PASSES, MOST_LANES)
        return any(cost > limit for cost, limit in zip(costs, most, strict=True))
    logarithmic = read.rounds_cost == "log2"
    return bool(read.rounds > (MOST_BCRYPT_ROUNDS if logarithmic else MOST_PBKDF2_ROUNDS))
