"""Who is told what about a problem."""

from django.utils.translation import gettext_noop

from praja.foundation.workflow.way import Words

WORDS = Words(
    address="problem-detail",
    waiting=gettext_noop("%(agency)s: the problem “%(title)s” waits for you."),
    accepted=gettext_noop("Your problem “%(title)s” was accepted."),
    returned=gettext_noop("Your problem “%(title)s” was returned with a remark."),
)
