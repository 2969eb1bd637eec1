"""/api/auth as the contract has it."""

import re

import jwt
import pytest
from jwt.warnings import InsecureKeyLengthWarning

from accounts.models import Address, ApiSession, User
from tests.factories import PASSWORD

NEW = {"username": "ada", "email": "Ada@Example.org", "password": "three unrelated words"}
ADDRESS = {
    "fullName": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postalCode": "1100-148",
    "country": "PT",
}
SHOWN_ADDRESS = {**ADDRESS, "line2": "", "region": "", "phone": ""}


@pytest.fixture(autouse=True)
def many_tries(settings):
    settings.RATELIMIT_AUTH = (1000, 900)


def sign_in(api, **who):
    return api.post("/auth/login", {"password": PASSWORD, **who})


# register


def test_registering_answers_the_user_and_tokens_that_work(api):
    answer = api.post("/auth/register", NEW)
    assert answer.status == 201
    assert set(answer.data) == {"user", "token", "refreshToken"}
    shown = answer.data["user"]
    assert list(shown) == ["id", "username", "email", "role", "profile", "createdAt", "updatedAt"]
    assert (shown["username"], shown["email"], shown["role"]) == ("ada", "ada@example.org", "user")
    assert shown["profile"] == {"firstName": "", "lastName": "", "phone": "", "address": None}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", shown["createdAt"])
    assert api.with_token(answer.data["token"]).get("/auth/profile").data == shown


def test_registering_takes_a_profile_with_an_address(api):
    profile = {"firstName": "Ada", "lastName": "Byron", "phone": "+351 21 123456", "address": ADDRESS}
    answer = api.post("/auth/register", {**NEW, "profile": profile})
    assert answer.data["user"]["profile"] == {**profile, "address": SHOWN_ADDRESS}


def test_a_role_sent_at_registration_is_ignored(api):
    answer = api.post("/auth/register", {**NEW, "role": "admin"})
    assert (answer.status, answer.data["user"]["role"]) == (201, "user")
    assert not User.objects.get().is_staff


@pytest.mark.parametrize(
    "extra", ["isStaff", "is_staff", "is_superuser", "id", "emailConfirmedAt", "first_name", "x" * 500]
)
def test_unknown_fields_are_refused_by_name_and_nothing_is_stored(api, extra):
    answer = api.post("/auth/register", {**NEW, extra: True})
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
    assert list(answer.fields) == [extra]
    assert not User.objects.exists()


def test_of_very_many_unknown_fields_the_first_500_are_named(api):
    refused = api.post("/auth/register", NEW | {f"f{number}": number for number in range(2_000)})
    assert (refused.status, refused.code, len(refused.fields)) == (400, "VALIDATION_ERROR", 500)


def test_unknown_and_wrong_fields_within_the_profile_are_named_with_dots(api):
    profile = {"isStaff": True, "phone": "call me", "address": {**ADDRESS, "planet": "Mars"}}
    answer = api.post("/auth/register", {**NEW, "profile": profile})
    assert set(answer.fields) == {"profile.isStaff", "profile.address.planet"}
    answer = api.post("/auth/register", {**NEW, "profile": {"phone": "call me"}})
    assert list(answer.fields) == ["profile.phone"]
    answer = api.post("/auth/register", {**NEW, "profile": {"address": {**ADDRESS, "country": "XX"}}})
    assert list(answer.fields) == ["profile.address.country"]
    answer = api.post("/auth/register", {**NEW, "profile": {"address": {"city": "Lisbon"}}})
    assert set(answer.fields) == {f"profile.address.{name}" for name in ("fullName", "line1", "postalCode", "country")}
    assert not User.objects.exists()
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", 5),
        ("email", None),
        ("email", ["a@b.example"]),
        ("email", "a\u0000@b.example"),
        ("email", "a" * 300 + "@b.example"),
        ("username", ""),
        ("username", "two words"),
        ("username", "a@b"),
        ("username", {"$ne": 1}),
        ("username", 12345678),
        ("username", "x" * 151),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "1234567890123"),
        ("password", "ada@example.org"),
        ("password", True),
        ("password", "x" * 1001),
        ("profile", "text"),
        ("profile", None),
    ],
)
def test_wrong_values_are_refused_by_name(api, field, value):
    answer = api.post("/auth/register", {**NEW, field: value})
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
    assert list(answer.fields) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_each_required_field_is_named_where_it_is_missing(api, field):
    answer = api.post("/auth/register", {name: value for name, value in NEW.items() if name != field})
    assert (answer.status, list(answer.fields)) == (400, [field])


