"""The language of a page: Indonesian, unless the person chose another; browsers of offices are often set up in English."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguage(LocaleMiddleware):
    """As Django's, but what the browser would prefer does not count; only the choice in the cookie does."""

    def process_request(self, request: HttpRequest) -> None:
        """Switch to the chosen language, else to Indonesian."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
