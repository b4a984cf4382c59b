"""What a password may be: long, of one's own, and in no particular costume."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from praja.foundation.accounts.models import Person, User

SARI = User(username="sari.dewi", person=Person(name="Sari Dewi Lestari"))


@pytest.mark.parametrize(
    "password",
    [
        "sawah hijau di pagi hari",
        "kereta malam ke surabaya",
        "tigapuluhkucingberbaris",
        "ꦲꦤꦕꦫꦏ kopi tubruk manis",
        "7 Gajah, 2 jeruk; 1 payung",
        "correct horse battery staple",
    ],
)
def test_a_sentence_of_ones_own_is_enough_without_any_costume(password):
    validate_password(password, SARI)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("sawah hijau", "password_too_short"),
        ("123456789012345", "password_entirely_numeric"),
        ("aaaaaaaaaaaaaaaa", "password_not_varied"),
        ("121212121212", "password_not_varied"),
        ("Praja2026!!!", "password_of_known_words"),
        ("masterplan-smart city-2026", "password_of_known_words"),
        ("SariDewi19800101", "password_of_known_words"),
        ("sari.dewi.lestari", "password_of_known_words"),
        ("passwordpassword1", "password_of_known_words"),
    ],
)
def test_what_others_would_try_first_is_refused_with_a_sentence(password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, SARI)
    assert code in {error.code for error in refused.value.error_list}
    assert all(error.message for error in refused.value.error_list)


def test_the_form_and_the_rule_name_the_same_length(settings):
    from praja.foundation.accounts.forms import LEAST_CHARACTERS

    assert {"min_length": LEAST_CHARACTERS} in [one.get("OPTIONS") for one in settings.AUTH_PASSWORD_VALIDATORS]
