"""People in the admin. Passwords are set there, never shown; nobody below a superuser makes themselves or others more than they are."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import AccountMail, Address, ApiSession, User, canonical_email, folded_username
from accounts.services import end_session
from cryptons import clock
from cryptons.outbox import send_again

_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class _CanonicalEmail(forms.ModelForm[User]):
    """Compares the address in the form in which it is stored."""

    def clean_email(self) -> str:
        """Return the canonical form, so that a taken address is found in any case."""
        return canonical_email(self.cleaned_data["email"])

    def clean_username(self) -> str:
        """Return the name, unless somebody has it in another case."""
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username_folded=folded_username(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("This user name is taken.")
        return name


class UserCreateForm(_CanonicalEmail, AdminUserCreationForm[User]):
    """A new user, made by the staff, who answer for the address."""

    class Meta:
        model = User
        fields = ("email", "username")


class UserEditForm(_CanonicalEmail):
    """A user without the password, which has a page of its own."""

    class Meta:
        model = User
        fields = ("email", "username", "first_name", "last_name", "phone", "is_active", *_RIGHTS)


class ConfirmedFilter(admin.SimpleListFilter):
    """Whether the address was confirmed."""

    title = "e-mail confirmed"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(email_confirmed_at__isnull=self.value() == "no")
        return queryset


class AddressInline(admin.StackedInline[Address, User]):
    """The address book, kept by its owner."""

    model = Address
    extra = 0
    can_delete = False
    fields = ("label", "full_name", "line1", "line2", "postal_code", "city", "region", "country", "phone", "is_default")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Everybody with an account."""

    form = UserEditForm
    add_form = UserCreateForm
    list_display = ("email", "name", "is_active", "is_staff", "confirmed", "created_at", "last_login")
    list_filter = ("is_staff", "is_active", ConfirmedFilter, "groups", "created_at")
    search_fields = ("email", "username", "first_name", "last_name")
    ordering = ("-created_at",)
    readonly_fields = ("password_page", "email_confirmed_at", "pending_email", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("email", "username", "password_page", "email_confirmed_at", "pending_email")}),
        ("Person", {"fields": ("first_name", "last_name", "phone")}),
        ("Rights", {"fields": ("is_active", *_RIGHTS)}),
        ("Times", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "username", "usable_password", "password1", "password2")}),
    )

    @admin.display(ordering="last_name")
    def name(self, user: User) -> str:
        return f"{user.first_name} {user.last_name}".strip()

    @admin.display(boolean=True, description="confirmed")
    def confirmed(self, user: User) -> bool:
        return user.email_confirmed_at is not None

    @admin.display(description="password")
    def password_page(self, user: User) -> str:
        page = reverse("admin:auth_user_password_change", args=[user.pk])
        words = "Set a new password" if user.has_usable_password() else "No password yet. Set one"
        return format_html('<a href="{}">{}</a>', page, words)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [AddressInline] if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if _is_superuser(request) else (*fixed, *_RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change or "email" in form.changed_data:
            obj.email_confirmed_at = clock.now()
            obj.pending_email = ""
        super().save_model(request, obj, form, change)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Only a superuser changes staff: whoever could set a colleague's password would have that colleague's rights."""
    return (
        user is None or _is_superuser(request) or not (user.is_staff or user.is_superuser) or user.pk == request.user.pk
    )


class _ReadOnly:
    """Rows that are looked at, not changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Address)
class AddressAdmin(_ReadOnly, admin.ModelAdmin[Address]):
    """All address books."""

    list_display = ("full_name", "city", "country", "user", "is_default", "updated_at")
    list_filter = ("is_default", "country")
    list_select_related = ("user",)
    search_fields = ("full_name", "line1", "city", "postal_code", "user__email")


@admin.register(ApiSession)
class ApiSessionAdmin(_ReadOnly, admin.ModelAdmin[ApiSession]):
    """Where people are signed in through the API; the staff may end a session."""

    list_display = ("used_at", "user", "device", "created_at", "expires_at", "ended_at")
    list_filter = ("used_at", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__email", "device")
    fields = list_display
    actions = ("end",)

    @admin.action(description="End these sessions", permissions=["end"])
    def end(self, request: HttpRequest, rows: QuerySet[ApiSession]) -> None:
        ended = [session for session in rows.select_related("user") if _may_touch(request, session.user)]
        for session in ended:
            end_session(user=session.user, session_id=session.pk)
        self.message_user(request, f"{len(ended)} of {len(rows)} ended; their tokens are worth nothing from now on.")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apisession")


@admin.register(AccountMail)
class AccountMailAdmin(_ReadOnly, admin.ModelAdmin[AccountMail]):
    """What was to be told about accounts, and what became of it."""

    list_display = ("created_at", "kind", "to", "attempts", "sent_at", "next_attempt_at", "last_error")
    list_filter = ("kind", "sent_at", "created_at")
    search_fields = ("to", "user__email")
    actions = ("try_again",)

    @admin.action(description="Send again", permissions=["send"])
    def try_again(self, request: HttpRequest, rows: QuerySet[AccountMail]) -> None:
        for row in rows:
            send_again(row)
        self.message_user(request, f"{len(rows)} will be tried again within seconds.")

    def has_send_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)
