"""Signed checkpoints, which show that earlier events were changed or removed.

They are signed by HMAC under a key of the environment. A signature by a key pair whose public half
is in the same database would prove nothing against an attacker who can write to that database.
"""

import hashlib
import hmac
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from common.audit.links import GENESIS, Link

LABEL: Final = b"masijala audit checkpoint v1\x00"
ID_CHARACTERS: Final = 16
NOT_ANCHORED: Final[Mapping[str, int]] = {}


class CheckpointKind(StrEnum):
    """What a checkpoint says."""

    HEAD = "head"  # the last position of the chain at that time
    START = "start"  # retention has removed all events up to this position


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A position and hash of the chain, signed with the key that has this ID."""

    kind: CheckpointKind
    link: Link
    made_at: datetime
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """Checkpoints after their signatures were checked."""

    start: Link
    signed: dict[int, bytes]
    forged: tuple[Checkpoint, ...]
    unknown: tuple[Checkpoint, ...]

    @property
    def is_unproven(self) -> bool:
        """Whether the newest checkpoint is one that no given key can check."""
        newest = max(self.signed, default=0)
        return any(checkpoint.link.position > newest for checkpoint in self.unknown)


@dataclass(frozen=True, slots=True)
class CheckpointKeys:
    """Keys, the current one first; the others only verify older signatures.

    A key is retired where the next one has signed first: what it signs there or later is
    forged.
    """

    secrets: tuple[str, ...]

    def sign(self, kind: CheckpointKind, link: Link, made_at: datetime) -> Checkpoint:
        """A checkpoint under the current key."""
        secret = self.secrets[0]
        signature = _signature(secret, kind, link, made_at)
        return Checkpoint(kind, link, made_at, key_id(secret), signature)

    def has(self, key: str) -> bool:
        """Whether it is the ID of one of these."""
        return key in self._by_id()

    def signs_as(self, key: str) -> bool:
        """Whether it is the ID of the current one."""
        return key == key_id(self.secrets[0])

    def is_forged(self, checkpoint: Checkpoint) -> bool:
        """Whether its signature is wrong; under an unknown key it cannot be checked."""
        secret = self._by_id().get(checkpoint.key_id)
        return secret is not None and not _is_signed(secret, checkpoint)

    def judge(
        self, checkpoints: Iterable[Checkpoint], anchored: Mapping[str, int] = NOT_ANCHORED
    ) -> Judged:
        """Sort checkpoints by whether their signatures are valid, wrong or of an unknown key.

        `anchored` has the first position that each key has signed outside the database.
        """
        secrets = self._by_id()
        checkpoints = list(checkpoints)
        ends = self._ends(checkpoints, anchored)
        start, signed = GENESIS, {}
        forged, unknown = [], []
        for each in checkpoints:
            secret = secrets.get(each.key_id)
            if secret is None:
                unknown.append(each)
            elif not _is_signed(secret, each) or each.link.position >= ends[each.key_id]:
                forged.append(each)
            elif each.kind is CheckpointKind.START and each.link.position > start.position:
                start = each.link
            else:
                signed[each.link.position] = each.link.hash
        signed[start.position] = start.hash
        return Judged(start, signed, tuple(forged), tuple(unknown))

    def _ends(
        self, checkpoints: Iterable[Checkpoint], anchored: Mapping[str, int]
    ) -> dict[str, float]:
        """Where each key was retired: the first position that any newer one has signed."""
        secrets, first = self._by_id(), dict(anchored)
        for each in checkpoints:
            # Not a start, which the current key signs of a position long ago.
            is_head = each.kind is CheckpointKind.HEAD and each.key_id in secrets
            if is_head and _is_signed(secrets[each.key_id], each):
                known = first.get(each.key_id, each.link.position)
                first[each.key_id] = min(known, each.link.position)
        ends, end = {}, math.inf
        for key in secrets:
            ends[key] = end
            end = min(end, first.get(key, end))
        return ends

    def _by_id(self) -> dict[str, str]:
        return {key_id(secret): secret for secret in self.secrets}


@lru_cache(maxsize=16)
def key_id(secret: str) -> str:
    """A name for a key that reveals nothing about it."""
    return hashlib.sha256(LABEL + b"id\x00" + secret.encode()).hexdigest()[:ID_CHARACTERS]


def _is_signed(secret: str, checkpoint: Checkpoint) -> bool:
    expected = _signature(secret, checkpoint.kind, checkpoint.link, checkpoint.made_at)
    return hmac.compare_digest(expected, checkpoint.signature)


def _signature(secret: str, kind: CheckpointKind, link: Link, made_at: datetime) -> bytes:
    moment = made_at.astimezone(UTC).isoformat(timespec="microseconds")
    content = json.dumps([kind.value, link.position, link.hash.hex(), moment]).encode()
    return hmac.new(secret.encode(), LABEL + content, hashlib.sha256).digest()
