"""Notifies users of sign-ins from devices that have not signed in before."""

from dataclasses import dataclass

from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.sessions.opening import Device, SessionRules
from auth_service.users.models import User


@dataclass(frozen=True, slots=True)
class DeviceLetters:
    rules: SessionRules
    limits: Limits
    outbox: Outbox

    async def notify(self, user: User, device: Device) -> None:
        """Mail the user that an unknown device signs in, but not for the first sign-in after the
        password was set, which the user has just done.
        """
        last, password_set = user.last_signed_in_at, user.password_changed_at
        is_first = last is None or (password_set is not None and last < password_set)
        if not self.rules.device_letters or device.is_known or is_first:
            return
        if await self.limits.has_room_for_device_letter(user.id):
            await self.outbox.new_device(user.id)
