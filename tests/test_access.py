"""Who reaches which address: a table that is also the test, and that knows every address there is.

The rows belong to "Dinas Kesehatan" of "Kabupaten Uji". `in` is the sign-in page, a number the status of the answer;
404 means that not even the existence of the row is told. POST rows send an empty form. The neighbour is the
coordinator of the other region.
"""

import io
from hashlib import sha256
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from praja.across.handover.models import Handover
from praja.across.joining.models import Transfer
from praja.across.proposals.actions import Paper, print_sheet
from praja.across.proposals.material import Chosen
from praja.across.proposals.models import ProposalSheet
from praja.across.workbooks.models import Return
from praja.foundation.accounts.actions import invite, password_link
from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.documents.blocks import Document, Heading, Letter, to_json
from praja.foundation.documents.editions import freeze
from praja.foundation.documents.models import Edition
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import keep, store
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.jobs.models import Job
from praja.foundation.remarks.models import Remark
from praja.foundation.signing.models import SheetScan, Signatory, SigningRound
from praja.foundation.signing.tests.making import round_of as signing_round_of
from praja.foundation.statistics.models import Statistic
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet, SwotItem
from praja.stages.commitment import addenda
from praja.stages.commitment.models import Obligation, PositionHandover
from praja.stages.commitment.tests.making import edition_with, list_of, settling_one
from praja.stages.commitment.tests.making import frozen as frozen_commitment
from praja.stages.commitment.tests.making import line as promised_line
from praja.stages.innovations.models import Import, Innovation, NotYet, Unplaced
from praja.stages.innovations.tests.test_actions import started as started_innovation
from praja.stages.masterplan.models import Enactment, EnactmentStage, Narrative, NarrativeVersion, Opinion, ReviewRound
from praja.stages.problems.tests.test_actions import started as started_problem
from praja.stages.quick_wins.models import QuickWin, ScoreSheet, SelectionRule
from praja.stages.quick_wins.tests.making import dialogue, nominee, round_of
from praja.stages.quick_wins.tests.sheets import plain_sheet
from praja.stages.roadmap.code_lists import open_list
from praja.stages.roadmap.models import Action
from praja.stages.roadmap.sipd import open_export
from praja.stages.roadmap.tests.making import programme_of, strategy_of
from praja.stages.targets.tests.growing import tree as target_tree
from tests.kept import kept

PEOPLE = ("anonymous", "operator", "coordinator", "neighbour", "assessor", "mentor", "ministry_admin")

