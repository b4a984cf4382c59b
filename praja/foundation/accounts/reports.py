"""What a report of an error may show."""

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class Discreet(SafeExceptionReporterFilter):
    """Hides what views mark as sensitive on the pages of developers too: screens are shared, and pages are sent on."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        del request
        return True
