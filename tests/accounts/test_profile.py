"""One's own details, a new e-mail address, and the end of an account."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import AccountMail, Address, User
from accounts.tokens import Claim, Purpose, make_link_token
from cryptons.errors import AlreadyExists
from tests.accounts.conftest import link_in
from tests.factories import PASSWORD, AddressFactory, OrderFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
CHANGE = reverse("accounts:email_change")
NEW = {"email": "Fresh@example.org", "password": PASSWORD}


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def test_details_are_stored_and_nothing_else_is(signed_in, user):
    sent = {"first_name": " Ada ", "last_name": "Byron", "phone": "+351 21 123 456"}
    signed_in.post(
        reverse("accounts:profile"), {**sent, "is_staff": "on", "email": "x@example.org", "username": "root"}
    )
    before, user = user, User.objects.get()
    assert (user.first_name, user.last_name, user.phone) == ("Ada", "Byron", "+351 21 123 456")
    assert (user.is_staff, user.email, user.username) == (False, before.email, before.username)


def test_what_was_typed_stays_and_is_shown_as_text(signed_in, user):
    answer = signed_in.post(reverse("accounts:profile"), {"first_name": "<script>", "phone": "call me"})
    assert "&lt;script&gt;" in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    assert "Enter a phone number with digits" in answer.content.decode()
    user.refresh_from_db()
    assert user.first_name == ""


def test_a_new_address_comes_into_use_by_its_link(signed_in, user, delivered):
    signed_in.post(CHANGE, NEW)
    (message,) = delivered()
    user.refresh_from_db()
    assert (message.to, user.email, user.pending_email) == (
        ["fresh@example.org"],
        "owner@example.org",
        "fresh@example.org",
    )
    link = link_in(message)
    signed_in.get(link)
    user.refresh_from_db()
    assert user.email == "owner@example.org"
    for _ in range(2):
        assert signed_in.post(link).url == reverse("accounts:profile")
    user.refresh_from_db()
    assert (user.email, user.pending_email) == ("fresh@example.org", "")
    assert [(m.to, m.subject) for m in delivered()[1:]] == [
        (["owner@example.org"], "Your e-mail address was changed – Cryptons")
    ]


def test_the_link_works_for_the_accounts_own_user_alone(signed_in, client_factory, user, delivered):
    signed_in.post(CHANGE, NEW)
    link = link_in(delivered()[0])
    stranger = client_factory()
    assert stranger.post(link).url.startswith(reverse("accounts:sign_in"))
    stranger.force_login(UserFactory())
    assert stranger.post(link).status_code == 410
    assert User.objects.filter(email="fresh@example.org").count() == 0


def test_another_request_voids_the_older_link(signed_in, user, delivered):
    signed_in.post(CHANGE, NEW)
    older = link_in(delivered()[0])
    signed_in.post(CHANGE, {**NEW, "email": "second@example.org"})
    assert signed_in.post(older).status_code == 410
    assert signed_in.post(link_in(delivered()[1])).status_code == 302
    user.refresh_from_db()
    assert user.email == "second@example.org"


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_note(signed_in, user, delivered):
    UserFactory(email="taken@example.org")
    pages = []
    for name in ("free", "taken"):
        answer = signed_in.post(CHANGE, {**NEW, "email": f"{name}@example.org"}, follow=True)
        body = answer.content.decode().replace(f"{name}@example.org", "…")
        pages.append((answer.redirect_chain, len(body)))
    assert pages[0] == pages[1]
    assert [(m.to, m.subject.partition(" –")[0]) for m in delivered()] == [
        (["taken@example.org"], "You already have an account"),
    ]  # the link to the free address was voided by the second request


def test_an_address_that_was_taken_meanwhile_is_refused(user):
    User.objects.filter(pk=user.pk).update(pending_email="taken@example.org")
    UserFactory(email="taken@example.org")
    user.refresh_from_db()
    with pytest.raises(AlreadyExists):
        services.confirm_email_change(user=user, user_id=user.pk, email="taken@example.org")
    user.refresh_from_db()
    assert user.email == "owner@example.org"
    assert not AccountMail.objects.exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({**NEW, "password": "wrong"}, "This is not your current password."),
        ({**NEW, "email": "OWNER@example.org"}, "This is your address already."),
    ],
)
def test_a_refused_change_changes_nothing(signed_in, user, sent, message):
    assert message in signed_in.post(CHANGE, sent).content.decode()
    user.refresh_from_db()
    assert user.pending_email == ""
    assert not AccountMail.objects.exists()


def test_a_forged_link_changes_nothing(signed_in, user):
    token = make_link_token(Purpose.CONFIRM, Claim(user_id=user.pk, email="evil@example.org"))
    assert signed_in.post(reverse("accounts:confirm_change", args=[token])).status_code == 410
    never_asked = make_link_token(Purpose.CHANGE, Claim(user_id=user.pk, email="evil@example.org"))
    assert signed_in.post(reverse("accounts:confirm_change", args=[never_asked])).status_code == 410
    user.refresh_from_db()
    assert user.email == "owner@example.org"


def test_closing_takes_the_person_and_leaves_the_orders(signed_in, user, delivered):
    AddressFactory(user=user)
    order = OrderFactory(user=user)
    page = reverse("accounts:close")
    assert "not your current password" in signed_in.post(page, {"password": "wrong"}).content.decode()
    assert signed_in.post(page, {"password": PASSWORD}).url == reverse("shop:home")
    assert (User.objects.count(), Address.objects.count()) == (0, 0)
    order.refresh_from_db()
    assert (order.user_id, order.city) == (None, "Lisbon")
    assert "_auth_user_id" not in signed_in.session
    assert [(m.to, m.subject) for m in delivered()] == [(["owner@example.org"], "Your account is closed – Cryptons")]


def test_staff_do_not_close_themselves_by_mistake(client):
    client.force_login(StaffFactory())
    assert "closed by another member" in client.post(reverse("accounts:close"), {"password": PASSWORD}).content.decode()
    assert User.objects.count() == 1


def test_whoever_finds_a_browser_signed_in_cannot_guess_on(signed_in, user):
    for _ in range(5):
        assert "not your current password" in signed_in.post(CHANGE, {**NEW, "password": "wrong"}).content.decode()
    pages = {
        CHANGE: NEW,
        reverse("accounts:close"): {"password": PASSWORD},
        reverse("accounts:password_change"): {"old_password": PASSWORD, "new_password": "a-rather-different-one"},
    }
    for page, form in pages.items():
        assert "Too many tries." in signed_in.post(page, form).content.decode()
    user.refresh_from_db()
    assert (user.pending_email, user.check_password(PASSWORD)) == ("", True)