#    address                        anonymous  operator coordinator neighbour assessor mentor ministry_admin
TABLE = """
GET  gallery                              200       200       200       200       200       200       200
GET  public-log                           200       200       200       200       200       200       200
GET  public-log-roots                     200       200       200       200       200       200       200
GET  sign-in                              200       302       302       302       302       302       302
POST sign-in                              200       200       200       200       200       200       200
POST sign-in-demo                         404       404       404       404       404       404       404
GET  sign-in-second                       302       302       302       302       302       302       302
POST sign-in-second                       302       302       302       302       302       302       302
POST sign-in-passkey                      302       302       302       302       302       302       302
GET  sign-in-institution                  404       404       404       404       404       404       404
GET  sign-in-institution-back             404       404       404       404       404       404       404
POST sign-in-institution-link             404       404       404       404       404       404       404
POST institution-unlink                    in       404       404       404       404       404       404
POST passkey-question                     404       404       404       404       404       404       404
POST sign-out                             302       302       302       302       302       302       302
POST set-language                         404       404       404       404       404       404       404
GET  invitation-accept                    200       200       200       200       200       200       200
POST invitation-accept                    200       302       302       302       302       302       302
GET  profile                               in       200       200       200       200       200       200
POST profile                               in       200       200       200       200       200       200
GET  password-change                       in       200       200       200       200       200       200
POST password-change                       in       200       200       200       200       200       200
GET  security                              in       200       200       200       200       200       200
GET  app-new                               in       200       200       200       200       200       200
POST app-new                               in       200       200       200       200       200       200
POST app-end                               in       302       302       302       302       302       302
GET  recovery-codes                        in       302       302       302       302       302       302
POST recovery-codes                        in       302       302       302       302       302       302
GET  passkey-new                           in       200       200       200       200       200       200
POST passkey-new                           in       200       200       200       200       200       200
POST passkey-end                           in       404       404       404       404       404       404
POST session-end                           in       302       302       302       302       302       302
GET  password-new                      200       200       200       200       200       200       200
POST password-new                      200       200       200       200       200       200       200
POST password-link                      in       404       200       404       404       404       200
GET  arms                               in       404       404       404       404       404       404
GET  who-may                               in       200       200       200       200       200       200
GET  search                                in       200       200       200       200       200       200
POST export-new                            in       200       200       404       200       200       200
GET  export-download                       in       404       404       404       404       404       404
GET  file-download                         in       200       200       404       404       200       200
GET  job-detail                            in       404       200       404       404       404       200
GET  job-state                             in       404       200       404       404       404       200
POST job-retry                             in       404       302       404       404       404       302
GET  plan-set-up                           in       404       200       404       404       404       200
POST plan-set-up                           in       404       422       404       404       404       422
POST plan-draft                            in       404       200       404       404       404       200
POST plan-arms                             in       404       302       404       404       404       302
GET  agency-list                           in       200       200       404       200       200       200
GET  agency-new                            in       404       200       404       404       404       200
POST agency-new                            in       404       200       404       404       404       200
GET  agency-typical                        in       404       200       404       404       404       200
POST agency-typical                        in       404       302       404       404       404       302
GET  agency-sheet                          in       404       200       404       404       404       200
POST agency-sheet                          in       404       422       404       404       404       422
GET  agency-template                       in       404       200       404       404       404       200
GET  agency-edit                           in       404       200       404       404       404       200
POST agency-edit                           in       404       422       404       404       404       422
POST agency-draft                          in       404       200       404       404       404       200
POST agency-withdraw                       in       404       302       404       404       404       302
GET  request-list                          in       404       200       404       404       404       200
POST request-list                          in       404       302       404       404       404       302
GET  deadline-list                         in       200       200       404       200       200       200
POST deadline-list                         in       404       422       404       404       404       422
GET  offices                                in       404       200       404       404       404       200
POST offices                                in       404       422       404       404       404       422
POST offices-draft                          in       404       200       404       404       404       200
GET  people-list                           in       404       200       404       404       404       200
GET  invitation-new                        in       404       200       404       404       404       200
POST invitation-new                        in       404       200       404       404       404       200
POST invitation-withdraw                   in       404       302       404       404       404       302
GET  second-factor-reset                   in       404       200       404       404       404       200
POST second-factor-reset                   in       404       200       404       404       404       200
GET  acting-list                           in       200       200       404       200       200       200
GET  acting-new                            in       404       200       404       404       404       200
POST acting-new                            in       404       200       404       404       404       200
POST acting-end                            in       404       302       404       404       404       302
POST membership-end                        in       404       302       404       404       404       302
GET  problem-list                          in       200       200       404       200       200       200
GET  problem-new                           in       200       200       404       404       404       200
POST problem-new                           in       200       200       404       404       404       200
GET  problem-detail                        in       200       200       404       404       200       200
GET  problem-edit                          in       200       200       404       404       404       200
POST problem-edit                          in       422       422       404       404       404       422
POST problem-draft                         in       200       200       404       404       404       200
POST problem-steps                         in       404       404       404       404       404       404
GET  problem-summary                       in       200       200       404       200       200       200
GET  problem-many                          in       302       302       404       302       302       302
POST problem-many                          in       404       404       404       404       404       404
POST problem-remarks                       in       404       302       404       404       404       302
POST problem-remark                        in       404       404       404       404       404       404
POST problem-withdraw                      in       302       302       404       404       404       302
POST problem-bring-back                    in       404       404       404       404       404       404
GET  readiness                             in       200       200       404       200       200       200
GET  readiness-sheet                       in       404       200       404       404       404       200
POST readiness-sheet                       in       404       422       404       404       404       422
GET  readiness-template                    in       404       200       404       404       404       200
GET  readiness-element                     in       200       200       404       200       200       200
GET  readiness-edit                        in       404       200       404       404       404       200
POST readiness-edit                        in       404       302       404       404       404       302
POST readiness-draft                       in       404       200       404       404       404       200
POST readiness-evidence                    in       404       302       404       404       404       302
POST readiness-evidence-withdraw           in       404       404       404       404       404       404
POST readiness-remarks                     in       302       302       404       404       302       302
POST readiness-remark                      in       404       404       404       404       404       404
GET  statistic-list                        in       200       200       404       200       200       200
GET  statistic-new                         in       404       200       404       404       404       200
POST statistic-new                         in       404       422       404       404       404       422
POST statistic-new-draft                   in       404       200       404       404       404       200
POST statistic-prefill                     in       404       302       404       404       404       302
GET  statistic-sheet                       in       404       200       404       404       404       200
POST statistic-sheet                       in       404       422       404       404       404       422
GET  statistic-template                    in       404       200       404       404       404       200
GET  statistic-edit                        in       404       200       404       404       404       200
POST statistic-edit                        in       404       422       404       404       404       422
POST statistic-draft                       in       404       200       404       404       404       200
POST statistic-confirm                     in       404       302       404       404       404       302
POST statistic-withdraw                    in       404       302       404       404       404       302
GET  development-plan                      in       200       200       404       200       200       200
GET  development-plan-edit                 in       404       200       404       404       404       200
POST development-plan-edit                 in       404       422       404       404       404       422
POST development-plan-draft                in       404       200       404       404       404       200
GET  development-sheet                     in       404       200       404       404       404       200
POST development-sheet                     in       404       422       404       404       404       422
GET  development-template                  in       404       200       404       404       404       200
GET  development-contents                  in       200       200       404       200       200       200
GET  development-part-new                  in       404       200       404       404       404       200
POST development-part-new                  in       404       422       404       404       404       422
POST development-part-new-draft            in       404       200       404       404       404       200
GET  development-part                      in       200       200       404       200       200       200
GET  development-part-edit                 in       404       200       404       404       404       200
POST development-part-edit                 in       404       422       404       404       404       422
POST development-part-draft                in       404       200       404       404       404       200
GET  development-indicators                in       404       200       404       404       404       200
POST development-indicators                in       404       422       404       404       404       422
POST development-indicators-draft          in       404       200       404       404       404       200
POST development-part-move                 in       404       302       404       404       404       302
POST development-part-withdraw             in       404       302       404       404       404       302
POST development-part-bring-back           in       404       404       404       404       404       404
GET  vision                                in       200       200       404       200       200       200
GET  vision-edit                           in       404       200       404       404       404       200
POST vision-edit                           in       404       422       404       404       404       422
POST vision-draft                          in       404       200       404       404       404       200
GET  swot                                  in       200       200       404       200       200       200
GET  swot-matrix                           in       200       200       404       200       200       200
GET  gap-list                              in       200       200       404       200       200       200
GET  analysis-sheet                        in       404       200       404       404       404       200
POST analysis-sheet                        in       404       422       404       404       404       422
GET  analysis-workbook                     in       404       200       404       404       404       200
GET  analysis-entry-new                    in       404       200       404       404       404       200
POST analysis-entry-new                    in       404       422       404       404       404       422
POST analysis-entry-new-draft              in       404       200       404       404       404       200
GET  analysis-entry                        in       200       200       404       200       200       200
GET  analysis-entry-edit                   in       404       200       404       404       404       200
POST analysis-entry-edit                   in       404       422       404       404       404       422
POST analysis-entry-draft                  in       404       200       404       404       404       200
POST analysis-entry-move                   in       404       302       404       404       404       302
POST analysis-entry-withdraw               in       404       302       404       404       404       302
POST analysis-entry-bring-back             in       404       404       404       404       404       404
GET  vision-candidates                     in       200       200       404       200       200       200
GET  mission-list                          in       200       200       404       200       200       200
GET  earlier-plan                          in       200       200       404       200       200       200
GET  earlier-plan-edit                     in       404       200       404       404       404       200
POST earlier-plan-edit                     in       404       422       404       404       404       422
POST earlier-plan-draft                    in       404       200       404       404       404       200
POST earlier-plan-file                     in       404       302       404       404       404       302
GET  earlier-pdf                           in       200       200       404       200       200       200
GET  earlier-page                          in       200       200       404       200       200       200
GET  earlier-page-picture                  in       200       200       404       200       200       200
GET  earlier-sheet                         in       404       200       404       404       404       200
POST earlier-sheet                         in       404       200       404       404       404       200
GET  earlier-template                      in       404       200       404       404       404       200
GET  earlier-sheet-detail                  in       404       302       404       404       404       302
POST earlier-sheet-detail                  in       404       302       404       404       404       302
GET  earlier-sheet-columns                 in       404       200       404       404       404       200
POST earlier-sheet-columns                 in       404       302       404       404       404       302
GET  earlier-sheet-wrong-rows              in       404       404       404       404       404       404
GET  earlier-item-list                     in       200       200       404       200       200       200
POST earlier-item-list                     in       302       302       404       404       404       302
GET  earlier-decide                        in       200       200       404       404       404       200
POST earlier-decide                        in       422       422       404       404       404       422
GET  earlier-item                          in       200       200       404       200       200       200
POST earlier-item-decision                 in       422       422       404       404       404       422
GET  earlier-item-edit                     in       404       200       404       404       404       200
POST earlier-item-edit                     in       404       422       404       404       404       422
POST earlier-item-draft                    in       404       200       404       404       404       200
POST earlier-item-withdraw                 in       404       302       404       404       404       302
POST earlier-item-bring-back               in       404       404       404       404       404       404
POST earlier-item-innovation               in       302       302       404       404       404       302
GET  innovation-list                       in       200       200       404       200       200       200
GET  innovation-new                        in       200       200       404       404       404       200
POST innovation-new                        in       200       200       404       404       404       200
GET  innovation-detail                     in       200       200       404       404       200       200
GET  innovation-edit                       in       200       200       404       404       404       200
POST innovation-edit                       in       422       422       404       404       404       422
POST innovation-draft                      in       200       200       404       404       404       200
POST innovation-steps                      in       404       404       404       404       404       404
GET  innovation-many                       in       302       302       404       302       302       302
POST innovation-many                       in       404       404       404       404       404       404
POST innovation-remarks                    in       404       302       404       404       404       302
POST innovation-remark                     in       404       404       404       404       404       404
POST innovation-withdraw                   in       302       302       404       404       404       302
POST innovation-bring-back                 in       404       404       404       404       404       404
POST innovation-evidence                   in       302       302       404       404       404       302
POST innovation-evidence-withdraw          in       302       302       404       404       404       302
POST innovation-place                      in       302       302       404       404       404       302
GET  alignment                             in       200       200       404       200       200       200
GET  alignment-orphans                     in       200       200       404       200       200       200
GET  alignment-holes                       in       200       200       404       200       200       200
GET  tray                                  in       404       200       404       404       404       200
POST tray                                  in       404       404       404       404       404       404
GET  not-yet-new                           in       200       200       404       200       200       200
POST not-yet-new                           in       200       200       404       200       200       200
POST not-yet-steps                         in       404       404       404       404       404       404
GET  import-list                           in       404       200       404       404       404       200
POST import-list                           in       404       200       404       404       404       200
GET  import-national                       in       404       404       404       404       404       200
POST import-national                       in       404       404       404       404       404       200
GET  import-detail                         in       404       302       404       404       404       302
GET  import-mapping                        in       404       200       404       404       404       200
POST import-mapping                        in       404       302       404       404       404       302
GET  import-preview                        in       404       302       404       404       404       302
POST import-preview                        in       404       302       404       404       404       302
GET  import-wrong-rows                     in       404       404       404       404       404       404
GET  similar-list                          in       200       200       404       200       200       200
GET  similar-typing                        in       200       200       404       200       200       200
GET  similar-pair                          in       200       200       404       404       200       200
POST similar-keep                          in       422       422       404       404       404       422
POST similar-join                          in       422       422       404       404       404       422
GET  transfer-list                         in       200       200       404       200       200       200
GET  transfer-new                          in       200       200       404       404       200       200
POST transfer-new                          in       422       422       404       404       404       422
GET  transfer-detail                       in       200       200       404       404       200       200
POST transfer-answer                       in       302       302       404       404       302       302
POST transfer-record                       in       404       422       404       404       404       422
POST transfer-take-back                    in       404       302       404       404       404       302
POST transfer-undo                         in       404       404       404       404       404       404
GET  strategy-tree                          in       200       200       404       200       200       200
GET  strategy-tree-of                       in       200       200       404       200       200       200
GET  strategy-new                           in       404       200       404       404       404       200
POST strategy-new                           in       404       200       404       404       404       200
GET  strategy-edit                          in       404       200       404       404       404       200
POST strategy-edit                          in       404       422       404       404       404       422
POST strategy-draft                         in       404       200       404       404       404       200
POST strategy-move                          in       404       302       404       404       404       302
POST strategy-withdraw                      in       404       302       404       404       404       302
GET  programme-new                          in       404       200       404       404       404       200
POST programme-new                          in       404       200       404       404       404       200
GET  programme-edit                         in       404       200       404       404       404       200
POST programme-edit                         in       404       422       404       404       404       422
POST programme-draft                        in       404       200       404       404       404       200
POST programme-move                         in       404       302       404       404       404       302
POST programme-withdraw                     in       404       302       404       404       404       302
POST programme-hang                         in       404       302       404       404       404       302
GET  action-list                            in       200       200       404       200       200       200
GET  action-new                             in       200       200       404       404       404       200
POST action-new                             in       200       200       404       404       404       200
GET  action-warnings                        in       200       200       404       200       200       200
GET  action-detail                          in       200       200       404       200       200       200
GET  action-edit                            in       200       200       404       404       404       200
POST action-edit                            in       422       422       404       404       404       422
POST action-draft                           in       200       200       404       404       404       200
POST action-remarks                         in       302       302       404       404       302       302
POST action-remark                          in       404       404       404       404       404       404
POST action-withdraw                        in       302       302       404       404       404       302
POST action-bring-back                      in       404       404       404       404       404       404
GET  money-share                            in       200       200       404       404       404       200
POST money-share                            in       302       302       404       404       404       302
GET  capacity                               in       200       200       404       404       404       200
POST capacity                               in       422       422       404       404       404       422
POST capacity-draft                         in       200       200       404       404       404       200
GET  roadmap                               in       200       200       404       200       200       200
GET  roadmap-poster-svg                    in       200       200       404       200       200       200
GET  roadmap-poster-pdf                    in       200       200       404       200       200       200
GET  plan-codes                            in       200       200       404       200       200       200
POST action-code                           in       302       302       404       404       404       302
GET  budget-codes                          in       200       200       200       200       200       200
GET  budget-code-options                   in       200       200       200       200       200       200
GET  budget-code-lists                     in       404       404       404       404       404       200
POST budget-code-lists                     in       404       404       404       404       404       422
GET  budget-code-list                      in       404       404       404       404       404       200
POST budget-code-list-load                 in       404       404       404       404       404       302
POST budget-code-list-in-force             in       404       404       404       404       404       302
POST budget-code-list-withdraw             in       404       404       404       404       404       302
GET  sipd                                  in       200       200       404       200       200       200
GET  sipd-new                              in       404       200       404       404       404       200
POST sipd-new                              in       404       422       404       404       404       422
GET  sipd-detail                           in       404       200       404       404       404       200
GET  sipd-columns                          in       404       200       404       404       404       200
POST sipd-columns                          in       404       422       404       404       404       422
POST sipd-load                             in       404       302       404       404       404       302
GET  book                                  in       200       200       404       200       200       200
POST book-build                            in       302       302       404       302       302       302
GET  book-file                             in       404       404       404       404       404       404
GET  book-of                                in       200       200       404       200       200       200
GET  book-chapter                           in       200       200       404       200       200       200
GET  book-outline                           in       404       200       404       404       404       200
POST book-outline                           in       404       409       404       404       404       409
POST book-outline-reset                     in       404       302       404       404       404       302
GET  book-remarks                          in       200       200       404       200       200       200
POST book-remark-new                       in       422       422       404       404       422       422
POST book-remark                           in       404       404       404       404       404       404
GET  narrative-picture                      in       404       404       404       404       404       404
GET  book-check                             in       200       200       404       200       200       200
GET  narrative                              in       404       200       404       404       404       200
POST narrative                              in       404       302       404       404       404       302
POST narrative-draft                        in       404       200       404       404       404       200
POST narrative-here                         in       404       200       404       404       404       200
POST narrative-paste                        in       404       200       404       404       404       200
POST narrative-picture-new                  in       404       422       404       404       404       422
GET  narrative-versions                     in       404       200       404       404       404       200
GET  narrative-version                      in       404       200       404       404       404       200
POST narrative-restore                      in       404       302       404       404       404       302
GET  narrative-word                         in       404       200       404       404       404       200
GET  narrative-word-in                      in       404       200       404       404       404       200
POST narrative-word-in                      in       404       422       404       404       404       422
GET  narrative-word-preview                 in       404       404       404       404       404       404
POST narrative-word-preview                 in       404       404       404       404       404       404
GET  review-list                           in       200       200       404       200       200       200
GET  review-new                            in       404       200       404       404       404       200
POST review-new                            in       404       422       404       404       404       422
GET  review                                in       200       200       404       200       200       200
POST review-answer                         in       422       404       404       404       404       404
POST review-remind                         in       404       302       404       404       404       302
POST review-close                          in       404       302       404       404       404       302
GET  edition-list                          in       200       200       404       200       200       200
GET  edition-new                           in       404       200       404       404       404       200
POST edition-new                           in       404       422       404       404       404       422
GET  edition                               in       200       200       404       200       200       200
POST edition-status                        in       404       422       404       404       404       422
GET  edition-file                          in       404       404       404       404       404       404
GET  edition-redline                       in       200       200       404       200       200       200
POST edition-changes                       in       302       302       404       302       302       302
GET  edition-part                          in       200       200       404       200       200       200
GET  edition-picture                       in       404       404       404       404       404       404
POST edition-check                         in       302       302       404       302       302       302
GET  enactment                             in       200       200       404       200       200       200
GET  enactment-edit                        in       404       200       404       404       404       200
POST enactment-edit                        in       404       422       404       404       404       422
POST enactment-draft                       in       404       200       404       404       404       200
GET  enactment-articles                    in       404       200       404       404       404       200
POST enactment-articles                    in       404       422       404       404       404       422
POST enactment-articles-draft              in       404       200       404       404       404       200
POST enactment-word                        in       404       302       404       404       404       302
POST enactment-stage                       in       404       422       404       404       404       422
POST enactment-stage-withdraw              in       404       302       404       404       404       302
GET  enactment-stage-file                  in       404       404       404       404       404       404
GET  commitment-current                    in       200       200       404       200       200       200
GET  commitment                            in       200       200       404       200       200       200
GET  commitment-new                        in       404       200       404       404       404       200
POST commitment-new                        in       404       422       404       404       404       422
GET  commitment-text                       in       404       200       404       404       404       200
POST commitment-text                       in       404       422       404       404       404       422
POST commitment-text-draft                 in       404       200       404       404       404       200
GET  commitment-preview                    in       200       200       404       200       200       200
POST commitment-open                       in       404       302       404       404       404       302
POST commitment-remind                     in       404       302       404       404       404       302
GET  commitment-freeze                     in       404       200       404       404       404       200
POST commitment-freeze                     in       404       422       404       404       404       422
POST commitment-withdraw                   in       404       422       404       404       404       422
POST commitment-addenda                    in       404       302       404       404       404       302
GET  commitment-promises                   in       200       200       404       200       200       200
GET  obligation-list                       in       200       200       404       200       200       200
GET  obligation                            in       302       302       404       302       302       302
POST obligation-accept                     in       302       422       404       404       404       422
GET  obligation-contest                    in       200       200       404       404       404       200
POST obligation-contest                    in       422       422       404       404       404       422
GET  obligation-answer                     in       404       200       404       404       404       200
POST obligation-answer                     in       404       422       404       404       404       422
GET  addendum-preview                      in       200       200       404       200       200       200
POST addendum-freeze                       in       404       302       404       404       404       302
POST addendum-withdraw                     in       404       422       404       404       404       422
POST position-handover-new                 in       302       302       404       404       404       302
GET  position-handover                     in       200       200       404       404       404       200
GET  position-handover-paper               in       200       200       404       404       404       200
POST position-handover-accept              in       302       404       404       404       404       404
POST position-handover-withdraw            in       302       302       404       404       404       302
GET  workbook-list                         in       200       200       404       404       404       200
POST workbook-list                         in       422       422       404       404       404       422
POST workbook-get                          in       422       302       404       404       404       302
GET  workbook-return                       in       200       200       404       404       404       200
POST workbook-return                       in       302       302       404       404       404       302
POST workbook-draft                        in       409       409       404       404       404       409
GET  workbook-wrong-rows                   in       200       200       404       404       404       200
GET  weekly                                in       404       200       404       404       404       200
GET  reminder-new                          in       404       200       404       404       404       200
POST reminder-new                          in       404       302       404       404       404       302
GET  follow-up                             in       200       200       404       404       404       200
POST reason-say                            in       422       422       404       404       404       422
POST help-promise                          in       404       422       404       404       404       422
POST help-done                             in       404       404       404       404       404       404
POST exception-give                        in       404       422       404       404       404       422
POST exception-ask                         in       302       302       404       404       404       302
POST exception-decline                     in       404       404       404       404       404       404
POST exception-end                         in       404       404       404       404       404       404
GET  proposal-list                         in       200       200       404       404       404       200
GET  proposal-new                          in       200       302       404       404       404       302
POST proposal-new                          in       422       302       404       404       404       302
GET  proposal-sheet                        in       200       200       404       404       404       200
GET  proposal-by-code                      in       302       302       404       404       404       302
GET  proposal-file                         in       200       200       404       404       404       200
POST proposal-scan                         in       422       422       404       404       404       422
GET  proposal-scan-file                    in       404       404       404       404       404       404
GET  proposal-paper-page                   in       200       200       404       404       404       200
GET  proposal-scan-page                    in       404       404       404       404       404       404
POST proposal-confirm                      in       404       302       404       404       404       302
POST proposal-refuse                       in       404       422       404       404       404       422
POST proposal-void                         in       422       422       404       404       404       422
GET  home                                  in       302       302       302       302       302       302
GET  handover-list                         in       200       200       200       200       200       200
GET  handover-new                          in       404       200       404       404       404       200
POST handover-new                          in       404       200       404       404       404       200
GET  handover-detail                       in       404       200       404       404       404       200
GET  handover-paper                        in       404       200       404       404       404       200
POST handover-accept                       in       404       404       404       404       404       404
POST handover-call-off                     in       404       302       404       404       404       302
GET  quick-win-list                         in       200       200       404       404       200       200
GET  quick-win-detail                       in       200       200       404       404       200       200
GET  quick-win-visual                       in       200       200       404       404       200       200
GET  quick-win-edit                         in       200       200       404       404       404       200
POST quick-win-edit                         in       422       409       404       404       404       409
POST quick-win-draft                        in       200       200       404       404       404       200
GET  quick-win-position                     in       200       200       404       404       404       200
POST quick-win-position                     in       422       422       404       404       404       422
POST quick-win-steps                        in       404       404       404       404       404       404
POST quick-win-remarks                      in       404       302       404       404       404       302
POST quick-win-remark                       in       404       404       404       404       404       404
GET  round-list                             in       200       200       404       404       200       200
GET  round-new                              in       404       200       404       404       404       200
POST round-new                              in       404       422       404       404       404       422
GET  round-detail                           in       200       200       404       404       200       200
POST round-move                             in       404       404       404       404       404       404
GET  round-edit                             in       404       200       404       404       404       200
POST round-edit                             in       404       422       404       404       404       422
POST round-draft                            in       404       200       404       404       404       200
POST round-withdraw                         in       404       302       404       404       404       302
GET  round-criteria                         in       200       200       404       404       200       200
POST round-criteria                         in       404       422       404       404       404       422
POST round-criteria-draft                   in       404       200       404       404       404       200
GET  round-renewal                          in       200       200       404       404       200       200
GET  quick-win-renewal                      in       302       302       404       404       404       302
POST quick-win-renewal                      in       302       302       404       404       404       302
POST quick-win-renewal-draft                in       200       200       404       404       404       200
GET  round-nominees                         in       200       200       404       404       200       200
GET  round-nominate                         in       200       200       404       404       404       200
POST round-nominate                         in       302       302       404       404       404       302
GET  innovation-nominate                    in       200       200       404       404       404       200
POST innovation-nominate                    in       302       302       404       404       404       302
GET  nominee-detail                         in       200       200       404       404       200       200
GET  nominee-edit                           in       200       200       404       404       404       200
POST nominee-edit                           in       302       302       404       404       404       302
POST nominee-draft                          in       200       200       404       404       404       200
POST nominee-withdraw                       in       302       302       404       404       404       302
POST nominee-bring-back                     in       404       404       404       404       404       404
POST nominee-remarks                        in       404       302       404       404       404       302
POST nominee-remark                         in       404       404       404       404       404       404
GET  nominee-dialogue                       in       200       200       404       404       404       200
POST nominee-dialogue                       in       422       422       404       404       404       422
GET  dialogue-edit                          in       200       200       404       404       404       200
POST dialogue-edit                          in       422       422       404       404       404       422
POST dialogue-draft                         in       200       200       404       404       404       200
POST dialogue-withdraw                      in       302       302       404       404       404       302
POST dialogue-minutes                       in       302       302       404       404       404       302
POST dialogue-minutes-withdraw              in       404       404       404       404       404       404
GET  scoring                                in       404       200       404       404       200       200
POST scoring-way                            in       404       302       404       404       404       302
GET  score-spread                           in       404       200       404       404       200       200
POST scorer-new                             in       404       302       404       404       404       302
POST scorer-withdraw                        in       404       302       404       404       404       302
POST score-begin                            in       404       302       404       404       404       302
GET  score-sheet                            in       404       200       404       404       200       200
POST score-sheet                            in       404       302       404       404       404       302
POST score-draft                            in       404       200       404       404       404       200
POST score-finish                           in       404       302       404       404       404       302
POST score-reopen                           in       404       302       404       404       404       302
GET  weights                                in       404       200       404       404       200       200
POST weights                                in       404       422       404       404       404       422
POST weights-draft                          in       404       200       404       404       404       200
POST weight-way                             in       404       302       404       404       404       302
GET  weight-pairs                           in       404       200       404       404       200       200
POST weight-pairs                           in       404       302       404       404       404       302
POST weight-pairs-draft                     in       404       200       404       404       404       200
POST weight-mend                            in       404       302       404       404       404       302
POST weight-accept                          in       404       302       404       404       404       302
GET  ranking                                in       404       200       404       404       200       200
GET  ranking-table                          in       404       200       404       404       200       200
GET  set-rules                              in       404       200       404       404       200       200
POST rules-usual                            in       404       302       404       404       404       302
GET  rule-new                               in       404       200       404       404       404       200
POST rule-new                               in       404       422       404       404       404       422
GET  rule-edit                              in       404       200       404       404       404       200
POST rule-edit                              in       404       422       404       404       404       422
POST rule-draft                             in       404       200       404       404       404       200
POST rule-withdraw                          in       404       302       404       404       404       302
GET  set-detail                             in       404       200       404       404       200       200
POST set-find                               in       404       302       404       404       404       302
POST set-repair                             in       404       302       404       404       404       302
GET  set-why                                in       404       200       404       404       200       200
GET  set-stability                          in       404       200       404       404       200       200
POST set-stability-find                     in       404       302       404       404       404       302
GET  set-question                           in       404       200       404       404       200       200
GET  set-question-ranking                   in       404       200       404       404       200       200
GET  set-question-set                       in       404       200       404       404       200       200
GET  set-swap                               in       404       200       404       404       200       200
GET  decision-sheet-list                    in       200       200       404       404       200       200
GET  decision-sheet-new                     in       404       302       404       404       404       302
POST decision-sheet-new                     in       404       302       404       404       404       302
GET  decision-by-code                       in       404       302       404       404       302       302
GET  decision-sheet                         in       404       200       404       404       200       200
GET  decision-sheet-file                    in       404       404       404       404       404       404
POST decision-sheet-speak                   in       404       404       404       404       404       404
POST decision-sheet-take-back               in       404       302       404       404       404       302
GET  decision                               in       404       404       404       404       404       404
POST decision-take                          in       404       404       404       404       404       404
GET  decision-paper                         in       404       200       404       404       404       200
POST decision-paper                         in       404       422       404       404       404       422
GET  decision-paper-page                    in       404       404       404       404       404       404
GET  decision-scan-file                     in       404       404       404       404       404       404
GET  decision-scan-page                     in       404       404       404       404       404       404
POST decision-paper-confirm                 in       404       302       404       404       404       302
POST decision-paper-refuse                  in       404       302       404       404       404       302
GET  region-list                           in       200       200       200       200       200       200
GET  plan-open                             in       404       200       200       404       404       200
POST plan-open                             in       404       404       404       404       404       404
GET  notice-list                           in       200       200       200       200       200       200
POST notices-read                          in       302       302       302       302       302       302
GET  plan-home                             in       200       200       404       200       200       200
GET  coverage                              in       200       200       404       200       200       200
GET  coverage-picture                      in       200       200       404       200       200       200
GET  signing-gateway                        in       404       200       404       404       404       200
POST signing-gateway                        in       404       422       404       404       404       422
GET  signing-list                          in       200       200       404       200       200       200
GET  signing-new                           in       404       200       404       404       404       200
POST signing-new                           in       404       422       404       404       404       422
GET  signing-round                         in       200       200       404       200       200       200
GET  signing-edit                          in       404       302       404       404       404       302
POST signing-edit                          in       404       302       404       404       404       302
GET  signing-offices                       in       404       302       404       404       404       302
POST signing-offices                       in       404       302       404       404       404       302
POST signing-steps                         in       404       404       404       404       404       404
GET  signing-document                      in       200       200       404       200       200       200
GET  signing-remind                        in       404       200       404       404       404       200
POST signing-remind                        in       404       302       404       404       404       302
GET  signing-signatory                     in       404       200       404       404       404       200
POST signing-signatory                     in       404       404       404       404       404       404
GET  signing-certificates                   in       404       200       404       404       404       200
POST signing-certificates                   in       404       404       404       404       404       404
GET  signing-sign                          in       200       200       404       200       200       200
POST signing-sign                          in       404       404       404       404       404       404
POST signing-decline                       in       403       403       404       403       403       403
GET  signing-board                         in       200       200       404       200       200       200
GET  signing-board-state                   in       200       200       404       200       200       200
GET  verify                                200       200       200       200       200       200       200
POST verify                                422       422       422       422       422       422       422
GET  verify-upload                         200       200       200       200       200       200       200
POST verify-upload                         422       422       422       422       422       422       422
GET  verify-document                       200       200       200       200       200       200       200
GET  signing-evidence                       in       404       200       404       404       404       200
POST signing-evidence                       in       404       302       404       404       404       302
GET  signing-export                         in       404       200       404       404       404       200
POST signing-export                         in       404       302       404       404       404       302
GET  signing-sheet                          in       200       200       404       200       200       200
GET  signing-scans                          in       404       200       404       404       404       200
POST signing-scans                          in       404       422       404       404       404       422
GET  signing-scan                           in       404       200       404       404       404       200
POST signing-scan-place                     in       404       422       404       404       404       422
POST signing-scan-confirm                   in       404       422       404       404       404       422
POST signing-scan-refuse                    in       404       422       404       404       404       422
POST signing-scan-refuse-file               in       404       422       404       404       404       422
GET  signing-scan-page                      in       404       200       404       404       404       200
GET  signing-scan-box                       in       404       200       404       404       404       200
GET  signing-scan-file                      in       404       200       404       404       404       200
POST decision-sheet-sign                   in       404       302       404       404       404       302
"""


