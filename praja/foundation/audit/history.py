"""The history of a row in words."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.audit.models import Event

VERBS: dict[str, Promise | str] = {
    "start": gettext_lazy("started the draft"),
    "edit": gettext_lazy("changed"),
    "submit": gettext_lazy("submitted it"),
    "take_back": gettext_lazy("took it back to mend it"),
    "approve": gettext_lazy("approved it for the agency"),
    "send_back": gettext_lazy("returned it with a remark"),
    "approve_on_paper": gettext_lazy("confirmed that the head signed it on paper"),
    "check": gettext_lazy("checked it"),
    "ask_again": gettext_lazy("returned it with a remark"),
    "accept": gettext_lazy("accepted it"),
    "return": gettext_lazy("returned it with a remark"),
    "withdraw": gettext_lazy("withdrew it"),
    "set gateway": gettext_lazy("entered or changed the e-sign gateway"),
    "bring_back": gettext_lazy("brought it back"),
    "move": gettext_lazy("moved it in its list"),
    "import": gettext_lazy("brought it in from a sheet"),
    "workbook": gettext_lazy("brought it in with a workbook"),
    "assign": gettext_lazy("assigned it to an agency"),
    "decide": gettext_lazy("decided what becomes of it"),
    "continue_earlier": gettext_lazy("began it from a programme of the earlier masterplan"),
    "print": gettext_lazy("made the sheet for signature"),
    "scan": gettext_lazy("handed in the scan of the signed sheet"),
    "confirm": gettext_lazy("confirmed the signed sheet"),
    "refuse": gettext_lazy("did not confirm the scan"),
    "place scan": gettext_lazy("said which page of the sheet a scan shows"),
    "read scan": gettext_lazy("had Praja read a page of the scan"),
    "endorse": gettext_lazy("endorsed it"),
    "advise": gettext_lazy("gave an opinion"),
    "decide set": gettext_lazy("decided on the quick wins"),
    "void": gettext_lazy("made the sheet void"),
    "place": gettext_lazy("placed a column of the source"),
    "build book": gettext_lazy("made a file of the book"),
    "change outline": gettext_lazy("changed the outline of a book"),
    "reset outline": gettext_lazy("went back to the guide's outline of a book"),
    "freeze": gettext_lazy("froze it as an edition"),
    "make files": gettext_lazy("made the PDF and Word files"),
    "set edition status": gettext_lazy("changed how binding the edition is"),
    "check edition": gettext_lazy("checked whether the edition is as it was frozen"),
    "ask for opinions": gettext_lazy("asked for opinions"),
    "answer": gettext_lazy("gave an opinion"),
    "remind reviewers": gettext_lazy("reminded those who have not answered"),
    "close": gettext_lazy("closed the round"),
    "begin": gettext_lazy("began the enactment"),
    "reach": gettext_lazy("noted a stage of the enactment"),
    "take stage back": gettext_lazy("took back a stage of the enactment"),
    "leave remark": gettext_lazy("left a remark"),
    "reply": gettext_lazy("replied to a remark"),
    "settle": gettext_lazy("settled the remark"),
    "prepare round": gettext_lazy("prepared the signing round"),
    "amend round": gettext_lazy("changed the paper of the round"),
    "name signatories": gettext_lazy("named who signs"),
    "remove signatory": gettext_lazy("took somebody out of the round"),
    "order signatories": gettext_lazy("put the signatories in order"),
    "set ways": gettext_lazy("set in which way the offices sign"),
    "name office": gettext_lazy("made the row of an office that signs"),
    "open round": gettext_lazy("opened the signing round"),
    "sign": gettext_lazy("signed"),
    "decline to sign": gettext_lazy("declined to sign"),
    "ask again to sign": gettext_lazy("asked once more for the signature"),
    "replace signatory": gettext_lazy("named who signs instead"),
    "set further pages": gettext_lazy("made the sheet anew with a further page"),
    "remind signatories": gettext_lazy("reminded those who had not signed"),
    "complete round": gettext_lazy("gave the last signature; the round is complete"),
    "close round": gettext_lazy("closed the round before all had signed"),
    "cancel round": gettext_lazy("called the round off"),
    "revoke certificate": gettext_lazy("took back a certificate of Praja's own"),
    "make evidence file": gettext_lazy("made the evidence file"),
    "make archive of signings": gettext_lazy("made the archive of the signings"),
    "open again": gettext_lazy("opened the remark again"),
    "take away": gettext_lazy("took the remark away"),
    "attach": gettext_lazy("added evidence"),
    "detach": gettext_lazy("took evidence away"),
    "open": gettext_lazy("opened the plan"),
    "set": gettext_lazy("set it"),
    "add": gettext_lazy("added it"),
    "ask": gettext_lazy("decided what is asked"),
    "set deadline": gettext_lazy("set the days of a stage"),
    "move deadline": gettext_lazy("moved the last day of a stage"),
    "say why late": gettext_lazy("said why the agency is late"),
    "remind": gettext_lazy("reminded the agency"),
    "promise help": gettext_lazy("promised help to the agency"),
    "help": gettext_lazy("helped the agency"),
    "ask exception": gettext_lazy("asked for an exception after the stage has closed"),
    "give exception": gettext_lazy("recorded an exception after the stage has closed"),
    "end exception": gettext_lazy("ended an exception"),
    "decline exception": gettext_lazy("declined an exception"),
    "set arms": gettext_lazy("changed the coat of arms"),
    "invite": gettext_lazy("invited somebody"),
    "end role": gettext_lazy("ended a role"),
    "change profile": gettext_lazy("changed the own profile"),
    "make password link": gettext_lazy("made a link for a new password"),
    "change password": gettext_lazy("changed the password"),
    "export": gettext_lazy("took a list along as a file"),
    "load": gettext_lazy("loaded its rows"),
    "put in force": gettext_lazy("put it in force"),
    "change code": gettext_lazy("gave it another budget code"),
    "propose transfer": gettext_lazy("proposed that it changes hands or is joined"),
    "decline transfer": gettext_lazy("did not agree that it changes hands or is joined"),
    "agree": gettext_lazy("agreed for the agency"),
    "decline": gettext_lazy("did not agree for the agency"),
    "transfer done": gettext_lazy("carried it out"),
    "transfer declined": gettext_lazy("closed it: an agency does not agree"),
    "transfer taken_back": gettext_lazy("took the proposal back"),
    "transfer lapsed": gettext_lazy("closed it: the row has moved on"),
    "hand over": gettext_lazy("handed it over to another agency"),
    "join": gettext_lazy("joined it into another row"),
    "take in": gettext_lazy("took another row in"),
    "undo join": gettext_lazy("undid the joining"),
    "keep apart": gettext_lazy("decided to keep it beside a similar row"),
    "begin hand-over": gettext_lazy("began to hand the role over"),
    "accept hand-over": gettext_lazy("took the role on"),
    "call off hand-over": gettext_lazy("called the hand-over off"),
    "name acting": gettext_lazy("named who acts for an office"),
    "end acting": gettext_lazy("ended an acting time"),
    "link identity": gettext_lazy("linked the account at the institution"),
    "unlink identity": gettext_lazy("unlinked the account at the institution"),
    "turn on app": gettext_lazy("set up an app for the second step"),
    "turn off app": gettext_lazy("took the app of the second step away"),
    "add passkey": gettext_lazy("added a passkey"),
    "remove passkey": gettext_lazy("took a passkey away"),
    "make recovery codes": gettext_lazy("made new recovery codes"),
    "reset second factor": gettext_lazy("took the second step away from somebody who had lost it"),
    "move money": gettext_lazy("moved its money to its first action"),
    "give money back": gettext_lazy("gave its money back from its last action"),
    "share money": gettext_lazy("shared its money among its actions"),
    "hang": gettext_lazy("put innovations below it"),
    "reorder": gettext_lazy("moved it up or down"),
    "end sessions": gettext_lazy("signed other devices out"),
    "prefill": gettext_lazy("took it over from the reference data"),
    "look at": gettext_lazy("looked at it and found it right"),
    "score": gettext_lazy("scored"),
    "refuse score": gettext_lazy("tried to score after the end; it was refused"),
    "finish scoring": gettext_lazy("finished the sheet"),
    "reopen scoring": gettext_lazy("opened the sheet again"),
    "choose scoring": gettext_lazy("chose who scores"),
    "name scorer": gettext_lazy("asked somebody to score"),
    "weigh": gettext_lazy("gave the criteria weights"),
    "compare pairs": gettext_lazy("compared criteria in pairs"),
    "accept ratio": gettext_lazy("let the comparisons count although they contradict one another"),
    "choose weighing": gettext_lazy("chose which weights count"),
    "refuse weights": gettext_lazy("tried to change weights after the end; it was refused"),
    "begin round": gettext_lazy("began the round of quick wins"),
    "move round": gettext_lazy("took the round to another step"),
    "nominate": gettext_lazy("nominated it as quick win"),
    "search": gettext_lazy("searched for the best set"),
    "add dialogue": gettext_lazy("recorded a dialogue with residents"),
    "withdraw dialogue": gettext_lazy("took a dialogue with residents away"),
    "draw up": gettext_lazy("drew the commitment up"),
    "open lists": gettext_lazy("opened the lists to the agencies"),
    "remind agencies": gettext_lazy("reminded the agencies that have not settled"),
    "freeze commitment": gettext_lazy("froze the commitment"),
    "follow later": gettext_lazy("left the list for an addendum"),
    "contest": gettext_lazy("contested it"),
    "answer keep": gettext_lazy("kept it as it is"),
    "answer cut": gettext_lazy("cut it to fewer years"),
    "answer drop": gettext_lazy("dropped it"),
    "follow line": gettext_lazy("changed it along with another promise"),
    "take from edition": gettext_lazy("took it from the edition of the masterplan"),
    "ask office over": gettext_lazy("asked for the hand-over of the promises of this office"),
    "accept list for agency": gettext_lazy("accepted the list on behalf of the agency"),
    "accept list": gettext_lazy("accepted the list"),
    "draw up addenda": gettext_lazy("drew addenda up"),
    "compare editions": gettext_lazy("compared it with a newer edition, which changes nothing"),
    "draw up addendum": gettext_lazy("drew the addendum up"),
    "freeze addendum": gettext_lazy("froze the addendum"),
    "hand office over": gettext_lazy("drew the hand-over sheet of promises up"),
    "take promises on": gettext_lazy("took the promises on"),
}

# Fields that name themselves only in English, and the keys under which forms record the rows below.
LABELS: dict[str, Promise | str] = {
    "state": gettext_lazy("State"),
    "organisation": gettext_lazy("Agency (OPD)"),
    "dimension": gettext_lazy("Dimension"),
    "sub_dimension": gettext_lazy("Sub-dimension"),
    "affair": gettext_lazy("Government affair"),
    "causes": gettext_lazy("Causes"),
    "money": gettext_lazy("Budget lines"),
    "indicators": gettext_lazy("Indicators"),
    "partners": gettext_lazy("Partners"),
    "evidence": gettext_lazy("Evidence"),
    "goals": gettext_lazy("Goals and targets"),
    "order": gettext_lazy("Place in the list"),
    "phases": gettext_lazy("Phases by year"),
    "dependencies": gettext_lazy("What has to be done first"),
    "capacity": gettext_lazy("What the agency can carry"),
    "part_of": gettext_lazy("Part of"),
    "share": gettext_lazy("Shared money"),
    "title": gettext_lazy("Title"),
    "arms": gettext_lazy("Coat of arms"),
    "year_from": gettext_lazy("First year"),
    "year_to": gettext_lazy("Last year"),
    "horizons": gettext_lazy("Horizons in years"),
    "guide_version": gettext_lazy("Version of the guide"),
    "dimension_set": gettext_lazy("Dimensions"),
    "stages": gettext_lazy("Stages in use"),
    "cohort": gettext_lazy("National intake of the year"),
    "is_unverified": gettext_lazy("imported, unverified"),
    "name": gettext_lazy("Name"),
    "abbreviation": gettext_lazy("Abbreviation"),
    "agency_kind": gettext_lazy("Kind of agency"),
    "affairs": gettext_lazy("Government affairs"),
    "duties": gettext_lazy("Duties and functions (tupoksi)"),
    "regulation": gettext_lazy("Regulation that they rest on"),
    "heads": gettext_lazy("Head of the agency"),
    "other_row": gettext_lazy("The other row"),
    "merged_into": gettext_lazy("Joined into"),
    "transfer": gettext_lazy("Proposed"),
    "giving": gettext_lazy("Giving agency"),
    "receiving": gettext_lazy("Receiving agency"),
    "organisations": gettext_lazy("Agencies that take part"),
    "manner": gettext_lazy("How it was said"),
    "value": pgettext_lazy("a number", "Figure"),
    "unit": gettext_lazy("Unit"),
    "year": gettext_lazy("Year"),
    "source": gettext_lazy("Source"),
    "status": gettext_lazy("How sure the source is"),
    "scores": gettext_lazy("Scores"),
    "recusals": gettext_lazy("Who stepped back"),
    "scorer": gettext_lazy("Scorer"),
    "ratio": gettext_lazy("Consistency ratio"),
    "criteria": gettext_lazy("Criteria"),
    "dialogue": gettext_lazy("Dialogue with residents"),
    "innovation": gettext_lazy("Innovation"),
    "risks": gettext_lazy("Risk sheet"),
    "months": gettext_lazy("Plan by month"),
    "asked": gettext_lazy("People asked"),
    "told": gettext_lazy("People told"),
    "when": gettext_lazy("Occasion"),
    "verdict": gettext_lazy("Opinion"),
    "since": gettext_lazy("Since"),
    "edition": gettext_lazy("Edition"),
    "document": gettext_lazy("Number of the paper"),
    "lists": gettext_lazy("Lists"),
    "later": gettext_lazy("Lists that follow by an addendum"),
    "agencies": gettext_lazy("Agencies"),
    "accepted": gettext_lazy("Accepted promises"),
    "contested": gettext_lazy("Contested promises"),
    "obligations": gettext_lazy("Open promises"),
    "addendum": gettext_lazy("Addendum"),
    "office": gettext_lazy("Office"),
    "offices": gettext_lazy("Offices"),
    "signatories": gettext_lazy("Signatories"),
    "signed": gettext_lazy("Signatures"),
    "file": gettext_lazy("File"),
    "page": gettext_lazy("Page"),
    "pages": gettext_lazy("Pages"),
    "sheet": gettext_lazy("SHA-256 (signing sheet)"),
    "original": gettext_lazy("SHA-256 (PDF to sign)"),
    "match": gettext_lazy("Found its place"),
    "quarter_turns": gettext_lazy("Quarter turns"),
    "certificate": gettext_lazy("Certificate"),
    "changes": gettext_lazy("Changes"),
    "promises": gettext_lazy("Promises"),
    "sha256": "SHA-256",
    "pdf": "SHA-256 (PDF)",
    "word": "SHA-256 (Word)",
}


@dataclass(frozen=True)
class Line:
    """One line of history: who, what, when, which fields with their values before and after, and the remark."""

    by: str
    verb: str
    words: Promise | str
    acting_as: str
    at: Any
    changes: list[tuple[str, str, str]]
    remark: str


def history_of(row: models.Model, most: int = 200) -> list[Line]:
    """The last `most` events of a row, newest first, with the fields' own names."""
    events = Event.objects.about(row).select_related("by__person")[:most]
    return [
        Line(
            by=str(event.by) if event.by else _("Praja"),
            acting_as=event.acting_as,
            verb=event.verb,
            words=VERBS.get(event.verb, event.verb),
            at=event.at,
            changes=[_in_words(row, name, values) for name, values in event.changes.items()],
            remark=event.remark,
        )
        for event in events
    ]


def label_of(row: models.Model, name: str) -> str:
    """The name of a field as people read it; of rows below, such as budget lines, too."""
    label = str(LABELS.get(name, name))
    own = str(getattr(_field_of(row, name), "verbose_name", label))
    return str(capfirst(label if own == name.replace("_", " ") else own))


def _field_of(row: models.Model, name: str) -> Any:
    try:
        return row._meta.get_field(name)
    except FieldDoesNotExist:
        return None  # rows below, or a field that has gone: its key must do


def _in_words(row: models.Model, name: str, values: list[Any]) -> tuple[str, str, str]:
    """A changed field: its label, and both values as people read them."""
    choices = dict(getattr(_field_of(row, name), "flatchoices", None) or [])
    before, after = [*values, "", ""][:2] if values else ("", "")
    return label_of(row, name), _one(before, choices), _one(after, choices)


def _one(value: Any, choices: dict[Any, Any]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return str(choices.get(value, value))
