"""People: who signs in, and where things are sent to them."""

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F
from django.utils.crypto import get_random_string, salted_hmac

from accounts.postal import PostalAddress
from accounts.topics import account_changed
from cryptons import clock
from cryptons.access import PERMISSIONS, codename
from cryptons.db import KeyedModel, atomic, uuid7
from cryptons.outbox import OutboxRow

_LONGEST_NAME = 150


def canonical_email(email: str) -> str:
    """Return the form in which an e-mail address is stored and compared: trimmed, lower case."""
    return email.strip().lower()


def folded_username(username: str) -> str:
    """Return the form in which user names are compared: two that differ in case, or in how a letter is spelled, are one.

    Some letters become many by that; what is longer than a name may be is stood for by its hash.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())
    return folded if len(folded) <= _LONGEST_NAME else hashlib.sha256(folded.encode()).hexdigest()


class FoldedUsername(models.CharField[str, str]):
    """The user name as it is compared, written with every row that is stored. No database has to know what case is."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return it, made from the name as it is now."""
        value = folded_username(str(getattr(model_instance, "username", "")))
        setattr(model_instance, self.attname, value)
        return value


class UserQuerySet(models.QuerySet["User"]):
    """Keeps what follows from a change, whichever way it is made."""

    def update(self, **changes: Any) -> int:
        """Write `changes` and tell of every account that may be another now (`accounts.topics`).

        A new user name is written as it is compared, too, and whoever may no longer sign in is signed out for good.
        """
        if isinstance(changes.get("username"), str):
            changes["username_folded"] = folded_username(changes["username"])
        if changes.get("is_active") is False:
            changes["sign_outs"] = F("sign_outs") + 1
        with atomic():
            # Asked first: what is written may be what they are found by.
            concerned = list(self.values_list("pk", flat=True))
            written = super().update(**changes)
            if written:
                account_changed(*concerned)
        return written


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is unique without regard to case because only its canonical form is stored."""

    def get_queryset(self) -> UserQuerySet:
        """Return all users."""
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a new user. Raises IntegrityError where e-mail or user name is taken."""
        email = canonical_email(email)
        fields.setdefault("username", "user-" + self.make_random_suffix())
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a new user who may do everything; whoever may run the command answers for the address."""
        fields.setdefault("email_confirmed_at", clock.now())
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this e-mail address in any case. Raises User.DoesNotExist."""
        return self.get(email=canonical_email(username or ""))

    @staticmethod
    def make_random_suffix() -> str:
        """Return what makes a derived user name unique in practice.

        Nothing of the e-mail address goes into such a name: it may stand under a review for everybody to read.
        """
        return get_random_string(8, "abcdefghjkmnpqrstvwxyz0123456789")


class User(KeyedModel, AbstractBaseUser, PermissionsMixin):
    """Somebody with an account; signs in by e-mail address and password.

    `email_confirmed_at` is null until a link sent to the address was followed. `pending_email` is the address that is to take the
    place of `email` once its own link was followed ("" for none). `sign_outs` goes into what sessions are recognised by, in the shop,
    the admin and the API: counting it up ends them all for good, and being closed counts it up.
    """

    email = models.EmailField("e-mail address", unique=True)
    username = models.CharField(
        "user name", max_length=_LONGEST_NAME, unique=True, validators=[UnicodeUsernameValidator()]
    )
    username_folded = FoldedUsername(max_length=_LONGEST_NAME, unique=True, editable=False)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    email_confirmed_at = models.DateTimeField("e-mail confirmed", null=True, blank=True, editable=False)
    pending_email = models.EmailField("e-mail address to be confirmed", blank=True, editable=False)
    sign_outs = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("-created_at",)
        permissions = [(codename(name), meaning) for name, meaning in PERMISSIONS.items()]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the e-mail address into its canonical form before it is compared."""
        super().clean()
        self.email = canonical_email(self.email)

    def save(self, **options: Any) -> None:
        """Store the row. Who may not sign in is signed out for good: being let in again later revives no session."""
        if not self.is_active and not self._state.adding:
            self.sign_outs += 1
            if options.get("update_fields") is not None:
                options["update_fields"] = {*options["update_fields"], "sign_outs"}
        super().save(**options)

    def get_session_auth_hash(self) -> str:
        """Return what a session has to know to be one of this user's: it changes with the password, and when all are signed out."""
        return self._counted(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same for the store's former keys."""
        return map(self._counted, super().get_session_auth_fallback_hash())

    def _counted(self, mark: str) -> str:
        if not self.sign_outs:
            return mark
        return salted_hmac("accounts.sign_outs", f"{mark}:{self.sign_outs}", algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """Return first and last name, or the e-mail address where neither is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class Address(KeyedModel, PostalAddress):
    """One entry of a user's address book."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True)
    is_default = models.BooleanField("use this first", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-is_default", "-created_at")
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return ", ".join(self.postal_lines())


class ApiSession(KeyedModel):
    """Somebody signed in through the API: one device, from signing in to signing out.

    `refresh_id` is the id (`jti`) of the one refresh token that may still be used; using it puts the next one in its place. Every
    other refresh token of the session was used before. `ended_at` ends the session with all its tokens, and so does another password:
    `password_mark` is an HMAC of the one that opened it (`User.get_session_auth_hash`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_sessions")
    refresh_id = models.UUIDField(default=uuid7)
    password_mark = models.CharField(max_length=64, editable=False)
    device = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    used_at = models.DateTimeField("last renewed", default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-used_at",)
        verbose_name = "API session"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.device or 'unknown device'}"


class MailKind(models.TextChoices):
    """What an e-mail about an account says. Each has its templates under `templates/accounts/email/`."""

    CONFIRM = "confirm", "Confirm the address"
    ALREADY_REGISTERED = "already_registered", "There is an account already"
    RESET = "reset", "Reset the password"
    CONFIRM_CHANGE = "confirm_change", "Confirm the new address"
    ADDRESS_CHANGED = "address_changed", "The address was changed"
    PASSWORD_CHANGED = "password_changed", "The password was changed"
    ACCOUNT_CLOSED = "account_closed", "The account was closed"
    BACK_IN_STOCK = "back_in_stock", "Something on the wishlist is back"


class AccountMail(OutboxRow):
    """An e-mail about an account, queued in the transaction that made it due.

    `to` is what was typed and may belong to nobody: whether anything leaves is decided at delivery, so that no page's answer or
    its timing tells who has an account. Links are made at delivery too: no token is ever stored.
    """

    kind = models.CharField(max_length=24, choices=MailKind)
    to = models.EmailField("to")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    payload = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "account e-mail"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.to}"