def lines():
    """The table as (method, name, {person: expectation})."""
    for line in TABLE.strip().splitlines():
        method, name, *expected = line.split()
        yield pytest.param(method, name, dict(zip(PEOPLE, expected, strict=True)), id=f"{method} {name}")


@kept
def sessions(country):
    """The cookie of each person who is signed in."""
    keys = {}
    for person in PEOPLE[1:]:
        client = Client()
        client.force_login(getattr(country, person))
        keys[person] = client.cookies["sessionid"].value
    return keys


def client_with(key):
    """A browser with that cookie, or none."""
    client = Client()
    if key:
        client.cookies["sessionid"] = key
    return client


@kept
def rows(country):
    """One row of everything that has an address, all of the agency or the region of the operator."""
    problem, innovation = started_problem(country), started_innovation(country)
    path = country.health.organisation_path
    upload = ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", name="sk.pdf")
    stored = store(upload, by=country.operator, organisation_path=path)
    evidence = Evidence.objects.create(
        subject="innovations.innovation", subject_id=innovation.pk, organisation_path=path, title="SK", file=stored
    )
    sheet = ContentFile(b"nama inovasi\nAntre\n", name="daftar.csv")
    imported = Import.objects.create(
        organisation=country.government,
        organisation_path=country.government.path,
        plan=country.plan,
        file=store(sheet, by=country.coordinator, organisation_path=country.government.path),
    )
    earlier = EarlierPlan.objects.create(
        plan=country.plan,
        title="Masterplan lama",
        page_count=2,
        file=store(
            ContentFile(pdf(2), name="lama.pdf"), by=country.coordinator, organisation_path=country.government.path
        ),
    )
    invitation, token = invite(country.health, "operator", "Sari", by=country.coordinator)
    forgetful = User.objects.create_user("pelupa")
    membership = Membership.objects.create(user=forgetful, organisation=country.health, role="operator")
    key, secret = password_link(forgetful, by=country.coordinator)
    return {
        "slug": country.plan.slug,
        "problem": problem.pk,
        "innovation": innovation.pk,
        "evidence": evidence.pk,
        "remark": Remark.objects.create(
            subject="problems.problem", subject_id=problem.pk, text="Lengkapi", organisation_path=path
        ).pk,
        "unplaced": Unplaced.objects.create(innovation=innovation, column="Lain", text="Teks").pk,
        "not-yet": NotYet.objects.create(
            plan=country.plan, organisation=country.health, what="problems", reason="-"
        ).pk,
        "action": Action.objects.create(plan=country.plan, organisation=country.health, title="Membangun").pk,
        "agency": country.health.pk,
        "strategy": strategy_of(country).pk,
        "programme": programme_of(country).pk,
        "sub_dimension": country.dimension().sub_dimensions.get(order=1).pk,
        "analysis": SwotItem.objects.create(plan=country.plan, kind="strength", text="Serat optik").pk,
        "development": target_tree(country)[0].pk,
        "statistic": Statistic.objects.create(
            organisation=country.government,
            organisation_path=country.government.path,
            key="hdi",
            value="70.48",
            unit="indeks",
            year=2024,
            source="BPS",
        ).pk,
        "earlier-item": EarlierItem.objects.create(
            earlier=earlier, organisation=country.health, title="Program lama", source_key="lama"
        ).pk,
        "proposal": print_one_sheet(country, innovation),
        "earlier-sheet": EarlierSheet.objects.create(earlier=earlier, file=imported.file).pk,
        "file": stored.pk,
        "import": imported.pk,
        "workbook": Return.objects.create(
            plan=country.plan,
            organisation_path=path,
            file=stored,
            to_mend=stored,
            state=Return.State.JUDGED,
            created_by=country.operator,
        ).pk,
        "invitation": invitation.pk,
        "token": token,
        "membership": membership.pk,
        "handover": Handover.objects.create(
            plan=country.plan,
            membership=Membership.objects.create(user=forgetful, organisation=country.transport, role="operator"),
            successor=User.objects.create_user("pengganti"),
            organisation_path=country.transport.path,
        ).pk,
        "acting": Membership.objects.create(
            user=forgetful,
            organisation=country.health,
            role="agency_head",
            for_position=Position.objects.create(organisation=country.health, title="Kepala Dinas Kesehatan"),
        ).pk,
        "twin": started_innovation(country, title="Antre dari Rumah Saja").pk,
        "transfer": Transfer.objects.create(
            plan=country.plan,
            organisation_path=country.government.path,
            what="move",
            kind="problem",
            row_id=problem.pk,
            title=problem.title,
            giving=country.health,
            receiving=country.transport,
            reason="Tupoksi",
            created_by=country.coordinator,
        ).pk,
        **rows_of_books(country),
        **rows_of_money(country),
        **rows_of_quick_wins(country),
        **rows_of_signing(country),
        **rows_of_commitment(country),
        "key": key,
        "secret": secret,
        "job": Job.objects.create(
            name="masterplan.build_book", created_by=country.coordinator, organisation_path=country.government.path
        ).uid,
    }


