"""The local stack's settings, from the environment or the file .env."""

from pathlib import Path
from typing import Final, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from devstack.errors import StackError

DEMO_ORIGINS: Final = "http://localhost:3000,http://localhost:5173"


class DevstackSettings(BaseSettings):
    """The variables of `make run`; services get theirs from `devstack.environment`."""

    model_config = SettingsConfigDict(
        env_prefix="MASIJALA_",
        env_file=".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(
        default=Path(".local"), description="where the local databases, keys and logs live"
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65532,
        description="the gateway's port; auth, core and the policy listen on the next three; "
        "0 takes free ports",
    )
    demo: bool = Field(
        default=True, description="make demo accounts, courts and cases on the first start"
    )
    demo_password: SecretStr | None = Field(
        default=None, description="password of the demo accounts; else generated and printed"
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="a Postgres server to use instead of the embedded one; "
        "its databases auth and core are made when missing",
    )
    redis_url: SecretStr | None = Field(
        default=None, description="a Valkey or Redis to use instead of the embedded one"
    )
    allowed_origins: str | None = Field(
        default=None,
        validation_alias="GATEWAY_ALLOWED_ORIGINS",
        description="the frontends' origins; in demo mode two on localhost",
    )

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises StackError, naming the variable that is wrong."""
        try:
            return cls()
        except ValidationError as error:
            fault = error.errors()[0]
            name = f"{cls.model_config['env_prefix']}{fault['loc'][0]}".upper()
            raise StackError(f"{name}: {fault['msg']}") from None

    @property
    def origins(self) -> str:
        """The allowed origins, comma-separated; empty when there are none."""
        if self.allowed_origins is not None:
            return self.allowed_origins
        return DEMO_ORIGINS if self.demo else ""
