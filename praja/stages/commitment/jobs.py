"""What the commitment does by itself at night."""

from praja.foundation.jobs.progress import Progress
from praja.stages.commitment.new_holders import ask, plans_with_promises


def ask_hand_overs(progress: Progress) -> None:
    """Offices with promises that got another holder: who leaves, who comes and the secretariat are told, once."""
    plans = list(plans_with_promises())
    for number, plan in enumerate(plans):
        progress(number, len(plans))
        ask(plan)
