from decimal import Decimal

import pytest

from cryptons import env

NAME = "CRYPTONS_TEST_SETTING"


@pytest.fixture
def given(monkeypatch):
    # Readers note every name they are asked for; what a test asks for must not stay noted.
    monkeypatch.setattr(env, "READ", {})
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_variable_means_the_default(given, value):
    given(value)
    assert env.integer(NAME, 7) == 7


@pytest.mark.parametrize("value", ["7.5", "seven", "0", "11", "1e3"])
def test_a_number_out_of_range_is_refused_by_name(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=f"{NAME}: got '{value}'; allowed is a whole number from 1 to 10"):
        env.integer(NAME, 7, low=1, high=10)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "x"])
def test_a_decimal_is_finite_and_in_range(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=NAME):
        env.decimal(NAME, "1")


@pytest.mark.parametrize(("value", "read"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_a_flag_is_read_in_any_spelling(given, value, read):
    given(value)
    assert env.flag(NAME, default=not read) is read


def test_a_flag_is_never_guessed(given):
    given("maybe")
    with pytest.raises(env.SettingError, match=NAME):
        env.flag(NAME, default=True)


def test_a_choice_lists_what_is_allowed(given):
    given("green")
    with pytest.raises(env.SettingError, match="allowed is one of red, blue"):
        env.choice(NAME, "red", ["red", "blue"])


def test_words_are_split_at_commas_without_empty_ones(given):
    given(" a, b ,,c ")
    assert env.words(NAME) == ["a", "b", "c"]


def test_a_secret_is_read_from_the_file_that_is_named(given, monkeypatch, tmp_path):
    given("from the variable")
    file = tmp_path / "secret"
    file.write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert env.secret(NAME) == "from the file"


def test_a_secret_file_that_cannot_be_read_is_named(given, monkeypatch, tmp_path):
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "absent"))
    given("")
    with pytest.raises(env.SettingError, match=f"{NAME}_FILE"):
        env.secret(NAME)


@pytest.mark.parametrize("value", ["ftp://x/", "http://", "https://user:secret@", "http://x:port/", "//x", "x"])
def test_a_url_of_another_kind_is_refused_without_showing_it(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=f"{NAME}.*http:") as refusal:
        env.url(NAME, "", schemes=["http", "https"])
    assert "secret" not in str(refusal.value)


def test_tiers_are_sorted_by_amount(given):
    given("1000:3, 0:1,9999.99:6")
    assert list(env.tiers(NAME, "0:1").items()) == [(Decimal(0), 1), (Decimal(1000), 3), (Decimal("9999.99"), 6)]


@pytest.mark.parametrize(
    "value", ["", "0:0", "10:1", "0:1,x:2", "0:1,5", "0:101", "0:1,-5:2", "0:1,NaN:2", "0:3,100:1", "0:1.5"]
)
def test_tiers_that_make_no_sense_are_refused(given, value):
    given(value or ",")
    with pytest.raises(env.SettingError, match=NAME):
        env.tiers(NAME, "0:1")


@pytest.mark.parametrize("value", ["Mars/Olympus", "../etc/passwd", "/etc/passwd"])
def test_an_unknown_time_zone_is_refused(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=NAME):
        env.time_zone(NAME, "UTC")


def test_a_currency_is_known_by_its_code_in_any_case(given):
    given("chf")
    assert env.currency(NAME, "EUR") == "CHF"


@pytest.mark.parametrize("value", ["BTC", "€", "EURO"])
def test_an_unknown_currency_is_refused(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=NAME):
        env.currency(NAME, "EUR")


@pytest.mark.parametrize("value", ["shop", "Shop <shop>", "@example.org", "shop@"])
def test_a_sender_without_an_address_is_refused(given, value):
    given(value)
    with pytest.raises(env.SettingError, match=NAME):
        env.mailbox(NAME, "a@b")


def test_the_environment_goes_before_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv(NAME, "environment")
    monkeypatch.delenv(NAME + "_2", raising=False)
    file = tmp_path / ".env"
    file.write_text(f"# a note\n\n{NAME}=file\n{NAME}_2 = 'quoted = kept' \n", encoding="utf-8")
    env.load_env_file(file)
    assert env.text(NAME) == "environment"
    assert env.text(NAME + "_2") == "quoted = kept"
    monkeypatch.delenv(NAME + "_2")


def test_a_line_that_is_no_setting_is_told_with_its_number(tmp_path):
    file = tmp_path / ".env"
    file.write_text("PORT=1\nnonsense\n", encoding="utf-8")
    with pytest.raises(env.SettingError, match="line 2"):
        env.load_env_file(file)
