"""The second step of signing in, signing in by a passkey alone, and stepping up."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from auth_service.errors import Maintenance
from auth_service.factors.errors import ChallengeInvalid, FactorRefused, NoFactor
from auth_service.factors.schemas import AppSecret, PasskeyCeremony
from auth_service.limits.counting import RateLimited
from auth_service.limits.device_cookie import DeviceCookieDep
from auth_service.signin import schemas
from auth_service.signin.router import CookieDep, opened
from auth_service.signin.second_step import Answer, SecondStep
from auth_service.signin.step_up import SteppingUp
from common.caller import UserDep
from common.composition import transacting
from common.errors import ValidationFailed
from common.problem_responses import SIGNED_IN, problems

SecondStepDep = Annotated[SecondStep, Depends(transacting(SecondStep))]
StepUpDep = Annotated[SteppingUp, Depends(transacting(SteppingUp))]

router = APIRouter(prefix="/api/v1/auth", tags=["second factor"])


@router.post(
    "/login/factor",
    response_model=schemas.TokenAnswer,
    summary="Finish a sign-in with a second factor",
    responses=problems(ChallengeInvalid, FactorRefused, ValidationFailed, RateLimited, Maintenance),
)
async def send_second_factor(
    request: Request,
    body: schemas.FactorAnswer,
    step: SecondStepDep,
    cookie: CookieDep,
    device_cookie: DeviceCookieDep,
) -> Any:
    """Answer a challenge of `POST /auth/login` or `POST /auth/login/passkey`, and open the session.

    A challenge is for 5 minutes, 5 tries and one sign-in. Wrong codes are 401 `factor-refused` and
    count as wrong passwords do. A code works once, and 30 seconds before and after its time.
    """
    devices = device_cookie.tokens(request, body.device_token)
    previous = cookie.previous(request)
    signed_in = await step.complete(Answer(body.challenge_token, body.proof(), devices, previous))
    return opened(request, signed_in, cookie, device_cookie)


@router.post(
    "/login/enrolment",
    summary="Set up a second factor while signing in",
    responses=problems(ChallengeInvalid, ValidationFailed),
)
async def request_enrolment_secret(
    body: schemas.EnrolmentRequest, step: SecondStepDep
) -> AppSecret:
    """After `factor-enrolment-required`: a secret for an authenticator app. Its code then goes to
    `POST /auth/login/factor`, which answers with the tokens and ten recovery codes.
    """
    return AppSecret.of(await step.begin_enrolment(body.challenge_token))


@router.post(
    "/login/passkey",
    summary="Begin to sign in by a passkey",
    responses=problems(ValidationFailed),
)
async def request_passkey_sign_in(
    body: schemas.PasskeySignIn, step: SecondStepDep
) -> PasskeyCeremony:
    """Options for `navigator.credentials.get`, the same for everybody: no address is needed. Send
    the credential to `POST /auth/login/factor`. The passkey must verify its user, by a PIN or so.
    """
    begun = await step.begin_passkey(body.delivery, body.device_name)
    return PasskeyCeremony.of(begun)


@router.post(
    "/step-up",
    summary="Show your second factor again",
    responses=problems(SIGNED_IN, ValidationFailed, NoFactor, RateLimited),
)
async def check_second_factor(
    body: schemas.StepUpAnswer, step: StepUpDep, principal: UserDep
) -> schemas.AccessTokenAnswer:
    """After a 403 `step-up-required`: an access token with `acr` `aal2` and a new `auth_time`;
    those of later refreshes have them too. A wrong factor is a 422, for the caller is signed in.
    """
    access = await step.step_up(principal, body.proof(), body.challenge_token)
    return schemas.AccessTokenAnswer(access_token=access.value, expires_in=access.expires_in)


@router.post(
    "/step-up/passkey",
    summary="Begin to show a passkey again",
    responses=problems(SIGNED_IN, NoFactor),
)
async def request_passkey_step_up(step: StepUpDep, principal: UserDep) -> PasskeyCeremony:
    """Options for one of your passkeys; send its credential to `POST /auth/step-up`."""
    return PasskeyCeremony.of(await step.begin_passkey(principal))
