"""GET /api/orders/:id/events and the page's own address, short of a line that stays open: who may, and what comes first."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import end_all_sessions, open_session
from cryptons.streams.hub import Hub, Rhythm
from orders.links import guest_key
from tests.factories import PASSWORD
from tests.orders.steps import place, tell


@pytest.fixture
def order(user):
    return place(user=user)


@pytest.fixture
def listen(order):
    """Ask for the order's events over the API."""

    def ask(user=None, path=None, accept="text/event-stream", **headers):
        if user is not None:
            headers["authorization"] = f"Bearer {open_session(user=user).access}"
        path = path or f"/api/orders/{order.pk}/events"
        return Client().get(path, headers={"accept": accept, **headers})

    return ask


def states(response):
    lines = response.content.decode().splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def code(response):
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, json.loads(response.content)["error"]["code"]


def test_the_present_state_comes_first(listen, user, order):
    answer = listen(user)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["RateLimit-Limit"] == "1000"
    retry, first, rest = answer.content.decode().partition("\n\n")[0], *answer.content.decode().split("\n\n")[1:3]
    assert (retry, rest) == ("retry: 3000", "")
    number, name, data = first.splitlines()
    assert number.removeprefix("id: ").isdigit()
    assert name == "event: order"
    assert json.loads(data.removeprefix("data: ")) == {
        "orderId": str(order.pk),
        "status": "pending",
        "paymentStatus": "unpaid",
        "payment": {"status": "new", "exception": None, "confirmations": 0, "receivedBaseUnits": 0},
    }


def test_the_id_of_the_last_event_resumes(listen, user, order):
    last = listen(user).content.decode().split("id: ")[1].splitlines()[0]
    assert states(listen(user, last_event_id=last)) == []
    tell(order, "seen", received=1)
    assert [one["payment"]["status"] for one in states(listen(user, last_event_id=last))] == ["seen"]


def test_owner_and_staff_by_id_and_by_number(listen, user, staff, order):
    for asker in (user, staff):
        for key in (order.pk, order.number):
            answer = listen(asker, f"/api/orders/{key}/events")
            assert [one["orderId"] for one in states(answer)] == [str(order.pk)]


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json", "*/*"])
def test_refusals_are_in_the_envelope(listen, user, stranger, accept):
    assert code(listen(accept=accept)) == (401, "UNAUTHENTICATED")
    assert code(listen(stranger, accept=accept)) == (404, "NOT_FOUND")
    assert code(listen(user, "/api/orders/nothing/events", accept=accept)) == (404, "NOT_FOUND")


def test_nobody_gets_it_as_html_or_by_another_method(listen, user, order):
    assert code(listen(user, accept="text/html")) == (406, "NOT_ACCEPTABLE")
    token = open_session(user=user).access
    answer = Client().post(f"/api/orders/{order.pk}/events", headers={"authorization": f"Bearer {token}"})
    assert code(answer) == (405, "METHOD_NOT_ALLOWED")


def test_no_line_free_is_said_before_anything_is_read(listen, user, monkeypatch):
    monkeypatch.setattr("cryptons.streams.following.hub", lambda: Hub(Rhythm(), most=0, most_each=9))
    answer = listen(user)
    assert code(answer) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "5"
    monkeypatch.setattr("cryptons.streams.following.hub", lambda: Hub(Rhythm(), most=9, most_each=0))
    answer = listen(user)
    assert code(answer) == (429, "RATE_LIMITED")
    assert answer.headers["Retry-After"] == "30"


def test_a_listener_is_asked_again_and_refused_once_signed_out(listen, user):
    subscription = listen(user).subscription
    assert subscription.allowed() is True
    end_all_sessions(user=user)
    assert subscription.allowed() is False


def test_a_listener_of_the_staff_is_refused_once_they_are_none(listen, staff):
    subscription = listen(staff).subscription
    staff.is_staff = staff.is_superuser = False
    staff.save()
    assert subscription.allowed() is False


@pytest.fixture
def page(order):
    return reverse("orders:events", args=[order.number])


def test_the_page_of_an_order_listens_by_its_own_rule(page, user, stranger, order):
    owner, other = Client(), Client()
    owner.login(username=user.email, password=PASSWORD)
    other.login(username=stranger.email, password=PASSWORD)
    assert [one["orderId"] for one in states(owner.get(page))] == [str(order.pk)]
    assert owner.get(page).headers["Cache-Control"] == "private, no-store"
    assert other.get(page).status_code == 404
    assert Client().get(page).status_code == 404


def test_a_guest_listens_by_the_link_or_by_the_session_it_opened(page, order):
    guest = Client()
    assert guest.get(page, {"key": guest_key(order)}).status_code == 200
    assert guest.get(page).status_code == 200
    assert Client().get(page, {"key": guest_key(order) + "x"}).status_code == 404


def test_signing_out_ends_what_the_page_listens_to_and_the_link_goes_on(page, user, order):
    owner = Client()
    owner.login(username=user.email, password=PASSWORD)
    subscription = owner.get(page).subscription
    by_link = Client().get(page, {"key": guest_key(order)}).subscription
    assert subscription.allowed() is True
    owner.logout()
    assert subscription.allowed() is False
    assert by_link.allowed() is True


def test_a_page_that_comes_back_again_and_again_has_to_wait(page, user):
    owner = Client()
    owner.login(username=user.email, password=PASSWORD)
    answers = [owner.get(page) for _ in range(61)]
    assert [one.status_code for one in answers] == [200] * 60 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
