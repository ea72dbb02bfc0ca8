"""Whose word about a visitor's address counts."""

import pytest

from privacycenter.http.proxies import TrustedProxies

NETWORKS = "10.0.0.0/8, 127.0.0.1,fd00::/8"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded_for", "visitor"),
    [
        ("0", "8.8.8.8", "9.9.9.9", "8.8.8.8"),
        ("1", "127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("1", "127.0.0.1", "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        ("1", "127.0.0.1", "", "127.0.0.1"),
        ("1", "127.0.0.1", "unknown", "127.0.0.1"),
        ("1", "127.0.0.1", "9.9.9.9:4711", "9.9.9.9"),
        ("1", "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("1", "127.0.0.1", "::ffff:9.9.9.9", "9.9.9.9"),
        ("2", "127.0.0.1", "1.1.1.1, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        ("2", "127.0.0.1", "9.9.9.9", "127.0.0.1"),
        (NETWORKS, "127.0.0.1", "1.1.1.1, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (NETWORKS, "127.0.0.1", "9.9.9.9, nonsense, 10.0.0.2", "10.0.0.2"),
        (NETWORKS, "127.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (NETWORKS, "fd00::1", "2001:db8::1", "2001:db8::1"),
        (NETWORKS, "8.8.8.8", "9.9.9.9", "8.8.8.8"),
        (NETWORKS, "", "9.9.9.9", ""),
    ],
)
def test_visitor_is_who_came_to_the_outermost_trusted_proxy(rf, trusted, peer, forwarded_for, visitor):
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded_for, HTTP_X_FORWARDED_PROTO="https")
    TrustedProxies.parse(trusted).applied_to(request)
    assert request.META["REMOTE_ADDR"] == visitor


@pytest.mark.parametrize(
    ("trusted", "is_believed"), [("0", False), ("1", True), ("10.0.0.0/8", False), ("8.8.8.8", True)]
)
def test_who_is_not_trusted_says_nothing_of_the_scheme(rf, trusted, is_believed):
    request = rf.get("/", REMOTE_ADDR="8.8.8.8", HTTP_X_FORWARDED_PROTO="https")
    TrustedProxies.parse(trusted).applied_to(request)
    assert ("HTTP_X_FORWARDED_PROTO" in request.META) is is_believed


@pytest.mark.parametrize(
    "text", ["-1", "11", "proxy.example", "10.0.0.1/8", "0.0.0.0/0", "::/0", "1,10.0.0.256", "1.5"]
)
def test_wrong_setting_is_an_error(text):
    with pytest.raises(ValueError):  # noqa: PT011  the reasons are ipaddress's own
        TrustedProxies.parse(text)


@pytest.mark.parametrize("text", ["", "0", " ", ","])
def test_without_the_setting_nobody_is_trusted(text):
    assert not TrustedProxies.parse(text)
