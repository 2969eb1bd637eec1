"""Sessions that a process remembers: no query while nothing changes, and never a moment longer."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from accounts import bearer, services
from accounts.bearer import Kind, read
from accounts.models import ApiSession, User
from accounts.services import remembering
from accounts.tasks import forget_devices
from accounts.topics import account_changed
from cryptons import clock
from cryptons.errors import TokenExpired, TokenRevoked, Unauthenticated
from cryptons.models import Change
from tests.api.conftest import Api
from tests.api.moments import at_this_moment
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "four unrelated new words"


@pytest.fixture
def user():
    return UserFactory(username="ada")


@pytest.fixture
def tokens(user):
    """Tokens of a session that this process remembers."""
    tokens = services.open_session(user=user)
    assert look(tokens).pk == tokens.session_id
    return tokens


def look(tokens):
    return services.session_of(read(Kind.ACCESS, tokens.access))


def close(user):
    user.is_active = False
    user.save()


def staff_sets_a_password(user):
    user.set_password(NEW)
    user.save()


def write_in_bulk(user):
    user.is_active = False
    User.objects.bulk_update([user], ["is_active"])


ENDS = {
    "signing out": lambda user, tokens: services.end_session(user=user, session_id=tokens.session_id),
    "signing out everywhere": lambda user, tokens: services.end_all_sessions(user=user),
    "a new password": lambda user, tokens: services.change_password(user=user, old_password=PASSWORD, new_password=NEW),
    "a password by link": lambda user, tokens: services.reset_password(user=user, new_password=NEW),
    "a password set by the staff": lambda user, tokens: staff_sets_a_password(user),
    "closed by the staff": lambda user, tokens: close(user),
    "closed by its owner": lambda user, tokens: services.close_account(user=user, password=PASSWORD),
    "deleted": lambda user, tokens: User.objects.filter(pk=user.pk).delete(),
    "closed with others": lambda user, tokens: User.objects.filter(is_staff=False).update(is_active=False),
    "a password set with others": lambda user, tokens: User.objects.update(password=make_password(NEW)),
    "signed out with others": lambda user, tokens: User.objects.update(sign_outs=F("sign_outs") + 1),
    "written in bulk": lambda user, tokens: write_in_bulk(user),
    "its row deleted": lambda user, tokens: ApiSession.objects.filter(pk=tokens.session_id).delete(),
    "all rows deleted": lambda user, tokens: ApiSession.objects.all().delete(),
}


def test_a_second_look_at_who_asks_costs_no_query(tokens, user, django_assert_num_queries):
    with django_assert_num_queries(0):
        session = look(tokens)
    assert (session.pk, session.user.pk, session.user.email) == (tokens.session_id, user.pk, user.email)


def test_a_token_that_was_read_before_expires_all_the_same(tokens, monkeypatch, settings):
    monkeypatch.setattr(
        bearer, "clock", at_this_moment(clock.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS - 1))
    )
    assert look(tokens).pk == tokens.session_id
    monkeypatch.setattr(bearer, "clock", at_this_moment(clock.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS)))
    with pytest.raises(TokenExpired):
        look(tokens)


def test_a_token_that_was_read_before_is_worth_nothing_with_another_key_or_for_another_end(tokens, settings):
    with pytest.raises(Unauthenticated):
        read(Kind.REFRESH, tokens.access)
    settings.JWT_KEY = "b" * 32
    with pytest.raises(Unauthenticated):
        look(tokens)


@pytest.mark.parametrize("way", ENDS)
def test_whatever_ends_a_session_counts_from_the_next_look_on(tokens, user, way):
    ENDS[way](User.objects.get(pk=user.pk), tokens)
    with pytest.raises(TokenRevoked):
        look(tokens)


def test_a_reused_refresh_token_ends_what_is_remembered(tokens):
    newer = services.refresh_session(token=tokens.refresh)
    assert look(newer).pk == tokens.session_id
    with pytest.raises(TokenRevoked):
        services.refresh_session(token=tokens.refresh)
    with pytest.raises(TokenRevoked):
        look(newer)


def test_a_renewed_session_is_read_with_its_new_end(tokens, settings):
    settings.REFRESH_TOKEN_DAYS = 90
    services.refresh_session(token=tokens.refresh)
    assert look(tokens).expires_at > clock.now() + timedelta(days=89)


def test_a_token_of_another_user_does_not_open_a_remembered_session(tokens):
    bearer = read(Kind.ACCESS, tokens.access)
    with pytest.raises(TokenRevoked):
        services.session_of(type(bearer)(UserFactory().pk, bearer.session_id, bearer.token_id))


def test_a_user_who_was_changed_is_shown_anew(tokens, user):
    services.edit_account(user=user, username="ada-the-second")
    assert look(tokens).user.username == "ada-the-second"
    services.request_email_change(user=user, new_email="ada@example.net", password=PASSWORD)
    assert look(tokens).user.pending_email == "ada@example.net"
    services.confirm_email_change(user=user, user_id=user.pk, email="ada@example.net")
    assert look(tokens).user.email == "ada@example.net"


def test_a_right_that_was_taken_away_is_gone_at_once(tokens, user):
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert look(tokens).user.is_staff
    staff = User.objects.get(pk=user.pk)
    staff.is_staff = False
    staff.save()
    assert not look(tokens).user.is_staff


def test_a_change_of_others_leaves_what_is_remembered(tokens, user, django_assert_num_queries):
    stranger = UserFactory()
    User.objects.filter(pk=stranger.pk).update(is_staff=True)
    User.objects.filter(pk=user.pk, is_staff=True).update(is_active=False)
    services.open_session(user=stranger)
    ApiSession.objects.filter(user=stranger).delete()
    with django_assert_num_queries(0):
        look(tokens)


def test_an_update_that_is_taken_back_signs_nobody_out(tokens, user):
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        transaction.set_rollback(True)
    assert look(tokens).user.is_active


def test_sessions_that_are_over_are_forgotten_without_telling(tokens):
    past = clock.now() - timedelta(days=8)
    ApiSession.objects.update(ended_at=past)
    assert (forget_devices(), Change.objects.count()) == (1, 0)


def test_what_a_request_does_to_its_user_is_nothing_to_the_next(tokens):
    session = look(tokens)
    session.device, session.user.username = "mine", "somebody"
    again = look(tokens)
    assert (again.device, again.user.username) == ("", "ada")


def test_within_a_transaction_sessions_are_read(tokens, user):
    with transaction.atomic():
        services.end_session(user=user, session_id=tokens.session_id)
        with pytest.raises(TokenRevoked):
            look(tokens)


def test_an_end_that_is_taken_back_ends_nothing(tokens, user):
    with transaction.atomic():
        services.end_session(user=user, session_id=tokens.session_id)
        transaction.set_rollback(True)
    assert look(tokens).pk == tokens.session_id


def test_what_was_written_past_the_program_counts_after_ten_seconds(tokens, monkeypatch):
    ApiSession.objects.update(ended_at=clock.now())
    assert look(tokens).pk == tokens.session_id
    later = at_this_moment(clock.now() + timedelta(seconds=remembering.LONGEST))
    monkeypatch.setattr(remembering, "clock", later)
    with pytest.raises(TokenRevoked):
        look(tokens)


def test_a_session_that_ends_while_it_is_read_is_not_remembered(user, tokens, monkeypatch):
    account_changed(user.pk)  # so that the next look reads
    check = services.sessions._is_good

    def ended_meanwhile(session):
        services.end_session(user=user, session_id=session.pk)
        return check(session)

    monkeypatch.setattr(services.sessions, "_is_good", ended_meanwhile)
    assert look(tokens).pk == tokens.session_id  # it was read before it ended
    with pytest.raises(TokenRevoked):
        look(tokens)


def test_the_api_answers_401_right_after_signing_out(tokens):
    caller = Api(tokens.access)
    assert caller.get("/auth/profile").status == 200
    assert caller.post("/auth/logout").status == 200
    assert caller.get("/auth/profile").code == "TOKEN_REVOKED"