def rows_of_commitment(country):
    """A frozen commitment with an open addendum, one that is with the agencies, and an office that is handed over."""
    first = frozen_commitment(country)
    newer = edition_with(country, {country.health: [promised_line()], country.transport: [promised_line("Halte")]})
    addenda.prepare(first, newer, by=country.coordinator)
    second = settling_one(country)
    contested = list_of(second, country.health).obligations.first()
    Obligation.objects.filter(pk=contested.pk).update(state="contested", contest_reason="Bukan tugas kami")
    sheet = to_json(Letter("Serah terima", "Kabupaten Uji", "Kabupaten", "2026", made_at=timezone.now()))
    return {
        "commitment": second.pk,
        "obligation": contested.list_id,
        "contested": contested.pk,
        "addendum": list_of(first, country.health, 1).pk,
        "position": PositionHandover.objects.create(
            plan=country.plan,
            organisation=country.health,
            organisation_path=country.health.path,
            position=Position.objects.create(organisation=country.health, title="Kepala Dinas"),
            leaver=Person.objects.create(name="Ratna"),
            successor=country.operator.person,
            obligations=1,
            sheet=sheet,
            sha256=sha256(sheet.encode()).hexdigest(),
        ).pk,
    }


def rows_of_money(country):
    """A list of official codes and an export of SIPD, uploaded and not loaded yet."""
    codes = ContentFile(b"Kode,Nama\n1.02,Kesehatan\n", name="kode.csv")
    export = ContentFile(b"SKPD,Kode Sub Kegiatan,Pagu\nDinkes,1.02.02,5\n", name="sipd.csv")
    admin, coordinator = country.ministry_admin, country.coordinator
    return {
        "budget": open_list(codes, title="Daftar", source="uji", year=2026, by=admin).pk,
        "sipd": open_export(export, plan=country.plan, year=2026, by=coordinator)[0].pk,
    }


