"""Who is told what about a problem."""

from django.utils.translation import gettext_noop

from praja.foundation.workflow.way import Words

WORDS = Words(
    address="problem-detail",
    addresses="problem-list",
    waiting=gettext_noop("%(agency)s: the problem “%(title)s” waits for you."),
    accepted=gettext_noop("Your problem “%(title)s” was accepted."),
    returned=gettext_noop("Your problem “%(title)s” was returned with a remark."),
    waiting_many=gettext_noop("%(number)s problems wait for you."),
    accepted_many=gettext_noop("%(number)s of your problems were accepted."),
    returned_many=gettext_noop("%(number)s of your problems were returned with a remark."),
)
