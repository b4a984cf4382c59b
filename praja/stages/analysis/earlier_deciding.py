"""The three decisions about an earlier programme, in words and pictures, and what a page sends about one."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from praja.stages.analysis.models import EarlierItem

Decision = EarlierItem.Decision
LONGEST_REASON = 5_000
HINTS: dict[str, Promise] = {
    Decision.CONTINUE: gettext_lazy("It goes on as it is."),
    Decision.CHANGE: gettext_lazy("It goes on in another form; say what changes and why."),
    Decision.STOP: gettext_lazy("It ends; say why, so that nobody has to guess."),
}
ICONS: dict[str, str] = {Decision.CONTINUE: "check", Decision.CHANGE: "pencil", Decision.STOP: "x"}


def typed(request: HttpRequest, suffix: str = "") -> tuple[str, str]:
    """What was chosen about a programme, and why."""
    reason = request.POST.get(f"reason{suffix}", "").replace("\0", "")[:LONGEST_REASON].strip()
    return request.POST.get(f"decision{suffix}", ""), reason
