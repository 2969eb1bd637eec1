"""Signing up, confirming the address, signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods

from accounts import brake, services
from accounts.auth_forms import ConfirmForm, SignInForm, SignUpForm
from accounts.models import User
from accounts.selectors import user_of_link
from accounts.tokens import DeadLink, Purpose, read_link_token
from accounts.views.common import SIGN_UP_NONCE, browser_nonce, may_ask, personal, show_refusal, status_of
from cryptons.errors import InvalidInput
from cryptons.redirects import local_url

_NEXT = "sign_up_next"


@require_http_methods(["GET", "POST"])
@personal
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; any valid pair leads to the same page."""
    target = local_url(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(target or "accounts:profile")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_ask(request, form, "sign-up"):
        request.session[_NEXT] = target
        try:
            services.sign_up(
                email=form.cleaned_data["email"], password=form.cleaned_data["password"], nonce=browser_nonce(request)
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            return redirect("accounts:sign_up_sent")
    return render(request, "accounts/sign_up.html", {"form": form, "next": target}, status=status_of(form))


@require_GET
@personal
def sign_up_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look, whatever was typed before."""
    return render(request, "accounts/sign_up_sent.html", {"mail_folder": mail_folder()})


@require_http_methods(["GET", "POST"])
@personal
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address by the link from the mailbox and sign in.

    Only a POST confirms, for mail programs open links by themselves. The browser that signed up need not give the password again.
    """
    try:
        claim = read_link_token(Purpose.CONFIRM, token)
        user = user_of_link(claim)
    except DeadLink:
        return render(request, "accounts/dead_link.html", {"again": reverse("accounts:sign_up")}, status=410)
    if user.email_confirmed_at is not None:
        return redirect("accounts:profile")
    known_browser = claim.asked_from(request.session.get(SIGN_UP_NONCE, ""))
    form = None if known_browser else ConfirmForm(request.POST or None)
    if request.method == "POST" and (form is None or _password_fits(request, form, user)):
        return _welcome(request, services.confirm_email(user_id=user.pk, email=claim.email))
    return render(request, "accounts/confirm_email.html", {"form": form, "email": user.email})


def _password_fits(request: HttpRequest, form: ConfirmForm, user: User) -> bool:
    if not form.is_valid():
        return False
    if not brake.may_try(request, user.email):
        form.add_error("password", brake.too_many(brake.wait(request, user.email)))
        return False
    if not user.check_password(form.cleaned_data["password"]):
        form.add_error("password", "This is not the password chosen at sign-up. If you forgot it, set a new one.")
        return False
    return True


def _welcome(request: HttpRequest, user: User) -> HttpResponse:
    target = local_url(request, request.session.pop(_NEXT, ""), reverse("accounts:profile"))
    request.session.pop(SIGN_UP_NONCE, None)
    login(request, user)
    messages.success(request, "Your e-mail address is confirmed, and you are signed in.")
    return redirect(target)


@method_decorator(personal, name="dispatch")
class SignInView(LoginView):
    """Sign in and go on to `next`, where it is a page of this store."""

    authentication_form = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context without Django's `site_name`, which is the host and would hide the store's name."""
        context = super().get_context_data(**kwargs)
        del context["site_name"]
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; with the status for too many tries while the brake is on."""
        response = super().form_invalid(form)
        if form.has_error("__all__", "brake"):
            response.status_code = 429
            response["Retry-After"] = str(form.errors.as_data()["__all__"][0].params["wait"])
        return response


@method_decorator(personal, name="dispatch")
class SignOutView(LogoutView):
    """Sign out; only by POST, so that no picture in another page can do it."""


def mail_folder() -> str:
    """Return the folder of the embedded mail backend, for the hint on a developer's machine; "" where a server sends."""
    return str(getattr(settings, "EMAIL_FILE_PATH", "")) if settings.EMAIL_URL.startswith("embedded") else ""
