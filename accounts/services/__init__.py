"""What may be done to accounts: every page, command, task and interface calls these."""

from accounts.services.addresses import delete_address, make_default_address, save_address
from accounts.services.passwords import change_password, check_current_password, request_reset, reset_password
from accounts.services.profile import (
    PROFILE_FIELDS,
    close_account,
    confirm_email_change,
    edit_account,
    request_email_change,
    update_profile,
)
from accounts.services.sessions import (
    Tokens,
    end_all_sessions,
    end_session,
    open_session,
    refresh_session,
    session_of,
    sessions_of,
)
from accounts.services.sign_in import sign_in
from accounts.services.sign_up import confirm_email, register, sign_up
from accounts.services.staff import ensure_admin

__all__ = [
    "PROFILE_FIELDS",
    "Tokens",
    "change_password",
    "check_current_password",
    "close_account",
    "confirm_email",
    "confirm_email_change",
    "delete_address",
    "edit_account",
    "end_all_sessions",
    "end_session",
    "ensure_admin",
    "make_default_address",
    "open_session",
    "refresh_session",
    "register",
    "request_email_change",
    "request_reset",
    "reset_password",
    "save_address",
    "session_of",
    "sessions_of",
    "sign_in",
    "sign_up",
    "update_profile",
]
