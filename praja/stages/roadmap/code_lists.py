"""Loading a list of official codes, or which code replaces which: read it, look at every row, then load it as a job."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.audit.actions import record
from praja.foundation.audit.bulk import insert_many
from praja.foundation.files.actions import store
from praja.foundation.files.contents import Readable
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.actions import ministry
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.columns import Column, Sheet, mapping_of
from praja.foundation.sheets.reading import SheetError, Table, read_table
from praja.foundation.sheets.values import Choices, Value, ValueProblem, is_blank, parse_text, text_of
from praja.stages.roadmap.codes import Level, parse
from praja.stages.roadmap.models import Action, BudgetCode, BudgetCodeList

gettext_lazy: Any = translation.gettext_lazy  # columns ask for text; a lazy one is text when it is shown
CHUNK = 1_000
JOB = "roadmap.load_codes"
DEMONSTRATION = settings.PACKAGE / "data" / "demo"


def parse_code(value: Value) -> str | None:
    """The code as it is written officially; raises ValueProblem."""
    if is_blank(value):
        return None
    found = parse(text_of(value))
    if isinstance(found, str):
        raise ValueProblem(found)
    return found.text


LEVELS = Choices(
    BudgetCode.Level.choices,
    {
        "urusan": "affair", "urusan pemerintahan": "affair", "bidang urusan": "field", "bidang": "field",
        "program": "programme", "kegiatan": "activity", "sub kegiatan": "sub_activity", "subkegiatan": "sub_activity",
    },
)  # fmt: skip
CODE_SHEET = Sheet(
    [
        Column(
            "code",
            gettext_lazy("Code"),
            ("kode", "kode nomenklatur", "kode rekening", "kode lama", "kode asal", "old code", "kode program",
             "kode sub kegiatan", "kode urusan/bidang urusan/program/kegiatan/sub kegiatan"),
            parse_code,
            required=True,
        ),
        Column(
            "title",
            gettext_lazy("Name"),
            ("nama", "uraian", "nomenklatur", "nama nomenklatur", "title", "nomenklatur urusan",
             "urusan/bidang urusan/program/kegiatan/sub kegiatan", "nama sub kegiatan"),
            partial(parse_text, maximum=500),
        ),
        Column("level", gettext_lazy("Level"), ("tingkat", "jenjang", "jenis"), choices=LEVELS),
        Column("parent", gettext_lazy("Code above it"), ("parent code", "kode induk", "induk"), parse_code),
        Column(
            "replaced_by",
            gettext_lazy("New code"),
            ("kode baru", "kode pengganti", "pengganti", "new code", "menjadi"),
            parse_code,
        ),
    ]
)  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------


def read(file: Readable, filename: str | None) -> Table:
    """The table of a list, whose columns are known by their titles; raises SheetError."""
    table = read_table(file, filename or "", known=CODE_SHEET.known_names)
    placed = set(mapping_of(CODE_SHEET.propose_mapping(table.header)).values())
    if "code" not in placed or not {"title", "replaced_by"} & placed:
        raise SheetError(
            _(
                "The columns were not recognised. A list needs “Kode” and “Nama” (also “Level” and “Kode induk”); what replaces which needs “Kode lama” and “Kode baru”."
            )
        )
    if not table.rows:
        raise SheetError(_("This table has a header but no rows below it. Please check that it is the right file."))
    return table


@lru_cache(maxsize=1)
def _table(_sha256: str, pk: int) -> Table:
    # A file never changes under its hash: turning the pages of one preview reads it once.
    stored = StoredFile.objects.get(pk=pk)
    with stored.open() as file:
        return read(file, stored.name)


def table_of(codes: BudgetCodeList) -> Table:
    """The table of a list's file; raises SheetError, FileNotFoundError when the storage has lost it."""
    if codes.file is None:
        raise FileNotFoundError(codes.title)
    return _table(codes.file.sha256, codes.file.pk)