def rows_of_quick_wins(country):
    """A round with a nominee of Dinas Kesehatan, a dialogue about it, and a quick win."""
    opened = round_of(country)
    nomination = nominee(country, opened)
    return {
        "round": opened.pk,
        "nominee": nomination.pk,
        "dialogue": dialogue(country, nomination).pk,
        "quick": QuickWin.objects.create(
            round=opened,
            nomination=nomination,
            innovation=nomination.innovation,
            plan=country.plan,
            dimension=country.dimension(),
            organisation=country.health,
        ).pk,
        **dict.fromkeys(("scoring", "weights", "weight", "ranking", "rules", "set"), opened.pk),
        "rule": SelectionRule.objects.create(round=opened, kind="target", least=1).pk,
        "decision": plain_sheet(country, opened, "ABCD-2345").pk,
        "score": ScoreSheet.objects.create(round=opened, dimension=country.dimension()).pk,
        "scorer": ScoreSheet.objects.create(round=opened, scorer=country.mentor).pk,
    }


def rows_of_signing(country):
    """An open signing round with one head of an agency, and a page of its sheet that came back."""
    signing_round = signing_round_of(country.plan, count=1)
    SigningRound.objects.filter(pk=signing_round.pk).update(code="ABCD-2345")
    Edition.objects.filter(pk=signing_round.edition_id).update(status=Edition.Status.FINAL)
    scan = SheetScan.objects.create(
        round=signing_round, file=signing_round.sheet, file_page=1, sheet_page=1, match="qr", state="read",
        picture=picture_of_page(country), reading={"corners": [[0, 0], [1, 0], [1, 1], [0, 1]]}, created_by=country.operator,
    )  # fmt: skip
    return {
        "signing": signing_round.pk,
        "signatory": signing_round.signatories.get().pk,
        "scan": scan.pk,
    }


