"""Write and send one queued e-mail about an account. Who it reaches, and with which link, is decided here, not in the request."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import AccountMail, MailKind, User
from accounts.tokens import Claim, Purpose, make_link_token, reset_tokens

Context = Mapping[str, Any]

_SUBJECTS = {
    MailKind.CONFIRM: "Confirm your e-mail address",
    MailKind.ALREADY_REGISTERED: "You already have an account",
    MailKind.RESET: "Set a new password",
    MailKind.CONFIRM_CHANGE: "Confirm your new e-mail address",
    MailKind.ADDRESS_CHANGED: "Your e-mail address was changed",
    MailKind.PASSWORD_CHANGED: "Your password was changed",
    MailKind.ACCOUNT_CLOSED: "Your account is closed",
    MailKind.BACK_IN_STOCK: "Back in stock",
}


def send(row: AccountMail) -> None:
    """Send what `row` says, or nothing where it no longer makes sense. Raises what the mail server's connection raises."""
    kind = MailKind(row.kind)
    context = _CONTEXTS[kind](row)
    if context is None:
        return
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "to": row.to,
        "subject": _SUBJECTS[kind],
        **context,
    }
    message = EmailMultiAlternatives(
        subject=f"{_SUBJECTS[kind]} – {settings.SITE_NAME}",
        body=render_to_string(f"accounts/email/{kind}.txt", context),
        to=[row.to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"accounts/email/{kind}.html", context), "text/html")
    message.send()


def _url(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(f"accounts:{name}", args=args)


def _confirm(row: AccountMail) -> Context | None:
    user = row.user
    if user is None or user.email != row.to or user.email_confirmed_at or not user.is_active:
        return None
    claim = Claim(user_id=user.pk, email=row.to, browser=row.payload.get("browser", ""))
    return {"link": _url("confirm_email", make_link_token(Purpose.CONFIRM, claim)), "days": settings.CONFIRM_EMAIL_DAYS}


def _confirm_change(row: AccountMail) -> Context | None:
    user = row.user
    if user is None or user.pending_email != row.to or not user.is_active:
        return None
    claim = Claim(user_id=user.pk, email=row.to)
    return {
        "link": _url("confirm_change", make_link_token(Purpose.CHANGE, claim)),
        "days": settings.CONFIRM_EMAIL_DAYS,
        "old": user.email,
    }


def _reset(row: AccountMail) -> Context | None:
    user = User.objects.filter(email=row.to, is_active=True).first()
    if user is None:
        return None
    token = reset_tokens.make_token(user)
    link = _url("password_reset_confirm", urlsafe_base64_encode(force_bytes(user.pk)), token)
    return {"link": link, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


def _plain(row: AccountMail) -> Context | None:
    return {
        "sign_in": _url("sign_in"),
        "reset": _url("password_reset"),
        "new": row.payload.get("new", ""),
    }


def _back_in_stock(row: AccountMail) -> Context | None:
    if row.user is None or row.user.email != row.to or not row.user.is_active:
        return None
    return {"product": row.payload.get("product", ""), "link": settings.SITE_URL + row.payload.get("path", "")}


_CONTEXTS: Mapping[MailKind, Callable[[AccountMail], Context | None]] = {
    MailKind.CONFIRM: _confirm,
    MailKind.ALREADY_REGISTERED: _plain,
    MailKind.RESET: _reset,
    MailKind.CONFIRM_CHANGE: _confirm_change,
    MailKind.ADDRESS_CHANGED: _plain,
    MailKind.PASSWORD_CHANGED: _plain,
    MailKind.ACCOUNT_CLOSED: _plain,
    MailKind.BACK_IN_STOCK: _back_in_stock,
}
