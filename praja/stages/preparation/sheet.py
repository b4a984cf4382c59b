"""The columns of a sheet of agencies, what a row of it means, and which rows are new to the region."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.accounts.models import Affair, Organisation, Position
from praja.foundation.sheets.columns import Column, Judged, Sheet, mapping_of
from praja.foundation.sheets.reading import Row, SheetError, read_table
from praja.foundation.sheets.values import (
    Choices,
    Value,
    ValueProblem,
    is_blank,
    normalised,
    parse_nip,
    parse_text,
    text_of,
)
from praja.stages.preparation.actions import NewAgency

MOST_ROWS = 500
MOST_CHARACTERS = 2_000_000  # of the preview's values, which travel in its form
KIND_WORDS = {
    "dinas": "agency",
    "badan": "agency",
    "kantor": "agency",
    "satuan": "agency",
    "inspektorat": "agency",
    "bagian": "secretariat",
    "sekretariat": "secretariat",
    "rumah sakit": "hospital",
    "rsud": "hospital",
    "kecamatan": "district",
    "distrik": "district",
}


def limited(maximum: int) -> Any:
    """A parser of texts of at most `maximum` characters."""
    return lambda value: parse_text(value, maximum)


class AffairReader:
    """Reads "1.02, 2.14" or names of affairs; asks the list of affairs once."""

    def __init__(self) -> None:
        affairs = list(Affair.objects.all())
        self.choices = Choices([(affair.code, affair.name) for affair in affairs])

    def __call__(self, value: Value) -> tuple[str, ...] | None:
        """The codes; a word that names no affair is a problem."""
        if is_blank(value):
            return None
        codes = []
        for part in re.split(r"[;|\n]|,(?=\s*[0-9])|(?<=[0-9]),", text_of(value)):
            text = part.strip()
            code = re.match(r"[0-9]\.[0-9]{2}", text)
            key = self.choices.find(code[0] if code else text)
            if text and key is None:
                raise ValueProblem(
                    _("“%(text)s” is not a government affair. Write its code, for example 2.16, or its name.")
                    % {"text": text[:60]}
                )
            if key:
                codes.append(key)
        return tuple(dict.fromkeys(codes))


def agency_sheet() -> Sheet:
    """The columns, with the government affairs as they are in the database now."""
    affairs = AffairReader()
    return Sheet(
        [
            Column(
                "name",
                gettext_lazy("Name of the agency"),
                (
                    "opd",
                    "nama opd",
                    "nama perangkat daerah",
                    "perangkat daerah",
                    "skpd",
                    "nama skpd",
                    "opd_name",
                    "instansi",
                ),
                limited(200),
                required=True,
            ),
            Column(
                "abbreviation",
                gettext_lazy("Abbreviation"),
                ("singkatan", "akronim", "abbreviation"),
                limited(40),
            ),
            Column(
                "agency_kind",
                gettext_lazy("Kind of agency"),
                ("jenis", "jenis opd", "kind"),
                choices=Choices(Organisation.AgencyKind.choices, KIND_WORDS),
                help=_("Left empty, the kind follows from the name."),
            ),
            Column(
                "affairs",
                gettext_lazy("Government affairs"),
                ("urusan", "bidang urusan", "kode urusan", "bidang_urusan_1", "bidang urusan 1"),
                affairs,
                help=_("Codes with commas between them, for example 1.02, 2.14."),
            ),
            Column("affairs_2", _("Second affair"), ("bidang_urusan_2", "urusan 2"), affairs),
            Column("affairs_3", _("Third affair"), ("bidang_urusan_3", "urusan 3"), affairs),
            Column(
                "duties",
                gettext_lazy("Duties and functions (tupoksi)"),
                ("tupoksi", "tugas", "tugas pokok dan fungsi", "tugas dan fungsi"),
                limited(20_000),
            ),
            Column(
                "regulation",
                gettext_lazy("Regulation that they rest on"),
                ("dasar hukum", "peraturan", "regulasi"),
                limited(400),
            ),
            Column("head_title", _("Position of the head"), ("jabatan", "jabatan kepala"), limited(200)),
            Column(
                "head_acting",
                gettext_lazy("Acting status"),
                ("status jabatan", "plt"),
                choices=Choices(Position.Acting.choices, {"definitif": "definitive"}),
            ),
            Column(
                "head_name",
                _("Name of the head"),
                ("kepala", "nama kepala", "kepala dinas", "nama pejabat"),
                limited(200),
            ),
            Column("head_nip", _("NIP of the head"), ("nip",), parse_nip),
            Column("head_rank", gettext_lazy("Rank"), ("pangkat",), limited(60)),
            Column("head_grade", gettext_lazy("Grade"), ("golongan", "gol"), limited(10)),
        ]
    )


@dataclass(frozen=True)
class PreviewRow:
    """One row as the preview shows it; `payload` travels in the form and comes back when the row is chosen."""

    number: int
    name: str  # as it stands in the file, also where the row has problems
    agency: NewAgency | None
    present: Organisation | None
    problems: list[tuple[str, str]]  # (title of the column, sentence)
    payload: str
    affair_names: str = ""


@dataclass(frozen=True)
class Preview:
    """A sheet as it was understood."""

    rows: list[PreviewRow]
    columns: list[tuple[str, str]]  # (title in the file, title of ours)
    not_placed: list[str]
    warnings: list[str]

    @property
    def new_rows(self) -> list[PreviewRow]:
        """Rows that can be added."""
        return [row for row in self.rows if row.agency and not row.present]


def preview_of(file: BinaryIO, filename: str, agencies: Sequence[Organisation]) -> Preview:
    """What the file holds, against the agencies that the region has; raises SheetError."""
    sheet = agency_sheet()
    table = read_table(file, filename, known=sheet.known_names)
    mapping = mapping_of(sheet.propose_mapping(table.header))
    if "name" not in mapping.values():
        raise SheetError(
            _("No column of this file seems to hold the names of agencies. Give it the title “Nama perangkat daerah”.")
        )
    if len(table.rows) > MOST_ROWS:
        raise SheetError(
            ngettext(
                "This file has %(count)d row; at most %(most)d agencies fit. Is it the right file?",
                "This file has %(count)d rows; at most %(most)d agencies fit. Is it the right file?",
                len(table.rows),
            )
            % {"count": len(table.rows), "most": MOST_ROWS}
        )
    rows = [
        (
            row.number,
            {
                key: text_of(cell)
                for title, cell in zip(table.header, row.cells, strict=False)
                if (key := mapping[title])
            },
        )
        for row in table.rows
    ]
    preview = rows_of_texts(sheet, rows, agencies)
    if sum(len(row.payload) for row in preview) > MOST_CHARACTERS:
        raise SheetError(_("The texts of this file are too long for one go. Please split it into two files."))
    placed = [(title, str(sheet.by_key[key].title)) for title, key in mapping.items() if key]
    return Preview(preview, placed, [title for title, key in mapping.items() if not key], table.warnings)


def rows_of_payloads(payloads: Sequence[str], agencies: Sequence[Organisation]) -> list[PreviewRow]:
    """The chosen rows of a preview, judged again; what is not one of ours is left out."""
    rows = []
    sheet = agency_sheet()
    for payload in payloads[:MOST_ROWS]:
        try:
            number, texts = json.loads(payload)
            rows.append((int(number), {key: str(text) for key, text in texts.items() if key in sheet.by_key}))
        except (ValueError, TypeError, AttributeError, OverflowError):
            continue
    return rows_of_texts(sheet, rows, agencies)


def rows_of_texts(
    sheet: Sheet, rows: Sequence[tuple[int, Mapping[str, str]]], agencies: Sequence[Organisation]
) -> list[PreviewRow]:
    """Each row ({column key: text}) judged; a name that stands twice is new only once."""
    keys = [column.key for column in sheet.columns]
    identity = {key: key for key in keys}
    known = {normalised(agency.name): agency for agency in agencies}
    seen: dict[str, int] = {}
    found = []
    judged_rows = sheet.judge(
        [Row(number, tuple(texts.get(key, "") for key in keys)) for number, texts in rows], keys, identity
    )
    for judged, (number, texts) in zip(judged_rows, rows, strict=True):
        problems = [(str(sheet.by_key[key].title), sentence) for key, sentence in judged.problems.items()]
        name = normalised(judged.values.get("name") or "")
        if name and name in seen:
            problems.append(
                (str(sheet.by_key["name"].title), _("This agency stands in row %(row)d already.") % {"row": seen[name]})
            )
        seen.setdefault(name, number)
        agency = None if problems else agency_of(judged)
        payload = json.dumps([number, {key: text for key, text in texts.items() if text}], ensure_ascii=False)
        found.append(
            PreviewRow(
                number=number,
                name=texts.get("name", ""),
                agency=agency,
                present=known.get(name),
                problems=problems,
                payload=payload,
                affair_names=", ".join(agency.affairs) if agency else "",
            )
        )
    return found


def agency_of(judged: Judged) -> NewAgency:
    """The agency that a row without problems describes."""
    values = judged.values
    codes = [*(values.get("affairs") or ()), *(values.get("affairs_2") or ()), *(values.get("affairs_3") or ())]
    head: dict[str, Any] = {}
    kind = values.get("agency_kind") or kind_from_name(values["name"])
    if values.get("head_name"):
        head = {
            "title": values.get("head_title") or title_of_head(kind, values["name"]),
            "acting": values.get("head_acting") or Position.Acting.DEFINITIVE,
        }
    return NewAgency(
        name=values["name"],
        abbreviation=values.get("abbreviation") or "",
        agency_kind=kind,
        affairs=tuple(dict.fromkeys(codes)),
        duties=values.get("duties") or "",
        regulation=values.get("regulation") or "",
        head=head,
        person={key: values.get(f"head_{key}") or "" for key in ("name", "nip", "rank", "grade")} if head else {},
    )


def kind_from_name(name: str) -> str:
    """The kind that a name gives away: Kecamatan, Bagian, Rumah Sakit; a plain agency otherwise."""
    words = normalised(name)
    for word, kind in KIND_WORDS.items():
        if words.startswith(word):
            return kind
    return Organisation.AgencyKind.AGENCY


def title_of_head(kind: str, name: str) -> str:
    """The usual office of who heads such an agency, in the words of Indonesian papers: "Camat Sukamaju"."""
    if kind == Organisation.AgencyKind.DISTRICT:
        return f"Camat {name.removeprefix('Kecamatan ')}"
    if kind == Organisation.AgencyKind.HOSPITAL:
        return f"Direktur {name}"
    return f"Kepala {name}"