def test_a_taken_address_or_name_is_409(api):
    api.post("/auth/register", NEW)
    for field, other in (("email", {"username": "bob"}), ("username", {"email": "bob@example.org"})):
        answer = api.post("/auth/register", {**NEW, **other})
        assert (answer.status, answer.code, list(answer.fields)) == (409, "ALREADY_EXISTS", [field])
    assert User.objects.count() == 1


# login


def test_signing_in_by_address_in_any_case_and_by_name(api, user):
    for who in ({"email": "OWNER@example.ORG"}, {"username": "owner"}):
        answer = sign_in(api, **who)
        assert answer.status == 200
        assert set(answer.data) == {"user", "token", "refreshToken"}
        assert answer.data["user"]["id"] == str(user.pk)


def test_staff_are_admins(api, staff):
    assert sign_in(api, email=staff.email).data["user"]["role"] == "admin"


def test_a_wrong_password_and_an_unknown_account_are_one_answer(api, user):
    wrong = api.post("/auth/login", {"email": user.email, "password": "wrong"})
    others = [
        api.post("/auth/login", {"email": "nobody@example.org", "password": "wrong"}),
        api.post("/auth/login", {"username": "nobody", "password": "wrong"}),
        api.post("/auth/login", {"username": user.username, "password": "wrong"}),
        api.post("/auth/login", {"email": "no address", "password": "wrong"}),
    ]
    assert (wrong.status, wrong.code) == (401, "INVALID_CREDENTIALS")
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="cryptons"'
    assert {other.text for other in others} == {wrong.text}
    assert not ApiSession.objects.exists()


def test_a_closed_account_is_told_like_a_wrong_password(api, user):
    User.objects.update(is_active=False)
    assert sign_in(api, email=user.email).code == "INVALID_CREDENTIALS"


def test_each_way_to_fail_hashes_one_password(api, user, monkeypatch):
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda self, password, salt: hashed.append(password) or "md5$salt$x")
    for who in ({"email": user.email}, {"email": "nobody@example.org"}, {"username": "nobody"}, {"username": "owner"}):
        hashed.clear()
        api.post("/auth/login", {**who, "password": "wrong"})
        assert hashed == ["wrong"], who


def test_signing_in_needs_a_name_and_a_password(api):
    assert list(api.post("/auth/login", {"password": "x"}).fields) == ["email"]
    assert list(api.post("/auth/login", {"email": "a@b.example"}).fields) == ["password"]


def test_an_expired_token_sent_along_does_not_hinder_signing_in(api, user):
    assert sign_in(api.with_token("rubbish"), email=user.email).status == 200


# tokens


def test_the_access_token_says_what_the_contract_promises(api, user):
    token = sign_in(api, email=user.email).data["token"]
    said = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert (said["userId"], said["email"], said["role"]) == (str(user.pk), user.email, "user")
    assert said["exp"] - said["iat"] == 24 * 3600


def test_without_a_token_what_is_personal_is_401(api):
    for method, path in (("GET", "profile"), ("PATCH", "profile"), ("PUT", "password"), ("POST", "logout")):
        answer = api.send(method, f"/auth/{path}")
        assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cryptons"'


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer " + "x" * 5000, "Token x"]
)
def test_a_garbage_token_is_401(api, header):
    answer = api.get("/auth/profile", authorization=header)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_a_token_that_somebody_else_signed_is_401(api, user):
    said = jwt.decode(sign_in(api, email=user.email).data["token"], options={"verify_signature": False})
    for token in (jwt.encode(said, "k" * 32, algorithm="HS256"), jwt.encode(said, None, algorithm="none")):
        answer = api.with_token(token).get("/auth/profile")
        assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_an_expired_token_is_told_as_such(api, user, settings):
    settings.ACCESS_TOKEN_SECONDS = -1
    answer = api.as_(user).get("/auth/profile")
    assert (answer.status, answer.code) == (401, "TOKEN_EXPIRED")