def picture_of_page(country):
    """A small JPEG, as reading a scan makes one."""
    made = io.BytesIO()
    Image.new("RGB", (60, 85), "white").save(made, "JPEG")
    values = {"kind": "image/jpeg", "by": None, "organisation_path": country.plan.organisation_path}
    stored = keep(made.getvalue(), name="halaman.jpg", **values)
    stored.save()
    return stored


def rows_of_books(country):
    """Two editions of a small book, a text with a version, an enactment with a stage, a review round that asks the operator."""
    blocks = [Heading(1, "Pengantar", "pengantar")]
    document = Document("Masterplan", "Kabupaten Uji", "Kabupaten", "2026", made_at=timezone.now(), blocks=blocks)
    values = {"subject": country.plan, "name": "masterplan", "dated_on": country.plan.today, "by": country.coordinator}
    enactment = Enactment.objects.create(plan=country.plan, kind="perbup", title="Masterplan")
    review = ReviewRound.objects.create(
        plan=country.plan, book="masterplan", title="Tinjauan", closes_on=country.plan.today
    )
    Opinion.objects.create(round=review, user=country.operator)
    narrative = Narrative.objects.create(plan=country.plan, book="masterplan", key="background")
    NarrativeVersion.objects.create(narrative=narrative, number=1, content=[])
    return {
        "edition": freeze(document, **values).pk,
        "second_edition": freeze(document, **values).pk,
        "enactment": EnactmentStage.objects.create(
            enactment=enactment, stage="initiated", began_on=country.plan.today
        ).pk,
        "review": review.pk,
    }


