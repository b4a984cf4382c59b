"""Who is told what about an innovation."""

from django.utils.translation import gettext_noop

from praja.foundation.workflow.way import Words

WORDS = Words(
    address="innovation-detail",
    addresses="innovation-list",
    waiting=gettext_noop("%(agency)s: the innovation “%(title)s” waits for you."),
    accepted=gettext_noop("Your innovation “%(title)s” was accepted."),
    returned=gettext_noop("Your innovation “%(title)s” was returned with a remark."),
    waiting_many=gettext_noop("%(number)s innovations wait for you."),
    accepted_many=gettext_noop("%(number)s of your innovations were accepted."),
    returned_many=gettext_noop("%(number)s of your innovations were returned with a remark."),
)
