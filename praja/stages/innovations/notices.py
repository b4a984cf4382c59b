"""Who is told what about an innovation."""

from django.utils.translation import gettext_noop

from praja.foundation.workflow.way import Words

WORDS = Words(
    address="innovation-detail",
    waiting=gettext_noop("%(agency)s: the innovation “%(title)s” waits for you."),
    accepted=gettext_noop("Your innovation “%(title)s” was accepted."),
    returned=gettext_noop("Your innovation “%(title)s” was returned with a remark."),
)