# --- every row --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row."""

    code: str
    title: str
    level: str
    parent: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row that stays out: its number, what stood for a code, and (column, sentence) of what to mend."""

    number: int
    text: str
    problems: list[tuple[str, str]]


@dataclass
class Examined:
    """What a table would become. `repeated` rows say the same as an earlier one."""

    entries: list[Entry] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    repeated: int = 0

    @property
    def is_mapping(self) -> bool:
        """Whether every row only says what replaces a code: such a list is never in force itself."""
        return bool(self.entries) and all(entry.replaced_by for entry in self.entries)

    @property
    def levels(self) -> list[tuple[str, int]]:
        """(level in words, number of codes), from the affairs down."""
        counts = Counter(entry.level for entry in self.entries)
        return [(str(label), counts[value]) for value, label in Level.choices if counts[value]]

    @property
    def alone(self) -> int:
        """How many codes stand below one that the list does not have."""
        codes = {entry.code for entry in self.entries}
        return sum(entry.parent not in codes for entry in self.entries if entry.parent)


def _nothing(_done: int, _total: int) -> None:
    """Report to nobody."""


def examine(table: Table, report: Callable[[int, int], object] = _nothing) -> Examined:
    """Every row of the table, judged."""
    found = Examined()
    first: dict[str, tuple[int, Entry]] = {}
    title_of = {column.key: str(column.title) for column in CODE_SHEET.columns}
    mapping = mapping_of(CODE_SHEET.propose_mapping(table.header))
    shown = {key: title for title, key in mapping.items() if key}
    for position, judged in enumerate(CODE_SHEET.judge(table.rows, table.header, mapping), 1):
        if position % CHUNK == 0:
            report(position, len(table.rows))
        values = judged.values
        problems = dict(judged.problems)
        text = values.get("code") or judged.texts.get("code", "")
        code = parse(values["code"]) if "code" in values else ""
        if not isinstance(code, str) and not problems:
            problems |= _contradictions(code.level, code.parent, values)
        if not isinstance(code, str) and not problems:
            entry = Entry(code.text, values.get("title", ""), code.level, code.parent, values.get("replaced_by", ""))
            number, other = first.setdefault(code.text, (judged.number, entry))
            if other is entry:
                found.entries.append(entry)
            elif other == entry:
                found.repeated += 1
            else:
                problems["code"] = _("Row %(number)d has the same code and says something else. Keep one of the two.")
                problems["code"] %= {"number": number}
        if problems:
            named = [(shown.get(key, title_of[key]), sentence) for key, sentence in problems.items()]
            found.wrong.append(Wrong(judged.number, text[:60], named))
    return found


def _contradictions(level: str, parent: str, values: dict[str, Any]) -> dict[str, str]:
    """{column key: sentence} of what contradicts the code itself, or is missing."""
    problems = {}
    if (said := values.get("level")) and said != level:
        problems["level"] = _("By its points this code is of the level “%(level)s”. Correct one of the two.") % {
            "level": LEVELS.label(level)
        }
    if (said := values.get("parent")) and said != parent:
        problems["parent"] = _("This code stands below %(parent)s. Correct one of the two.") % {"parent": parent or "–"}
    if "title" not in values and "replaced_by" not in values:
        problems["title"] = _("Write the name of this code.")
    if values.get("replaced_by") == values["code"]:
        problems["replaced_by"] = _("A code cannot replace itself. Leave this cell empty.")
    return problems


@dataclass(frozen=True)
class Change:
    """What a new list changes against the one in force: numbers of codes."""

    new: int
    gone: int
    renamed: int


def change_against(codes: BudgetCodeList | None, examined: Examined) -> Change | None:
    """How the examined list differs from the one in force; None where there is nothing to compare."""
    if codes is None or examined.is_mapping:
        return None
    old = dict(codes.codes.values_list("code", "title"))
    new = {entry.code: entry.title for entry in examined.entries}
    renamed = sum(old[code] != title for code, title in new.items() if code in old)
    return Change(new=len(new.keys() - old.keys()), gone=len(old.keys() - new.keys()), renamed=renamed)


# --- the verbs --------------------------------------------------------------------------------------------------------


def open_list(file: File, *, title: str, source: str, year: int | None, by: Any) -> BudgetCodeList:
    """Store a sheet of codes that is to be loaded; raises SheetError or FileRefused, and then nothing is kept."""
    read(file, file.name)
    stored = store(file, by=by, organisation_path=ministry().organisation_path)
    with transaction.atomic():
        codes = BudgetCodeList.objects.create(
            title=title, source=source, year=year, file=stored, created_by=by, updated_by=by
        )
        record("start", codes, by=by, after={"title": title, "source": source, "year": year, "file": stored.name})
    return codes


def start_loading(codes: BudgetCodeList, *, is_current: bool, by: Any) -> Job:
    """Ask for the job; asked twice it is the same one."""
    return later(
        JOB, codes.pk, is_current, by=by, key=f"{JOB}:{codes.pk}", organisation_path=ministry().organisation_path
    )


def job_of(codes: BudgetCodeList) -> Job | None:
    """The job that loads this list, once somebody asked for it."""
    return Job.objects.filter(key=f"{JOB}:{codes.pk}").first()


def fill(codes: BudgetCodeList, examined: Examined, *, is_current: bool, by: Any) -> None:
    """Store the good rows and, where it is wanted, put the list in force; call it inside a transaction.

    A list that holds codes already stays as it is.
    """
    if codes.codes.exists():
        return
    for start in range(0, len(examined.entries), CHUNK):
        insert_many(
            BudgetCode,
            (
                {"list_id": codes.pk, "code": one.code, "title": one.title, "level": one.level,
                 "replaced_by": one.replaced_by}
                for one in examined.entries[start : start + CHUNK]
            ),
        )  # fmt: skip
    record("load", codes, by=by, after={"codes": len(examined.entries), "left out": len(examined.wrong)})
    if is_current and not examined.is_mapping:
        _put_in_force(codes, by)


@transaction.atomic
def put_in_force(codes: BudgetCodeList, *, by: Any) -> bool:
    """Make a loaded list the one in force; False for one that holds no list of its own."""
    if codes.withdrawn_at or not codes.codes.filter(replaced_by="").exists():
        return False
    _put_in_force(codes, by)
    return True


def _put_in_force(codes: BudgetCodeList, by: Any) -> None:
    lists = BudgetCodeList.objects
    # Two people at once wait for one another; otherwise both would find the same list to take the place of.
    list(lists.select_for_update().order_by("pk").values_list("pk", flat=True))
    before = lists.filter(is_current=True).first()
    now = {"updated_at": timezone.now(), "updated_by": by}
    lists.filter(is_current=True).exclude(pk=codes.pk).update(is_current=False, **now)
    lists.filter(pk=codes.pk).update(is_current=True, **now)
    codes.is_current = True
    record("put in force", codes, by=by, before={"in force": before and before.title}, after={"in force": codes.title})


@transaction.atomic
def withdraw(codes: BudgetCodeList, *, by: Any) -> bool:
    """Take a list out that is not in force; False when it is, or was withdrawn already."""
    waiting = BudgetCodeList.objects.filter(pk=codes.pk, is_current=False, withdrawn_at=None)
    changed = waiting.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    if changed:
        record("withdraw", codes, by=by, before={"title": codes.title})
    return bool(changed)


# --- without a browser ------------------------------------------------------------------------------------------------


def load_file(path: Path, *, title: str, source: str, year: int | None = None, by: Any = None) -> str:
    """Load every good row of a file and put it in force; answers what became of it, as lines of text.

    Raises SheetError (or FileRefused) when the file cannot be read.
    """
    with path.open("rb") as content:
        codes = open_list(File(content, name=path.name), title=title, source=source, year=year, by=by)
    examined = examine(table_of(codes))
    with transaction.atomic():
        fill(codes, examined, is_current=True, by=by)
    count = len(examined.entries)
    lines = [
        ngettext("%(count)d code is loaded.", "%(count)d codes are loaded.", count) % {"count": count},
        *(f"{label}: {number}" for label, number in examined.levels),
    ]
    lines += [
        _("Row %(number)d, %(column)s: %(sentence)s") % {"number": one.number, "column": column, "sentence": sentence}
        for one in examined.wrong
        for column, sentence in one.problems
    ]
    return "\n".join(lines)


def load_demonstration(plan: Plan | None = None) -> None:
    """The small invented lists of the demonstration, and codes of them at actions of a plan; twice changes nothing."""
    if BudgetCodeList.objects.filter(is_current=True).exists():
        return
    source = _("invented for Provinsi Contoh; not an official list")
    load_file(DEMONSTRATION / "budget_codes.csv", title=_("Invented codes of the demonstration"), source=source)
    load_file(DEMONSTRATION / "budget_codes_replaced.csv", title=_("Invented codes that were replaced"), source=source)
    if plan is not None:
        _place_codes(plan)


def _place_codes(plan: Plan) -> None:
    """Each sub-activity of its affairs at an action of an agency, the earliest first; one of them still the old code."""
    waiting: dict[int, list[str]] = {}
    old = dict(BudgetCode.objects.exclude(replaced_by="").values_list("replaced_by", "code")[:1])
    codes = BudgetCode.objects.filter(level=Level.SUB_ACTIVITY, replaced_by="").values_list("code", flat=True)
    for agency, affair in plan.government.children.agencies().order_by("pk").values_list("pk", "affairs__code"):
        own = [code for code in codes if affair and code.startswith(f"{affair}.")]
        waiting.setdefault(agency, []).extend(own)
    taken: set[str] = set()
    actions = list(plan.actions.exclude(organisation=None).order_by("start_year", "pk"))
    for action in actions:
        code = next((code for code in waiting.get(action.organisation_id or 0, ()) if code not in taken), "")
        taken.add(code)
        action.budget_code = old.get(code, code)
    Action.objects.bulk_update((action for action in actions if action.budget_code), ["budget_code"])
