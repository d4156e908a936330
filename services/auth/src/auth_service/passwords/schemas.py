"""Bodies about passwords."""

from auth_service.passwords.types import Password
from common.schemas import RequestModel


class PasswordChange(RequestModel):
    """The current password, and the new one."""

    current_password: Password
    new_password: Password
