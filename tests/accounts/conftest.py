"""What the accounts tests share."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.tasks import deliver_mail
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def no_tries_so_far():
    cache.clear()


@pytest.fixture
def user(db):
    return UserFactory(email="owner@example.org")


@pytest.fixture
def delivered(db, mailoutbox):
    """Deliver what is queued and return all e-mails sent so far."""

    def deliver():
        deliver_mail()
        return mailoutbox

    return deliver


def link_in(message):
    """Return the path of the first link in an e-mail's text."""
    return re.search(r"https?://[^/\s]+(/account/\S+)", message.body).group(1)


@pytest.fixture
def client_factory():
    """Make browsers that know nothing of each other."""
    return Client
