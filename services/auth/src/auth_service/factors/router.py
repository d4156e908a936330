"""The second factors of the caller: /auth/factors."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from auth_service.factors import schemas
from auth_service.factors.errors import FactorLimit, FactorObligatory, NoFactor, PasskeyKnown
from auth_service.factors.own import OwnFactors
from auth_service.sessions.errors import ReauthenticationRequired, StepUpRequired
from common.caching import NEVER_STORED
from common.caller import UserDep
from common.composition import working
from common.errors import ValidationFailed
from common.problem_responses import ONE, SIGNED_IN, Errors, problems
from common.writes import write

OwnFactorsDep = Annotated[OwnFactors, Depends(working(OwnFactors))]
TRUSTED: Errors = (*SIGNED_IN, ReauthenticationRequired, StepUpRequired)

router = APIRouter(
    prefix="/api/v1/auth/factors", tags=["second factor"], dependencies=[NEVER_STORED]
)


@router.get("", summary="List your second factors", responses=problems(SIGNED_IN))
async def list_my_factors(factors: OwnFactorsDep, principal: UserDep) -> schemas.FactorList:
    """Your authenticator app and passkeys, how many recovery codes are left, and whether you must
    have a second factor.
    """
    return schemas.FactorList.of(await factors.status(principal))


@router.post(
    "/totp",
    summary="Set up an authenticator app",
    responses=problems(TRUSTED, ValidationFailed, FactorLimit),
)
async def add_authenticator_app(
    body: schemas.AppCreate, factors: OwnFactorsDep, principal: UserDep
) -> schemas.AppSecret:
    """A secret for an authenticator app (RFC 6238), which counts once its code was sent to
    `POST /auth/factors/totp/confirm`; until then an app that you had before stays.

    Without a second factor this requires a recent sign-in, with one that you have just shown it.
    """
    return schemas.AppSecret.of(await factors.begin_app(principal, body.name))


@router.post(
    "/totp/confirm",
    summary="Confirm an authenticator app",
    responses=problems(TRUSTED, ValidationFailed),
)
async def validate_authenticator_app(
    body: schemas.AppConfirmation, factors: OwnFactorsDep, principal: UserDep
) -> schemas.FactorAdded:
    """With its code the new app counts, in place of the one before. With the first second factor
    your other sessions end, and ten recovery codes are shown: this once.
    """
    return schemas.FactorAdded.of(await factors.confirm_app(principal, body.code))


@router.post(
    "/passkeys/options",
    summary="Begin to register a passkey",
    responses=problems(TRUSTED),
)
async def request_passkey_registration(
    factors: OwnFactorsDep, principal: UserDep
) -> schemas.PasskeyCeremony:
    """Options for `navigator.credentials.create` of the browser, valid for 5 minutes."""
    return schemas.PasskeyCeremony.of(await factors.begin_passkey(principal))


@router.post(
    "/passkeys",
    summary="Register a passkey",
    responses=problems(TRUSTED, ValidationFailed, PasskeyKnown, FactorLimit),
)
async def add_passkey(
    body: schemas.PasskeyCreate, factors: OwnFactorsDep, principal: UserDep
) -> schemas.FactorAdded:
    """The passkey counts at once, as a second factor and for signing in without a password.
    Recovery codes and other sessions: as with an authenticator app.
    """
    added = await factors.add_passkey(principal, body.challenge_token, body.name, body.passkey)
    return schemas.FactorAdded.of(added)


@router.post(
    "/recovery-codes",
    summary="Get new recovery codes",
    responses=problems(TRUSTED, NoFactor),
)
async def issue_recovery_codes(factors: OwnFactorsDep, principal: UserDep) -> schemas.RecoveryCodes:
    """Ten new codes, shown this once. None of the earlier ones works any more."""
    return schemas.RecoveryCodes(recovery_codes=list(await factors.renew_codes(principal)))


@router.delete(
    "/{factor_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Remove a second factor",
    responses=problems(TRUSTED, ONE, FactorObligatory),
)
@write
async def remove_factor(factor_id: UUID, factors: OwnFactorsDep, principal: UserDep) -> None:
    """Requires that you have just shown a second factor (`POST /auth/step-up`). The last one cannot
    be removed while it is obligatory; recovery codes go with it.
    """
    await factors.remove(principal, factor_id)
