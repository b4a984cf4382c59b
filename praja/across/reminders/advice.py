"""What to do about an agency that has not delivered: one table from the reason to the next action."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praja.across.reminders.models import LateReason
from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Plan

Text = Promise | str


@dataclass(frozen=True)
class Advice:
    """What to do next: the words of the button, why, and the page where it is done.

    `address` is a name of urls.py that takes the plan, "" for a place on the page of the agency (`anchor`); `query`
    may name the agency. `asks`: what the text that reminds the agency offers or asks.
    """

    key: str
    heading: Text
    title: Text
    hint: Text
    asks: Text
    address: str = ""
    anchor: str = ""
    query: str = ""

    def page(self, plan: Plan) -> str:
        """Where it is done in this plan; "" where it is done on the page of the agency."""
        return reverse(self.address, args=[plan.slug]) if self.address else ""

    def url(self, plan: Plan, agency: Organisation) -> str:
        """Where it is done for this agency."""
        if page := self.page(plan):
            return page + self.query.format(agency=agency.pk)
        return reverse("follow-up", args=[plan.slug, agency.pk]) + (f"#{self.anchor}" if self.anchor else "")


# In the order in which the weekly page shows them: first what is done in a minute.
TABLE = (
    Advice(
        "statement",
        _("They say they have nothing to propose"),
        _("Decide about “no proposal”"),
        _("The statement waits for you. Accepted, it counts as delivered; returned with a remark, the agency goes on."),
        "",  # whoever waits for an answer is not reminded
        address="not-yet-new",
    ),
    Advice(
        "no_operator",
        _("Nobody to type it"),
        _("Invite an operator"),
        _("Ask the head for a name, then send the invitation link by WhatsApp; the account is made in two minutes."),
        _("Please name somebody who types for your agency; we send the invitation at once and show how it works."),
        address="invitation-new",
        query="?organisation={agency}&role=operator",
    ),
    Advice(
        "no_signal",
        _("No signal or no network"),
        _("Hand out the workbook"),
        _("The workbook is filled in without a network; it comes back by WhatsApp or on a stick and is read here."),
        _("You need no network: we hand you a workbook that you fill in offline and send back when you have signal."),
        address="workbook-list",
    ),
    Advice(
        "not_our_duty",
        _("Not our duty"),
        _("Give it to another agency"),
        _("Find the agency whose duty it is, or let this one state “no proposal” with its reason and accept that."),
        _("If this is not the duty of your agency, tell us whose it is, or state “no proposal” with the reason in Praja."),
        address="transfer-list",
    ),
    Advice(
        "no_data",
        _("The data are not there"),
        _("Ask whoever has the data"),
        _("Name who can give the figure (an agency, BPS) and send the ready text there."),
        _("You may hand in without the figure now and add it later; tell us who has the data and we ask there with you."),
        anchor="data",
    ),
    Advice(
        "debating",
        _("Still debating what to propose"),
        _("Offer a call of mentor or team"),
        _("A quarter of an hour with the mentor settles more than a letter. Agree on a day and note it here."),
        _("Would it help if the mentor or the team called you for a quarter of an hour? Tell us a day that suits you."),
        anchor="pendampingan",
    ),
    Advice(
        "other",
        _("Another reason"),
        _("Call and settle it"),
        _("Read the note, call the agency, and write down what you agreed on."),
        _("Tell us what would help you; a short answer is enough."),
        anchor="pendampingan",
    ),
    Advice(
        "none",
        _("No reason said yet"),
        _("Ask for the reason"),
        _("Send the ready text. The agency says its reason in Praja with one click, or you note it after a call."),
        _("If something holds you up, tell us in one click what it is, so that we can help."),
        anchor="pengingat",
    ),
)  # fmt: skip
ADVICE = {line.key: line for line in TABLE}
# For rows that are handed in and wait for the signature of the head.
PRINT_PROPOSAL = Advice(
    "head",
    _("With the head of the agency"),
    _("Print the proposal sheet (Lembar Usulan)"),
    _("A head who does not sign in approves on paper: print, have it signed, scan, confirm."),
    _("Your rows wait for the head of the agency: approve them in Praja, or sign the printed proposal sheet."),
    address="proposal-list",
)


def advice_for(reason: LateReason | None, *, has_operator: bool, has_statement: bool) -> Advice:
    """What to do next: a statement that waits comes first, then the reason, then what Praja sees by itself."""
    if has_statement:
        return ADVICE["statement"]
    if reason is not None:
        return ADVICE[reason.kind]
    return ADVICE["none" if has_operator else "no_operator"]
