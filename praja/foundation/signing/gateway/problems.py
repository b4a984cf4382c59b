"""What can go wrong between Praja and a gateway: keys that are stored, and the sentences that a signatory reads."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praja.foundation.workflow.steps import Refused


class Problem(StrEnum):
    """Why there is no signature. What a gateway said word for word is never kept: it may quote a NIK."""

    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    LOGIN = "login"
    SLOW = "slow"
    BUSY = "busy"
    PASSPHRASE = "passphrase"  # noqa: S105 - a key
    CODE = "code"
    EXPIRED = "expired"
    NOT_REGISTERED = "not_registered"
    RUBBISH = "rubbish"
    DECLINED = "declined"


SENTENCES: dict[Problem, Promise] = {
    Problem.ADDRESS: _(
        "The address of the e-sign gateway is not one that Praja may ask: it has to begin with https, or lie on the region's own network. Please tell the secretariat."
    ),
    Problem.UNREACHABLE: _(
        "The e-sign gateway cannot be reached. Nothing was signed. Try again in a few minutes, or sign on the printed sheet."
    ),
    Problem.UNTRUSTED: _(
        "The e-sign gateway did not show a certificate that can be trusted, so nothing was sent to it. Please tell the secretariat; the printed sheet works meanwhile."
    ),
    Problem.LOGIN: _(
        "The e-sign gateway did not accept the user name or the secret of Praja. Please tell the secretariat; the printed sheet works meanwhile."
    ),
    Problem.SLOW: _(
        "The e-sign gateway took too long, and no signature counts. Wait a minute and try again, or sign on the printed sheet."
    ),
    Problem.BUSY: _(
        "The e-sign gateway has too much to do at this moment. Nothing was signed. Wait a minute and try again."
    ),
    Problem.PASSPHRASE: _(
        "The passphrase is not right. Type it again, with the same capital letters; after three wrong ones there is a pause of 15 minutes."
    ),
    Problem.CODE: _(
        "The one-time code is not right or came too late. Ask for a new one and type it within a few minutes; after three wrong ones there is a pause of 15 minutes."
    ),
    Problem.EXPIRED: _(
        "Your BSrE certificate has expired. Ask BSrE or the region's communication office to renew it, or sign on the printed sheet today."
    ),
    Problem.NOT_REGISTERED: _(
        "The e-sign gateway knows no certificate that can sign for this NIK or e-mail. Check what you typed, or sign on the printed sheet."
    ),
    Problem.RUBBISH: _(
        "The e-sign gateway answered with something that is not this document with your signature. It was thrown away, and no signature counts. Try again; if it happens again, sign on the printed sheet."
    ),
    Problem.DECLINED: _(
        "The e-sign gateway declined to sign, for a reason that Praja does not know. Nothing was signed. Try again, or sign on the printed sheet."
    ),
}


class GatewayError(Refused):
    """The gateway gave no signature; `problem` is the key, `reasons` the sentence for the person."""

    def __init__(self, problem: Problem) -> None:
        super().__init__([SENTENCES[problem]])
        self.problem = problem