def test_tokens_of_the_previous_key_are_good_until_it_is_taken_away(api, user, settings):
    settings.JWT_KEY = "a" * 32
    old = api.as_(user)
    settings.JWT_KEY, settings.JWT_PREVIOUS_KEY = "b" * 32, "a" * 32
    assert old.get("/auth/profile").status == 200
    assert api.as_(user).get("/auth/profile").status == 200
    settings.JWT_PREVIOUS_KEY = ""
    assert old.get("/auth/profile").code == "UNAUTHENTICATED"


def test_the_first_key_of_its_own_may_follow_the_one_made_from_the_secret_key(api, user, settings):
    old = api.as_(user)
    settings.JWT_KEY = "a" * 32
    assert old.get("/auth/profile").code == "UNAUTHENTICATED"
    settings.JWT_PREVIOUS_KEY = "SECRET_KEY"
    assert old.get("/auth/profile").status == 200
    said = jwt.decode(old.token, options={"verify_signature": False})
    with pytest.warns(InsecureKeyLengthWarning):
        forged = jwt.encode(said, "SECRET_KEY", algorithm="HS256")
    assert api.with_token(forged).get("/auth/profile").code == "UNAUTHENTICATED"


def test_a_refresh_token_opens_no_door_and_an_access_token_renews_nothing(api, user):
    tokens = sign_in(api, email=user.email).data
    assert api.with_token(tokens["refreshToken"]).get("/auth/profile").code == "UNAUTHENTICATED"
    assert api.post("/auth/refresh", {"refreshToken": tokens["token"]}).code == "UNAUTHENTICATED"


# refresh


def refresh(api, token):
    return api.post("/auth/refresh", {"refreshToken": token})


def test_a_refresh_token_is_exchanged_for_new_ones(api, user):
    first = sign_in(api, email=user.email).data
    second = refresh(api, first["refreshToken"])
    assert (second.status, set(second.data)) == (200, {"token", "refreshToken"})
    assert second.data["refreshToken"] != first["refreshToken"]
    assert api.with_token(second.data["token"]).get("/auth/profile").status == 200
    assert refresh(api, second.data["refreshToken"]).status == 200


def test_a_refresh_token_used_twice_ends_its_whole_family(api, user):
    first = sign_in(api, email=user.email).data
    other = sign_in(api, email=user.email).data
    second = refresh(api, first["refreshToken"]).data
    again = refresh(api, first["refreshToken"])
    assert (again.status, again.code) == (401, "TOKEN_REVOKED")
    assert refresh(api, second["refreshToken"]).code == "TOKEN_REVOKED"
    assert api.with_token(second["token"]).get("/auth/profile").code == "TOKEN_REVOKED"
    assert api.with_token(other["token"]).get("/auth/profile").status == 200


@pytest.mark.parametrize("token", ["", "rubbish", 5, None, ["x"], "x" * 5000])
def test_what_is_no_refresh_token_renews_nothing(api, token):
    answer = refresh(api, token)
    assert answer.status == (401 if token == "rubbish" else 400)


def test_a_refresh_token_outlives_neither_its_time_nor_its_account(api, user, settings):
    token = sign_in(api, email=user.email).data["refreshToken"]
    User.objects.update(is_active=False)
    assert refresh(api, token).code == "TOKEN_REVOKED"
    User.objects.update(is_active=True)
    settings.REFRESH_TOKEN_DAYS = -1
    assert refresh(api, sign_in(api, email=user.email).data["refreshToken"]).code == "TOKEN_EXPIRED"


# profile


def test_the_profile_is_changed_in_part(api, user):
    own = api.as_(user)
    answer = own.patch("/auth/profile", {"profile": {"firstName": "Ada"}})
    assert (answer.status, answer.data["profile"]["firstName"]) == (200, "Ada")
    answer = own.patch("/auth/profile", {"username": "countess", "profile": {"lastName": "Byron"}})
    assert (answer.data["username"], answer.data["profile"]["firstName"]) == ("countess", "Ada")
    assert own.get("/auth/profile").data == answer.data


def test_the_profiles_address_is_the_default_of_the_address_book(api, user):
    own = api.as_(user)
    own.patch("/auth/profile", {"profile": {"address": ADDRESS}})
    answer = own.patch("/auth/profile", {"profile": {"address": {**ADDRESS, "city": "Porto"}}})
    assert answer.data["profile"]["address"] == {**SHOWN_ADDRESS, "city": "Porto"}
    assert Address.objects.get().city == "Porto"


