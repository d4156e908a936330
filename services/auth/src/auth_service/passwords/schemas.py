"""Bodies about passwords."""

from pydantic import ConfigDict

from auth_service.passwords.types import Password
from common.schemas import RequestModel


class PasswordChange(RequestModel):
    """The current password, and the new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "current_password": "seven brown owls under the old bridge",
                    "new_password": "twelve green herons above a mill",
                }
            ]
        }
    )

    current_password: Password
    new_password: Password
