"""What a password may not be, beyond too short and too common: a few signs over and over, or only words we know."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import User

LEAST_DIFFERENT = 5
LEAST_OF_ITS_OWN = 6
# What people here would type first.
KNOWN = ("praja", "smartcity", "smart city", "masterplan", "diskominfo", "kominfo", "kabupaten", "password", "rahasia",
         "indonesia", "pemda", "pemkab", "pemkot", "admin", "operator", "koordinator", "bismillah", "qwerty", "asdfgh")  # fmt: skip


class Varied:
    """Refuses "aaaaaaaaaaaa" and "121212121212"."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when it consists of a few signs over and over."""
        del user
        if len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(
                _("The same few signs over and over are quickly guessed. Use a sentence with several words."),
                code="password_not_varied",
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Not the same few signs over and over.")


class MoreThanKnownWords:
    """Refuses what is made of the own name, the user name, or words of this work, with digits around."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when little is left without those words, digits and signs between them."""
        words = [*KNOWN, *_of(user)]
        rest = password.lower()
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]+", "", rest)) < LEAST_OF_ITS_OWN and re.search(r"[^\W\d_]", password):
            raise ValidationError(
                _(
                    "This is made of words that others would try first, such as names or “praja”. Add words of your own."
                ),
                code="password_of_known_words",
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Not only names and words of this work.")


def _of(user: User | None) -> list[str]:
    """The words of the user name and of the person's name."""
    if user is None:
        return []
    names = f"{user.username} {user.person.name if user.person else ''}".lower()
    return [word for word in re.split(r"[\W_]+", names) if len(word) > 2]
