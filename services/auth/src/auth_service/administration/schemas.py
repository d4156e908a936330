"""Bodies about the accounts of other users."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from auth_service.administration.service import Change, Invitation
from auth_service.administration.support import Facts, InvitationState
from auth_service.fields import EmailText, PersonName
from auth_service.users.grants import MAX_COURTS, MAX_GRANTS, GrantRead
from auth_service.users.models import EmailChange, MailState, User, UserGrant
from auth_service.users.service import TimedGrant
from common.dates import Moment
from common.identity import Grant, Role
from common.schemas import RequestModel, ResponseModel


def _whole_seconds(moment: datetime) -> datetime:
    """Tokens count in seconds: one that is issued before the moment expires at it, not before."""
    return moment.replace(microsecond=0)


GrantMoment = Annotated[Moment, AfterValidator(_whole_seconds)]
GrantEnd = Annotated[
    GrantMoment | None, Field(description="in whole seconds; null: until it is removed")
]


class GrantCreate(RequestModel):
    """A role to give, at `courts` or at those of a group."""

    role: Role
    courts: (
        Annotated[list[UUID], Field(min_length=1, max_length=MAX_COURTS)] | Literal["*"] | None
    ) = Field(default=None, description="`*` for all courts")
    group_id: UUID | None = Field(
        default=None, description="instead of `courts`: those that the group has at any time"
    )
    begins_at: GrantMoment | None = Field(
        default=None, description="in whole seconds; null: at once"
    )
    expires_at: GrantEnd = None

    @model_validator(mode="after")
    def _one_kind_of_courts(self) -> "GrantCreate":
        if (self.courts is None) == (self.group_id is None):
            raise ValueError("give courts or group_id")
        return self

    def to_grant(self) -> TimedGrant:
        ids = () if self.courts is None else self.courts
        courts = None if ids == "*" else frozenset(UUID(str(id_)) for id_ in ids)
        grant = Grant(self.role, courts)
        return TimedGrant(grant, self.expires_at, self.begins_at, self.group_id)


class GrantUpdate(RequestModel):
    """Until when a user is to have a role."""

    expires_at: GrantEnd


class UserInvite(RequestModel):
    """A user to invite."""

    email: EmailText
    name: PersonName
    grants: list[GrantCreate] = Field(default=[], max_length=MAX_GRANTS)

    def to_invitation(self) -> Invitation:
        return Invitation(self.email, self.name, tuple(grant.to_grant() for grant in self.grants))


class UserUpdate(RequestModel):
    """What to change; at least one member."""

    name: PersonName | None = None
    is_active: bool | None = None
    email: EmailText | None = None

    @model_validator(mode="after")
    def _something(self) -> "UserUpdate":
        if self.name is None and self.is_active is None and self.email is None:
            raise ValueError("give name, is_active or email")
        return self

    def to_change(self) -> Change:
        return Change(self.name, self.is_active, self.email)


class UserGrantRead(ResponseModel):
    """A grant with its history."""

    id: UUID
    role: Role
    courts: list[UUID] | Literal["*"] = Field(description="`*` for all courts")
    group_id: UUID | None = Field(description="the group whose courts these are")
    begins_at: datetime | None = Field(description="null: at once")
    expires_at: datetime | None
    version: int
    mapping_id: UUID | None = Field(
        description="the group mapping that it follows from; null: an administrator has given it"
    )
    created_at: datetime
    created_by: UUID | None = Field(description="null: the command line, or a directory's group")

    @classmethod
    def of(cls, grant: UserGrant) -> "UserGrantRead":
        courts = "*" if grant.court_ids is None else sorted(grant.court_ids)
        return cls.model_validate(grant.model_dump() | {"courts": courts})


class MailRead(ResponseModel):
    """What has become of a letter."""

    state: MailState
    reason: str | None = Field(description="why it is refused, or still queued after a try")
    at: datetime

    @classmethod
    def of(cls, about: User | EmailChange) -> "MailRead | None":
        if about.mail_state is None or about.mail_at is None:
            return None
        return cls(state=about.mail_state, reason=about.mail_reason, at=about.mail_at)


class InvitationRead(ResponseModel):
    """Whether a mailed link works with which the user sets the first password."""

    state: InvitationState
    expires_at: datetime | None

    @classmethod
    def of(cls, facts: Facts) -> "InvitationRead | None":
        if facts.invitation is None:
            return None
        state, expires_at = facts.invitation
        return cls(state=state, expires_at=expires_at)


class CodeRead(ResponseModel):
    """A printed code that was not used yet."""

    created_at: datetime
    expires_at: datetime


class EmailChangeRead(ResponseModel):
    """A change of the address that waits for its confirmation."""

    email: str = Field(description="the new address")
    created_at: datetime
    mail: MailRead | None = Field(description="the letter with the link that confirms it")

    @classmethod
    def of(cls, change: EmailChange) -> "EmailChangeRead":
        return cls(email=change.new_email, created_at=change.created_at, mail=MailRead.of(change))


class OneTimeCodeIssued(ResponseModel):
    """A printed code, which is shown this once."""

    code: str
    expires_at: datetime


class UserRead(ResponseModel):
    """A user, as administrators see them."""

    id: UUID
    email: str
    name: str
    is_active: bool
    has_password: bool = Field(description="false: the invitation has not been accepted yet")
    is_locked: bool = Field(
        description=(
            "after too many failed sign-ins in a row the password works only on devices that have"
            " signed in before, until it is reset or unlocked"
        )
    )
    has_factor: bool = Field(description="whether the user signs in with a second factor")
    factor_due_at: datetime | None = Field(
        description="from then on the user cannot sign in without one; null: there is no such date"
    )
    dormant_at: datetime | None = Field(
        description="deactivated then unless the user signs in before; null: there is no such date"
    )
    anonymised_at: datetime | None
    last_sign_in_at: datetime | None = Field(description="null: never")
    failed_sign_ins: int = Field(description="since the last sign-in")
    invitation: InvitationRead | None = Field(description="null: the user has set a password")
    one_time_code: CodeRead | None = Field(description="null: there is none that works")
    email_change: EmailChangeRead | None
    mail: MailRead | None = Field(description="the last letter; null: none was ever sent")
    grants: list[UserGrantRead] = Field(description="those that are over or have not begun too")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, user: User, grants: Sequence[UserGrant], facts: Facts) -> "UserRead":
        code, change = facts.code, facts.email_change
        return cls(
            is_locked=facts.is_locked,
            has_factor=facts.has_factor,
            last_sign_in_at=user.last_signed_in_at,
            failed_sign_ins=facts.failed_sign_ins,
            invitation=InvitationRead.of(facts),
            one_time_code=CodeRead.model_validate(code) if code is not None else None,
            email_change=EmailChangeRead.of(change) if change is not None else None,
            mail=MailRead.of(user),
            **user.model_dump(
                include={
                    *("id", "email", "name", "is_active", "factor_due_at"),
                    *("dormant_at", "anonymised_at"),
                    *("version", "created_at", "updated_at"),
                }
            ),
            has_password=user.password_hash is not None,
            grants=[UserGrantRead.of(grant) for grant in grants],
        )


class UserName(ResponseModel):
    """A user's name, for showing who did something."""

    id: UUID
    name: str


class UserNames(ResponseModel):
    """The users that were found."""

    items: list[UserName]


class UserPrincipal(ResponseModel):
    """What a user may do now."""

    id: UUID
    grants: list[GrantRead]


class ClientPrincipal(ResponseModel):
    """What a service client may do now, and at which services."""

    client_id: str
    scopes: list[str]
    audiences: list[str]


class Principals(ResponseModel):
    """Users and service clients with any grant or scope now."""

    users: list[UserPrincipal]
    clients: list[ClientPrincipal]
