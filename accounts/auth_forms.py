"""Forms for getting in: signing up and in, a new password, a new e-mail address."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import brake
from accounts.models import User, canonical_email

LONGEST_PASSWORD = 1000
_HINT = "At least 10 characters. Three or four unrelated words make a good one."


class EmailField(forms.EmailField):
    """An e-mail address in its canonical form."""

    def __init__(self, *, autocomplete: str = "email", label: str = "E-mail address") -> None:
        super().__init__(
            label=label,
            error_messages={
                "required": "Enter your e-mail address.",
                "invalid": "Enter an e-mail address such as name@example.com.",
            },
            widget=forms.EmailInput(
                attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
            ),
        )

    def clean(self, value: Any) -> str:
        """Return the address as it is stored and compared."""
        email = super().clean(value)
        if not email.partition("@")[0].isascii():
            # Some letters beyond ASCII look like others, or become them in lower case.
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return canonical_email(email)


class PasswordField(forms.CharField):
    """A password: never trimmed, never shown again."""

    def __init__(self, label: str, autocomplete: str, missing: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            help_text=help_text,
            error_messages={"required": missing},
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        )


def _new_password() -> PasswordField:
    return PasswordField("New password", "new-password", "Choose a password.", _HINT)


class SignUpForm(forms.Form):
    """Address and password of a new account."""

    email = EmailField(autocomplete="username")
    password = PasswordField("Password", "new-password", "Choose a password.", _HINT)

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, the address among them: what it says depends on nothing but what was typed."""
        data = super().clean() or self.cleaned_data
        if "email" in data and "password" in data:
            try:
                validate_password(data["password"], User(email=data["email"]))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class SignInForm(AuthenticationForm):
    """Address and password; one answer for an unknown address, a wrong password and an address that is not confirmed."""

    username = EmailField(autocomplete="username")
    password = PasswordField("Password", "current-password", "Enter your password.")

    error_messages = {
        "invalid_login": (
            "This e-mail address and password do not belong together, or the address is not confirmed yet. "
            "Check both, look for our e-mail in your mailbox, or set a new password."
        ),
        "inactive": "",
    }

    def clean(self) -> dict[str, Any]:
        """Sign in, unless there were too many tries."""
        email = self.cleaned_data.get("username", "")
        wait = brake.wait(self.request, email) if email and self.request is not None else 0
        if wait:
            raise ValidationError(brake.too_many(wait), code="brake", params={"wait": wait})
        return super().clean()

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse who has not confirmed the address, in the words of a wrong password."""
        if not user.is_active or user.email_confirmed_at is None:
            raise self.get_invalid_login_error()


class ConfirmForm(forms.Form):
    """The password chosen at sign-up, asked for where another browser opens the link."""

    password = PasswordField("Password", "current-password", "Enter the password you chose.")


class ResetRequestForm(forms.Form):
    """Where to send the link for a new password."""

    email = EmailField(autocomplete="username")


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be looked at while typing."""

    new_password = _new_password()


class PasswordChangeForm(forms.Form):
    """The current password and the new one."""

    old_password = PasswordField("Current password", "current-password", "Enter your current password.")
    new_password = _new_password()


class EmailChangeForm(forms.Form):
    """The new address, and the password as proof that it is the owner who asks."""

    email = EmailField(label="New e-mail address")
    password = PasswordField("Your password", "current-password", "Enter your password.")


class CloseForm(forms.Form):
    """The password, before an account is deleted."""

    password = PasswordField("Your password", "current-password", "Enter your password.")
