"""Everything that can be done, by a key that outlives the code; roles.py says who may."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Can(models.TextChoices):
    """One permission a line, in the order of the programme."""

    PLAN_VIEW = "plan.view", _("See the plan and what is asked of whom")
    PLAN_SET_UP = "plan.set_up", _("Set the plan up: horizons, agencies, requests, deadlines")
    PEOPLE_INVITE = "people.invite", _("Invite people and give them a role")
    ACTING_NAME = "acting.name", _("Name who acts for an office, and until when")
    VISION_SET = "vision.set", _("Record the vision that the head of region has set")
    PROBLEM_VIEW = "problem.view", _("See problems")
    PROBLEM_WRITE = "problem.write", _("Write and submit problems")
    PROBLEM_APPROVE = "problem.approve", _("Approve or return problems for the agency")
    PROBLEM_CHECK = "problem.check", _("Check or return problems of a dimension")
    PROBLEM_ACCEPT = "problem.accept", _("Accept or return problems")
    ANALYSIS_WRITE = "analysis.write", _("Write the analysis: readiness, RPJMD, SWOT, gaps, statistics")
    INNOVATION_VIEW = "innovation.view", _("See innovations")
    INNOVATION_WRITE = "innovation.write", _("Write and submit innovations")
    INNOVATION_APPROVE = "innovation.approve", _("Approve or return innovations for the agency")
    INNOVATION_CHECK = "innovation.check", _("Check or return innovations of a dimension")
    INNOVATION_ACCEPT = "innovation.accept", _("Accept or return innovations")
    ACTION_WRITE = "action.write", _("Write actions of the action plan, with their money")
    PROGRAMME_WRITE = "programme.write", _("Write strategies and programmes, and hang innovations below them")
    BUDGET_CODES_LOAD = "budget_codes.load", _("Load lists of official budget codes")
    QUICK_WIN_VIEW = "quick_win.view", _("See nominees, scores, decisions and profiles of quick wins")
    QUICK_WIN_NOMINATE = "quick_win.nominate", _("Nominate innovations as quick wins, and write profiles")
    QUICK_WIN_SCORE = "quick_win.score", _("Score the nominees of a dimension for its working group")
    QUICK_WIN_RUN = (
        "quick_win.run",
        _("Run a round of quick wins: criteria, weights, rules, the set, the decision sheet"),
    )
    QUICK_WIN_ADVISE = "quick_win.advise", _("Write the mentor's opinion on a decision sheet")
    QUICK_WIN_ENDORSE = "quick_win.endorse", _("Endorse a decision sheet for the council")
    QUICK_WIN_FORWARD = "quick_win.forward", _("Forward a decision sheet to the head of region (Sekda)")
    QUICK_WIN_DECIDE = "quick_win.decide", _("Decide on the quick wins")
    PROPOSAL_CONFIRM = "proposal.confirm", _("Confirm a proposal sheet that was signed and scanned")
    SHEET_IMPORT = "sheet.import", _("Import a sheet of another origin")
    COVERAGE_VIEW = "coverage.view", _("See which agency has delivered")
    COVERAGE_REMIND = "coverage.remind", _("Say why an agency is late, and remind it")
    BOOK_VIEW = "book.view", _("Read the books")
    BOOK_BUILD = "book.build", _("Build the books as PDF and Word")
    BOOK_WRITE = "book.write", _("Write the books: outline and narratives")
    BOOK_REMARK = "book.remark", _("Remark on chapters and paragraphs, and give an opinion")
    BOOK_FREEZE = "book.freeze", _("Freeze editions, ask for opinions, follow the enactment")
    COMMITMENT_VIEW = "commitment.view", _("See the joint commitment, what each agency promises, and who has signed")
    COMMITMENT_RUN = "commitment.run", _("Prepare the joint commitment: obligations, text, addenda")
    OBLIGATION_SETTLE = "obligation.settle", _("Accept or contest obligations for the agency")
    SIGNING_RUN = "signing.run", _("Run signing rounds: signatories, printed sheets, scans and their confirmation")
    FILE_VIEW = "file.view", _("Open the files that belong to rows one may see")
    JOB_VIEW = "job.view", _("See the jobs of the region")
