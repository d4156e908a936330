"""Refusals about second factors."""

from typing import ClassVar

from common.errors import Conflict, Unauthenticated


class ChallengeInvalid(Unauthenticated):
    """Used, expired, tried too often, or unknown: the same answer."""

    code: ClassVar[str] = "challenge-invalid"
    title: ClassVar[str] = "This challenge is no longer valid; begin again"


class FactorRefused(Unauthenticated):
    """A wrong, used or locked code, or a passkey that is not the user's: the same answer."""

    code: ClassVar[str] = "factor-refused"
    title: ClassVar[str] = "This second factor is not valid"


class FactorObligatory(Conflict):
    """A role of the user must have a second factor, and this is the last one."""

    code: ClassVar[str] = "factor-obligatory"
    title: ClassVar[str] = "A second factor is obligatory for you; add another one first"


class FactorLimit(Conflict):
    """A user may have ten second factors."""

    code: ClassVar[str] = "factor-limit"
    title: ClassVar[str] = "You have as many second factors as are allowed; remove one first"


class PasskeyKnown(Conflict):
    """This passkey is registered already."""

    code: ClassVar[str] = "passkey-known"
    title: ClassVar[str] = "This passkey is registered already"


class NoFactor(Conflict):
    """Recovery codes stand in for a factor, so there must be one."""

    code: ClassVar[str] = "factor-missing"
    title: ClassVar[str] = "You have no second factor"
