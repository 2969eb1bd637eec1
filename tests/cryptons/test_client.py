"""Who is asking, through as many proxies as there are and no more."""

import pytest

from cryptons.client import client_address, network_of

DIRECT = "198.51.100.1"


@pytest.fixture
def asked(rf, settings):
    def ask(forwarded, hops, direct=DIRECT):
        settings.TRUSTED_PROXIES = hops
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        return rf.get("/", headers=headers, REMOTE_ADDR=direct)

    return ask


@pytest.mark.parametrize(
    ("hops", "forwarded", "client"),
    [
        (0, None, DIRECT),
        (0, "203.0.113.9", DIRECT),
        (1, None, DIRECT),
        (1, "", DIRECT),
        (1, " , ,", DIRECT),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "made up, 192.0.2.66, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "192.0.2.66,203.0.113.9,10.0.0.1", "203.0.113.9"),
        (2, "192.0.2.66", DIRECT),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "unknown", "unknown"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(asked, hops, forwarded, client):
    assert client_address(asked(forwarded, hops).META) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:1", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_whoever_has_a_network_counts_as_one(asked, address, network):
    assert network_of(asked(address, 1)) == network


def test_who_comes_without_a_proxy_counts_for_where_they_come_from(asked):
    assert network_of(asked(None, 1, direct="2001:db8::5")) == "2001:db8::/64"
    assert network_of(asked(None, 0, direct="")) == ""