@pytest.mark.parametrize("field", ["email", "role", "id", "password", "isStaff", "createdAt"])
def test_nothing_else_of_an_account_is_changed_this_way(api, user, field):
    answer = api.as_(user).patch("/auth/profile", {field: "x@example.org"})
    assert (answer.status, list(answer.fields)) == (400, [field])
    user.refresh_from_db()
    assert (user.email, user.is_staff) == ("owner@example.org", False)


def test_a_taken_user_name_is_409_and_changes_nothing(api, user, stranger):
    answer = api.as_(user).patch("/auth/profile", {"username": "stranger", "profile": {"firstName": "Eve"}})
    assert (answer.status, answer.code, list(answer.fields)) == (409, "ALREADY_EXISTS", ["username"])
    user.refresh_from_db()
    assert (user.username, user.first_name) == ("owner", "")


def test_an_answer_that_is_personal_is_kept_by_no_cache(api, user):
    assert api.as_(user).get("/auth/profile").headers["Cache-Control"] == "private, no-store"


# password


def test_a_new_password_gives_new_tokens_and_ends_all_others(api, user):
    here, elsewhere = api.as_(user), api.as_(user)
    sent = {"currentPassword": PASSWORD, "newPassword": "four other unrelated words"}
    answer = here.put("/auth/password", sent)
    assert (answer.status, set(answer.data)) == (200, {"token", "refreshToken"})
    assert here.get("/auth/profile").code == "TOKEN_REVOKED"
    assert elsewhere.get("/auth/profile").code == "TOKEN_REVOKED"
    assert api.with_token(answer.data["token"]).get("/auth/profile").status == 200
    assert sign_in(api, email=user.email).code == "INVALID_CREDENTIALS"
    assert sign_in(api, email=user.email, password="four other unrelated words").status == 200


def test_a_wrong_or_weak_password_is_refused_by_name_and_ends_nothing(api, user):
    own = api.as_(user)
    answer = own.put("/auth/password", {"currentPassword": "wrong", "newPassword": "four other unrelated words"})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["currentPassword"])
    answer = own.put("/auth/password", {"currentPassword": PASSWORD, "newPassword": "short"})
    assert (answer.status, list(answer.fields)) == (400, ["newPassword"])
    assert own.get("/auth/profile").status == 200
    assert sign_in(api, email=user.email).status == 200


def test_a_password_set_in_another_way_ends_the_sessions_too(api, user):
    own = api.as_(user)
    user.set_password("set by the staff in the admin")
    user.save()
    assert own.get("/auth/profile").code == "TOKEN_REVOKED"


# logout, sessions


def test_signing_out_ends_this_session_at_once_and_no_other(api, user):
    tokens = sign_in(api, email=user.email).data
    here, elsewhere = api.with_token(tokens["token"]), api.as_(user)
    answer = here.post("/auth/logout")
    assert (answer.status, answer.body) == (200, {"success": True, "data": None})
    assert here.get("/auth/profile").code == "TOKEN_REVOKED"
    assert refresh(api, tokens["refreshToken"]).code == "TOKEN_REVOKED"
    assert elsewhere.get("/auth/profile").status == 200


def test_signing_out_everywhere_ends_all_of_ones_own(api, user, stranger):
    here, elsewhere, other = api.as_(user), api.as_(user), api.as_(stranger)
    assert here.post("/auth/logout-all").status == 200
    assert {client.get("/auth/profile").code for client in (here, elsewhere)} == {"TOKEN_REVOKED"}
    assert other.get("/auth/profile").status == 200


def test_sessions_are_listed_and_ended_by_their_owner_alone(api, user, stranger):
    here, elsewhere, other = api.as_(user), api.as_(user), api.as_(stranger)
    listed = here.get("/auth/sessions").data
    assert [entry["current"] for entry in listed].count(True) == 1
    ended = next(entry["id"] for entry in listed if not entry["current"])
    assert other.delete(f"/auth/sessions/{ended}").code == "NOT_FOUND"
    assert elsewhere.get("/auth/profile").status == 200
    assert here.delete(f"/auth/sessions/{ended}").status == 200
    assert elsewhere.get("/auth/profile").code == "TOKEN_REVOKED"
    assert here.delete("/auth/sessions/nonsense").code == "NOT_FOUND"


def test_a_request_costs_one_query_for_who_asks(api, user, django_assert_num_queries):
    own = api.as_(user)
    with django_assert_num_queries(2):  # the session with its user, and the profile's address
        own.get("/auth/profile")
