"""The address book: everybody's own, with exactly one default."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from accounts import services
from accounts.models import Address
from accounts.selectors import addresses_of
from cryptons.errors import InvalidInput, NotFound
from tests.factories import POSTAL, AddressFactory, UserFactory

pytestmark = pytest.mark.django_db


def add(user, **more):
    return services.save_address(user=user, data=POSTAL, **more)


def defaults_of(user):
    return list(Address.objects.filter(user=user, is_default=True).values_list("pk", flat=True))


def test_the_first_address_is_the_default_and_the_next_is_not(user):
    first, second = add(user), add(user)
    assert (first.is_default, second.is_default) == (True, False)
    assert addresses_of(user=user) == [first, second]


def test_another_default_takes_the_place_of_the_old(user):
    add(user)
    second = add(user, make_default=True)
    assert defaults_of(user) == [second.pk]
    third = add(user)
    services.make_default_address(user=user, address_id=third.pk)
    assert defaults_of(user) == [third.pk]


def test_the_newest_follows_a_deleted_default(user):
    first, _, third = add(user), add(user), add(user)
    services.delete_address(user=user, address_id=first.pk)
    assert defaults_of(user) == [third.pk]


def test_an_edit_keeps_the_default(user):
    first = add(user)
    data = {**POSTAL, "city": "Porto"}
    changed = services.save_address(user=user, data=data, address_id=first.pk, label=" Home ")
    assert (changed.pk, changed.city, changed.label, changed.is_default) == (first.pk, "Porto", "Home", True)


def test_a_wrong_address_is_named_and_not_stored(user):
    with pytest.raises(InvalidInput) as refusal:
        services.save_address(user=user, data={**POSTAL, "country": "ZZ", "city": ""})
    assert {detail["field"] for detail in refusal.value.details} == {"country", "city"}
    assert not addresses_of(user=user)


def test_a_full_book_takes_no_more(user):
    AddressFactory.create_batch(30, user=user)
    with pytest.raises(InvalidInput):
        add(user)
    assert len(addresses_of(user=user)) == 30


def test_nobody_reads_or_changes_the_book_of_another(client, user):
    others = add(UserFactory())
    client.force_login(user)
    before = Address.objects.filter(pk=others.pk).values().get()
    for name in ("address_edit", "address_delete", "address_default"):
        page = reverse(f"accounts:{name}", args=[others.pk])
        assert client.post(page, POSTAL).status_code == 404
        assert client.get(page).status_code in {404, 405}
    for service in (services.delete_address, services.make_default_address):
        with pytest.raises(NotFound):
            service(user=user, address_id=others.pk)
    with pytest.raises(NotFound):
        services.save_address(user=user, data=POSTAL, address_id=others.pk)
    assert Address.objects.filter(pk=others.pk).values().get() == before


def test_a_person_keeps_a_book_by_the_pages(client, user):
    client.force_login(user)
    client.post(reverse("accounts:address_add"), {**POSTAL, "label": "Home"})
    (address,) = addresses_of(user=user)
    edit = reverse("accounts:address_edit", args=[address.pk])
    assert 'value="Mill Lane 12"' in client.get(edit).content.decode()
    wrong = client.post(edit, {**POSTAL, "full_name": "Eve <b>", "postal_code": ""}).content.decode()
    assert "Enter the postal code." in wrong
    assert "Eve &lt;b&gt;" in wrong  # what was typed is kept, as text
    client.post(edit, {**POSTAL, "full_name": "Eve", "user": str(UserFactory().pk), "is_default": ""})
    (address,) = addresses_of(user=user)
    assert (address.full_name, address.is_default) == ("Eve", True)
    client.post(reverse("accounts:address_delete", args=[address.pk]))
    assert not addresses_of(user=user)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_default():
    user = UserFactory()
    started = threading.Barrier(8)

    def work(number):
        try:
            started.wait()
            address = services.save_address(user=user, data=POSTAL, make_default=number % 2 == 0)
            if number % 3 == 0:
                services.delete_address(user=user, address_id=address.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(addresses_of(user=user)), len(defaults_of(user))) == (5, 1)
