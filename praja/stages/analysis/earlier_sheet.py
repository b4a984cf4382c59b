"""The columns of a sheet of earlier programmes, and what each of its rows would become."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.plans.dimension_words import DimensionWords
from praja.foundation.sheets.columns import Column, Judged, Sheet, unit_of
from praja.foundation.sheets.reading import Row, SheetError, Table, read_table
from praja.foundation.sheets.values import (
    Choices,
    Value,
    ValueProblem,
    is_blank,
    limited,
    parse_int,
    parse_money,
    text_of,
)
from praja.stages.analysis.models import EarlierItem, EarlierPlan
from praja.stages.preparation.recognition import AgencyIndex

gettext_lazy: Any = translation.gettext_lazy  # columns ask for text; a lazy one is text when it is shown

NEW, FILLS, THERE, WRONG, GROUP = "new", "fills", "there", "wrong", "group"
MOST_ROWS = 5_000
LONGEST = 100_000  # characters of a description with the columns that found no place
OUR_REMARKS = "Praja: "  # the columns that our workbook of wrong rows adds begin with this
Decision = EarlierItem.Decision
DECISIONS = Choices(
    Decision.choices,
    {
        "dilanjutkan": "continue", "lanjut": "continue", "teruskan": "continue", "diteruskan": "continue", "berlanjut": "continue",
        "tetap": "continue", "ya": "continue", "diubah": "change", "ubah": "change", "disesuaikan": "change",
        "direvisi": "change", "revisi": "change", "dikembangkan": "change", "digabung": "change", "dihentikan": "stop",
        "henti": "stop", "stop": "stop", "tidak dilanjutkan": "stop", "dihapus": "stop", "selesai": "stop", "tidak": "stop",
    },
)  # fmt: skip


def parse_page(value: Value) -> int | None:
    """The first page that is named: "45", "hlm. 45", "45-47"."""
    if is_blank(value):
        return None
    if isinstance(value, str) and (
        found := re.fullmatch(r"\D{0,12}(\d{1,4})\s*(?:[-–,&]|s\.?d\.?)?.{0,20}", value.strip())
    ):
        return int(found[1])
    return parse_int(value, maximum=9_999)


EARLIER_SHEET = Sheet(
    [
        Column("number", gettext_lazy("No."), ("no", "no.", "nomor", "nomor urut", "no urut", "kode", "kode program"), limited(40)),
        Column(
            "title",
            gettext_lazy("Programme"),
            ("program", "nama program", "program/kegiatan", "kegiatan", "nama kegiatan", "rencana aksi", "inovasi", "nama inovasi",
             "judul", "nama", "program unggulan", "quick win", "uraian program", "program masterplan", "programme", "title"),
            limited(300),
            required=True,
            help=gettext_lazy("The name as the earlier masterplan writes it."),
        ),
        Column(
            "description",
            gettext_lazy("Description"),
            ("deskripsi", "uraian", "uraian singkat", "penjelasan", "keterangan", "tujuan", "sasaran", "indikator", "output"),
            limited(20_000),
        ),
        Column(
            "agency",
            gettext_lazy("Agency (OPD)"),
            ("opd", "skpd", "perangkat daerah", "nama opd", "opd pengampu", "pengampu", "penanggung jawab", "opd penanggung jawab",
             "instansi", "dinas", "pelaksana", "opd pelaksana", "leading sector", "pd pengampu"),
            limited(200),
            help=gettext_lazy("As written then; an agency that no longer exists is kept as text."),
        ),
        Column("dimension", gettext_lazy("Dimension"), ("dimensi", "pilar", "dimensi/pilar", "dimensi smart city", "pilar smart city"), limited(200)),
        Column("years", gettext_lazy("Years"), ("tahun", "periode", "tahun pelaksanaan", "jadwal", "waktu", "waktu pelaksanaan"), limited(60)),
        Column(
            "money",
            gettext_lazy("Budget"),
            ("anggaran", "pagu", "pagu anggaran", "biaya", "kebutuhan anggaran", "nilai anggaran", "pagu indikatif", "rp"),
            limited(200),
            help=gettext_lazy("Kept as written, and also as rupiah where it can be read."),
        ),
        Column("page", gettext_lazy("Page"), ("halaman", "hlm", "hal", "hal.", "nomor halaman"), parse_page,
               help=gettext_lazy("The page number printed in the earlier masterplan.")),
        Column("decision", gettext_lazy("Decision"), ("keputusan", "tindak lanjut", "status tindak lanjut", "rekomendasi"), choices=DECISIONS),
        Column("reason", gettext_lazy("Reason"), ("alasan", "catatan tindak lanjut", "pertimbangan"), limited(2_000)),
    ]
)  # fmt: skip


@dataclass
class Line:
    """One row of the sheet and what it would become.

    `values`: by field of EarlierItem; `problems`: (title of the column, sentence); `notes`: sentences that only inform;
    `existing`: key of the programme that is there, `gaps`: what the row would add to it; `agency`: its name when known.
    """

    number: int
    status: str = NEW
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    existing: int | None = None
    gaps: dict[str, Any] = field(default_factory=dict)
    agency: str = ""
    dimension: str = ""
    key: str = ""

    @property
    def title(self) -> str:
        """The name as it stands in the sheet."""
        return self.values.get("title", "")

    def wrong(self, title: str, sentence: str) -> None:
        """Note what must be mended."""
        self.problems.append((title, sentence))
        self.status = WRONG


def read(file: Any, filename: str | None) -> Table:
    """The table of the file without the columns that our workbook of wrong rows added; raises SheetError."""
    table = read_table(file, filename or "", known=EARLIER_SHEET.known_names)
    if not table.rows:
        raise SheetError(_("This table has a header but no rows below it. Please check that it is the right file."))
    if len(table.rows) > MOST_ROWS:
        raise SheetError(
            _("This file has %(count)d rows; at most %(most)d programmes fit. Is it the right file?")
            % {"count": len(table.rows), "most": MOST_ROWS}
        )
    kept = [position for position, title in enumerate(table.header) if not title.startswith(OUR_REMARKS)]
    table.rows = [Row(row.number, tuple(row.cells[position] for position in kept)) for row in table.rows]
    table.header = [table.header[position] for position in kept]
    return table


def mapping_problem(mapping: Mapping[str, str]) -> str:
    """Why the columns cannot stay as they are placed, as a sentence; empty when they can."""
    keys = [key for key in mapping.values() if key]
    if "title" not in keys:
        return _("Choose the column that holds the names of the programmes.")
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        return _("Two columns are placed as “%(title)s”. Place each field once.") % {
            "title": EARLIER_SHEET.by_key[twice[0]].title
        }
    return ""


def examine(table: Table, mapping: Mapping[str, str], earlier: EarlierPlan) -> list[Line]:
    """Every row judged and compared with what is there, in four queries."""
    plan = earlier.plan
    region = plan.government.region
    agencies = AgencyIndex(region.name if region else "", plan.government.children.agencies())
    words = DimensionWords(plan.dimension_set)
    title_of = {key: title for title, key in mapping.items() if key}
    column = {key: table.header.index(title) for key, title in title_of.items()}
    lines: list[Line] = []
    heading = ""
    judged_rows = EARLIER_SHEET.judge(table.rows, table.header, {title: key or None for title, key in mapping.items()})
    for judged, row in zip(judged_rows, table.rows, strict=True):
        if group := _group_of(judged, words):
            heading = group
            lines.append(
                Line(judged.number, GROUP, values={"title": judged.values["title"]}, dimension=words.names[group])
            )
            continue
        money = row.cells[column["money"]] if "money" in column else None
        line = _line(judged, title_of)
        _recognise(line, judged, agencies, words, heading)
        _read_money(line, money, title_of.get("money", ""))
        _read_decision(line, judged, title_of)
        lines.append(line)
    _mark_repeated(lines, table.rows, title_of)
    _compare(lines, earlier)
    return lines


def _group_of(judged: Judged, words: DimensionWords) -> str:
    """The key of a dimension when the row is nothing but its name, as sheets group their rows; else empty."""
    if set(judged.values) - {"number"} != {"title"} or judged.unplaced or judged.problems:
        return ""
    key, _sub, problem, _about = words.read(judged.values["title"], "")
    return "" if problem else key


def _line(judged: Judged, title_of: Mapping[str, str]) -> Line:
    values = judged.values
    kept: dict[str, Any] = {name: values[name] for name in ("number", "title", "years", "reason") if name in values}
    rest = "\n".join(f"{title}: {text}" for title, text in judged.unplaced.items())
    kept["description"] = f"{values.get('description', '')}\n{rest}".strip()[:LONGEST]
    kept["title"] = kept.get("title") or judged.texts.get("title", "")
    if "page" in values:
        kept["source_page"] = values["page"]
    line = Line(judged.number, values=kept)
    for key, sentence in judged.problems.items():
        line.wrong(title_of.get(key, str(EARLIER_SHEET.by_key[key].title)), sentence)
    return line


def _recognise(line: Line, judged: Judged, agencies: AgencyIndex, words: DimensionWords, heading: str) -> None:
    """Agency and dimension as written, and the rows of today where they are recognised."""
    values = line.values
    if text := judged.values.get("agency", ""):
        values["agency_text"] = text
        if found := agencies.find(text):
            values["organisation"], line.agency = found.organisation, found.name
        else:
            line.notes.append(
                _("“%(text)s” is no agency of today. The programme waits for the coordinator to name one.")
                % {"text": text[:60]}
            )
    if text := judged.values.get("dimension", ""):
        values["dimension_text"] = text
        key, _sub, problem, _about = words.read(text, "")
        if problem:
            line.notes.append(
                _("“%(text)s” is no dimension of this plan; it is kept as written.") % {"text": text[:60]}
            )
    else:
        key = heading
    if key:
        values["dimension_id"], line.dimension = words.pk[key], words.names[key]


def _read_money(line: Line, cell: Value, title: str) -> None:
    if is_blank(cell):
        return
    text = text_of(cell)
    line.values["money_text"] = text[:200]
    try:
        line.values["money_rupiah"] = parse_money(cell, unit=unit_of(title))
    except ValueProblem:
        line.notes.append(_("The amount “%(text)s” is kept as written.") % {"text": text[:60]})


def _read_decision(line: Line, judged: Judged, title_of: Mapping[str, str]) -> None:
    if decision := judged.values.get("decision", ""):
        line.values["decision"] = decision
        if decision != Decision.CONTINUE and not line.values.get("reason"):
            line.wrong(
                title_of["decision"],
                _("“%(decision)s” needs a reason. Add it in a column “Alasan”, or leave the decision empty.")
                % {"decision": Decision(decision).label},
            )
    else:
        line.values.pop("reason", None)


def folded(text: str) -> str:
    """The text for telling rows apart: case and spaces do not matter."""
    return " ".join(text.casefold().split())


def key_of(values: Mapping[str, Any]) -> str:
    """What makes a row of the sheet this row and no other, whatever the order of rows and columns."""
    parts = [folded(values.get(name) or "") for name in ("number", "title", "agency_text", "dimension_text", "years")]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _mark_repeated(lines: Iterable[Line], rows: Sequence[Row], title_of: Mapping[str, str]) -> None:
    """A row that stands twice comes in once; one that differs elsewhere has to be told apart by a person."""
    first: dict[str, tuple[Line, Row]] = {}
    for line, row in zip(lines, rows, strict=True):
        if line.status != NEW:
            continue
        line.key = key_of(line.values)
        other, other_row = first.setdefault(line.key, (line, row))
        if other is line:
            continue
        line.key = ""
        if [text_of(cell) for cell in row.cells] == [text_of(cell) for cell in other_row.cells]:
            line.status = THERE
            line.notes.append(_("The same as row %(number)d.") % {"number": other.number})
        else:
            line.wrong(
                title_of["title"],
                _(
                    "Row %(number)d has the same number, name, agency, dimension and years. Put both into one row, or give each its own number."
                )
                % {"number": other.number},
            )


def _compare(lines: Sequence[Line], earlier: EarlierPlan) -> None:
    """Find the programme that a row is already: by its key, else by number and name where only one has them."""
    present = list(earlier.items.all()) if earlier.pk else []
    by_key = {item.source_key: item for item in present}
    by_name: dict[tuple[str, str], list[EarlierItem]] = {}
    for item in present:
        by_name.setdefault((folded(item.number), folded(item.title)), []).append(item)
    taken = {by_key[line.key].pk for line in lines if line.key in by_key}
    for line in lines:
        if line.status != NEW:
            continue
        found = by_key.get(line.key)
        if found is None:
            same = by_name.get((folded(line.values.get("number", "")), folded(line.title)), [])
            free = [item for item in same if item.pk not in taken]
            if len(free) == 1 and len(same) == 1:
                found = free[0]
                taken.add(found.pk)
        if found is not None:
            _compare_with(line, found)


def _compare_with(line: Line, item: EarlierItem) -> None:
    line.existing, line.status = item.pk, THERE
    if item.withdrawn_at:
        line.notes.append(_("It was taken out of the list; bring it back there if it is wanted again."))
        return
    differing = []
    for name, value in line.values.items():
        ours = getattr(item, "organisation_id" if name == "organisation" else name)
        theirs = value.pk if isinstance(value, Model) else value
        if ours in (None, "") and theirs not in (None, ""):
            line.gaps[name] = value
        elif theirs not in (None, "") and ours != theirs and name != "title":
            differing.append(name)
    if line.gaps and not (set(line.gaps) <= {"reason"}):
        line.status = FILLS
        line.notes.append(_("Fills: %(names)s.") % {"names": ", ".join(map(label_of, line.gaps))})
    else:
        line.gaps = {}
    if differing:
        line.notes.append(
            _("We hold another value in: %(names)s. It stays as it is.")
            % {"names": ", ".join(map(label_of, differing))}
        )


def label_of(name: str) -> str:
    """A field of EarlierItem in words."""
    return str(getattr(EarlierItem._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """Rows by status."""
    return dict(Counter(line.status for line in lines))