def print_one_sheet(country, innovation):
    """A proposal sheet of Dinas Kesehatan that holds an innovation."""
    position = Position.objects.create(
        organisation=country.health, title="Kepala", is_head=True, person=Person.objects.create(name="Ratna")
    )
    Innovation.objects.filter(pk=innovation.pk).update(dimension=country.dimension())
    innovation = Innovation.objects.prefetch_related("indicators").get(pk=innovation.pk)
    innovation.own_lines = innovation.answered = []
    paper = Paper("1/LU", "Uji", country.plan.today, position, "Kepala")
    chosen = Chosen([], [innovation])
    with (  # how the paper looks is tested elsewhere; here it has to be there
        patch("praja.across.proposals.actions.render_in_child", return_value=pdf(2)),
        patch("praja.across.proposals.actions.draw", return_value=SimpleNamespace(count=2)),
    ):
        sheet = print_sheet(country.plan, country.health, chosen, paper, by=country.operator, link=str)
    ProposalSheet.objects.filter(pk=sheet.pk).update(code="ABCD-2345")
    return sheet.pk


def address(name, rows):
    """The address of a name, with the rows above."""
    pattern = PATTERNS[name]
    kind = name.split("-")[0]
    special = {
        "invitation-withdraw": "invitation",
        "membership-end": "membership",
        "password-link": "membership",
        "second-factor-reset": "membership",
        "handover-new": "membership",
        "file-download": "file",
        "not-yet-steps": "not-yet",
        "book-file": "file",
        "follow-up": "agency",
        "reason-say": "agency",
        "help-promise": "agency",
        "help-done": "agency",
        "exception-give": "agency",
        "exception-ask": "agency",
        "exception-decline": "agency",
        "exception-end": "agency",
        "capacity": "agency",
        "money-share": "innovation",
        "decision-sheet-new": "round",
        "score-begin": "round",
        "rule-new": "round",
        "score-spread": "round",
        "scorer-new": "round",
        "programme-new": "strategy",
        "obligation": "contested" if name == "obligation" else "obligation",
        "obligation-contest": "contested",
        "obligation-answer": "contested",
        "position-handover-new": "agency",
        "earlier": "earlier-sheet" if name.startswith("earlier-sheet") else "earlier-item",
    }
    values = {}
    for argument in pattern.pattern.converters:
        values[argument] = {
            "slug": rows["slug"],
            "section": {"problem": "what", "nominee": "work"}.get(kind, "identity"),
            "part": "sasaran",
            "dimension": "living",
            "sub_dimension": rows["sub_dimension"],
            "key": "background" if kind == "narrative" else rows["key"],
            "token": rows["secret" if name == "password-new" else "token"],
            "uid": rows["job"],
            "what": "inovasi",
            "kind": "not_it" if name == "rule-new" else "inovasi",
            "entry": "butir-swot",
            "first": rows["edition" if kind == "edition" else "innovation"],
            "second": rows["second_edition" if kind == "edition" else "twin"],
            "book": "masterplan",
            "chapter": "introduction",
            "anchor": "pengantar",
            "row": rows["innovation"],
            "evidence_pk": rows["evidence"],
            "remark_pk": rows["remark"],
            "unplaced_pk": rows["unplaced"],
            "number": 1,
            "element": "location",
            "code": "ABCD-2345",
            "form": "pdf",
            "signatory": rows["signatory"],
            "scan": rows["scan"],
            "slot": 0,
            "pk": rows.get(special.get(name, special.get(kind, kind)), 0),
        }[argument]
    return reverse(name, kwargs=values)


