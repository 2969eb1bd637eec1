"""A forgotten password, and a new one for who knows the old."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods

from accounts import brake, services
from accounts.auth_forms import NewPasswordForm, PasswordChangeForm, ResetRequestForm
from accounts.tokens import DeadLink, reset_tokens
from accounts.views.common import may_ask, may_try_password, member, members_only, personal, show_refusal, status_of
from accounts.views.entrance import mail_folder
from cryptons.errors import DomainError, InvalidInput


@require_http_methods(["GET", "POST"])
@personal
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask where to send the link; any address leads to the same page."""
    form = ResetRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_ask(request, form, "reset"):
        services.request_reset(email=form.cleaned_data["email"])
        return redirect("accounts:password_reset_sent")
    return render(request, "accounts/password_reset.html", {"form": form}, status=status_of(form))


@require_GET
@personal
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look, whatever was typed before."""
    return render(request, "accounts/password_reset_sent.html", {"mail_folder": mail_folder()})


@method_decorator(personal, name="dispatch")
class PasswordResetConfirm(PasswordResetConfirmView):
    """Set a new password by the link from the mailbox. Django moves the token from the address into the session first."""

    template_name = "accounts/password_reset_confirm.html"
    token_generator = reset_tokens

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, which needs no user: the service checks the rules."""
        return NewPasswordForm(self.request.POST or None)

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, take the brake off, and lead to the sign-in."""
        user: Any = self.user
        try:
            services.reset_password(user=user, new_password=form.cleaned_data["new_password"])
        except DeadLink:
            return redirect("accounts:password_reset")
        except InvalidInput as error:
            show_refusal(form, error)
            return self.form_invalid(form)
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        brake.release(self.request, user.email)
        return redirect("accounts:password_reset_complete")


@require_GET
@personal
def password_reset_complete(request: HttpRequest) -> HttpResponse:
    """Say that the new password is in use."""
    return render(request, "accounts/password_reset_complete.html", {"sign_in": reverse("accounts:sign_in")})


@require_http_methods(["GET", "POST"])
@members_only
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password; this browser stays signed in, every other is signed out."""
    form = PasswordChangeForm(request.POST or None)
    user = member(request)
    if request.method == "POST" and form.is_valid() and may_try_password(request, form):
        data = form.cleaned_data
        try:
            services.change_password(user=user, old_password=data["old_password"], new_password=data["new_password"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            brake.release(request, user.email)
            update_session_auth_hash(request, user)
            messages.success(request, "Your password is changed. Every other device was signed out.")
            return redirect("accounts:profile")
    return render(request, "accounts/password_change.html", {"form": form})
