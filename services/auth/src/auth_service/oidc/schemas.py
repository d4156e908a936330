"""Bodies of signing in through a directory, and of its administration."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from auth_service.fields import NOT_ONE_LINE, DeviceToken, Label
from auth_service.oidc.mappings import NewMapping
from auth_service.oidc.models import MAX_GROUP, GroupMapping
from auth_service.oidc.settings import ID_PATTERN
from auth_service.sessions.models import Delivery
from auth_service.users.grants import MAX_COURTS
from auth_service.users.identities import Identity
from common.identity import Grant, Role
from common.schemas import RequestModel, ResponseModel

# RFC 7636, 4.1 and 4.2.
CHALLENGE: Final = r"^[A-Za-z0-9_-]{43}$"
VERIFIER: Final = r"^[A-Za-z0-9._~-]{43,128}$"


def _one_line(text: str) -> str:
    # Left as it is: it is compared letter for letter.
    if not text.isprintable():
        raise ValueError(NOT_ONE_LINE)
    return text


class ProviderRead(ResponseModel):
    """A directory, for a button on the sign-in page."""

    id: str
    label: str
    start: str = Field(description="where to send the browser, a whole address")


class ProviderList(ResponseModel):
    items: list[ProviderRead]


class SignInExchange(RequestModel):
    """The code of the return address, and the secret whose SHA-256 was the `code_challenge`."""

    code: str = Field(min_length=1, max_length=512, repr=False)
    code_verifier: str = Field(pattern=VERIFIER, repr=False)
    device_name: Label | None = None
    delivery: Delivery = Field(
        default=Delivery.BODY, description="`cookie`: the refresh token is in a cookie instead"
    )
    device_token: DeviceToken = None


class GroupMappingCreate(RequestModel):
    """A group of a directory, and the role that its members have."""

    provider: str = Field(pattern=ID_PATTERN)
    group: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_GROUP,
            description="exactly as the directory names it",
            examples=["registry-clerks"],
        ),
        AfterValidator(_one_line),
    ]
    role: Role
    courts: Annotated[list[UUID], Field(min_length=1, max_length=MAX_COURTS)] | Literal["*"] = (
        Field(description="`*` for all courts")
    )

    def to_mapping(self) -> NewMapping:
        courts = None if self.courts == "*" else frozenset(UUID(str(id_)) for id_ in self.courts)
        return NewMapping(self.provider, self.group, Grant(self.role, courts))


class GroupMappingRead(ResponseModel):
    """What members of a group may do."""

    id: UUID
    provider: str | None = Field(description="null: the directory is no longer in the settings")
    issuer: str
    group: str
    role: Role
    courts: list[UUID] | Literal["*"] = Field(description="`*` for all courts")
    created_at: datetime
    created_by: UUID | None

    @classmethod
    def of(cls, mapping: GroupMapping, provider: str | None) -> "GroupMappingRead":
        return cls(
            id=mapping.id,
            provider=provider,
            issuer=mapping.issuer,
            group=mapping.group_name,
            role=mapping.role,
            courts="*" if mapping.court_ids is None else sorted(mapping.court_ids),
            created_at=mapping.created_at,
            created_by=mapping.created_by,
        )


class IdentityRead(ResponseModel):
    """A user's account in a directory."""

    id: UUID
    provider: str | None = Field(description="null: the directory is no longer in the settings")
    issuer: str
    subject: str = Field(description="its name there")
    created_at: datetime = Field(description="the first sign-in, by the e-mail address")
    last_used_at: datetime

    @classmethod
    def of(cls, identity: Identity, provider: str | None) -> "IdentityRead":
        return cls.model_validate(identity.model_dump() | {"provider": provider})