def patterns(tree):
    """Every pattern with a name."""
    for one in tree:
        if isinstance(one, URLPattern):
            yield one.name, one
        else:
            yield from patterns(one.url_patterns)


PATTERNS = dict(patterns(get_resolver().url_patterns))


@pytest.mark.parametrize(("method", "name", "expected"), list(lines()))
@pytest.mark.django_db
def test_access(method, name, expected, rows, sessions):
    found = {}
    # Who may what is decided before any SQL; PostgreSQL is asked by those who read, own, head all, and see nothing.
    asking = PEOPLE if connection.vendor == "sqlite" else ("operator", "coordinator", "neighbour", "ministry_admin")
    for person in asking:
        client = client_with(sessions.get(person))
        undo = transaction.savepoint()  # what one person did must not change what the next one meets
        response = client.generic(method, address(name, rows))
        transaction.savepoint_rollback(undo)
        to_sign_in = response.status_code == 302 and response.url.startswith("/masuk/?")
        found[person] = "in" if to_sign_in else str(response.status_code)
    assert found == {person: expected[person] for person in asking}


# Of the addresses of the region, a witness without a role in it reaches these; with an empty form.
OF_A_WITNESS = {
    ("GET", "signing-sign"): 200,
    ("POST", "signing-sign"): 404,  # no such button
    ("POST", "signing-decline"): 422,
    ("GET", "signing-document"): 200,
}


@pytest.mark.django_db
def test_a_witness_from_outside_reaches_the_own_place_and_the_document_alone(country, rows):
    person = Person.objects.create(name="Wati Saksi")
    client = Client()
    client.force_login(User.objects.create(username="saksi", person=person))
    office = Position.objects.create(organisation=country.ministry, title="Pembimbing", person=person)
    round_ = SigningRound.objects.get(pk=rows["signing"])
    place = Signatory.objects.create(
        round=round_, role="witness", order=2, organisation=country.ministry, position=office
    )
    near = ("signing-", "commitment", "obligation-", "addendum-", "position-handover", "edition", "plan-home", "search")
    asked = {
        one.values[:2] for one in lines() if one.values[1].startswith(near) and one.values[2]["neighbour"] == "404"
    }
    found = {}
    for method, name in sorted(asked):
        undo = transaction.savepoint()
        found[method, name] = client.generic(method, address(name, {**rows, "signatory": place.pk})).status_code
        transaction.savepoint_rollback(undo)
    assert {key: status for key, status in found.items() if status != 404} == {
        key: status for key, status in OF_A_WITNESS.items() if status != 404
    }
    assert client.get(address("signing-sign", rows)).status_code == 404  # the place of somebody else


def test_every_address_stands_in_the_table():
    assert {parameter.values[1] for parameter in lines()} == set(PATTERNS)
