"""The page of one's own account, and what may be changed there."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import brake, services
from accounts.auth_forms import CloseForm, EmailChangeForm
from accounts.models import User
from accounts.profile_forms import ProfileForm
from accounts.tokens import Claim, DeadLink, Purpose, read_link_token
from accounts.views.common import may_try_password, member, members_only, show_refusal
from accounts.views.entrance import mail_folder
from cryptons.errors import AlreadyExists, DomainError


@require_http_methods(["GET", "POST"])
@members_only
def profile(request: HttpRequest) -> HttpResponse:
    """Show the account, and store names and phone number."""
    user = member(request)
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in services.PROFILE_FIELDS})
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@require_http_methods(["GET", "POST"])
@members_only
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for a new e-mail address; it comes into use by the link that is sent to it."""
    form = EmailChangeForm(request.POST or None)
    user = member(request)
    if request.method == "POST" and form.is_valid() and may_try_password(request, form):
        data = form.cleaned_data
        try:
            services.request_email_change(user=user, new_email=data["email"], password=data["password"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            brake.release(request, user.email)
            messages.info(request, f"Look in the mailbox of {user.pending_email}: the link there confirms the change.")
            return redirect("accounts:profile")
    return render(request, "accounts/email_change.html", {"form": form, "mail_folder": mail_folder()})


@require_http_methods(["GET", "POST"])
@members_only
def confirm_change(request: HttpRequest, token: str) -> HttpResponse:
    """Put the new address in the place of the old; only a POST by the account's own user does."""
    user = member(request)
    again = reverse("accounts:email_change")
    try:
        claim = _claim_of(user, token)
        if request.method == "POST":
            services.confirm_email_change(user=user, user_id=claim.user_id, email=claim.email)
    except (DeadLink, AlreadyExists) as error:
        return render(request, "accounts/dead_link.html", {"again": again, "reason": error.message}, status=410)
    if request.method == "POST":
        messages.success(request, f"Your e-mail address is now {claim.email}.")
        return redirect("accounts:profile")
    return render(request, "accounts/confirm_change.html", {"email": claim.email})


def _claim_of(user: User, token: str) -> Claim:
    """Return what the link claims. Raises DeadLink where it is not for this user, or not for the address asked for last."""
    claim = read_link_token(Purpose.CHANGE, token)
    if claim.user_id != user.pk or claim.email not in {user.pending_email, user.email}:
        raise DeadLink
    return claim


@require_http_methods(["GET", "POST"])
@members_only
def close(request: HttpRequest) -> HttpResponse:
    """Delete the account after the password was given once more."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_try_password(request, form):
        try:
            services.close_account(user=member(request), password=form.cleaned_data["password"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            logout(request)
            messages.info(request, "Your account is closed. You can go on shopping as a guest.")
            return redirect("shop:home")
    return render(request, "accounts/close.html", {"form": form})
