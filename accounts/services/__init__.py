"""What may be done to accounts: every page, command, task and interface calls these."""

from accounts.services.addresses import delete_address, make_default_address, save_address
from accounts.services.passwords import change_password, check_current_password, request_reset, reset_password
from accounts.services.profile import (
    PROFILE_FIELDS,
    close_account,
    confirm_email_change,
    request_email_change,
    update_profile,
)
from accounts.services.sign_up import confirm_email, register, sign_up
from accounts.services.staff import ensure_admin

__all__ = [
    "PROFILE_FIELDS",
    "change_password",
    "check_current_password",
    "close_account",
    "confirm_email",
    "confirm_email_change",
    "delete_address",
    "ensure_admin",
    "make_default_address",
    "register",
    "request_email_change",
    "request_reset",
    "reset_password",
    "save_address",
    "sign_up",
    "update_profile",
]
