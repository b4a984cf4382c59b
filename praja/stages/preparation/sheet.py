"""The columns of a sheet of agencies, what a row of it means, and which rows are new to the region."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Affair, Organisation, Position
from praja.foundation.sheets.columns import Column, Judged, Sheet
from praja.foundation.sheets.flow import NEW, SAME, WRONG, Line, Outcome, Said, TableFlow
from praja.foundation.sheets.values import (
    Choices,
    Value,
    ValueProblem,
    is_blank,
    limited,
    normalised,
    parse_nip,
    text_of,
)
from praja.stages.preparation.actions import NewAgency, add_agencies

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


@dataclass
class AgencyLine(Line):
    """One row of the sheet with the agency that it describes; None while something must be mended."""

    agency: NewAgency | None = None


class AgencyFlow(TableFlow):
    """Agencies of a region from a sheet: those that it has already stay as they are."""

    title = gettext_lazy("Agencies from a sheet")
    lead = gettext_lazy(
        "Any workbook or CSV with a column of names will do. You see every row before anything is added."
    )
    subject = gettext_lazy("Agency (OPD)")

    def __init__(self, government: Organisation, *, by: Any = None) -> None:
        self.government, self.by = government, by

    @cached_property
    def sheet(self) -> Sheet:
        """The columns."""
        return agency_sheet()

    def lacks(self, keys: Collection[str]) -> str:
        """A name is enough."""
        if "name" in keys:
            return ""
        return _(
            "No column of this file seems to hold the names of agencies. Give it the title “Nama perangkat daerah”."
        )

    def judged(self, rows: Sequence[Said]) -> list[AgencyLine]:
        """Each row as an agency; a name that stands twice is new only once."""
        # As texts from the beginning: the code 2.10 is no number.
        rows = [replace(said, cells={key: text_of(cell) for key, cell in said.cells.items()}) for said in rows]
        agencies = Organisation.objects.agencies().filter(parent=self.government)
        known = {normalised(agency.name) for agency in agencies}
        seen: dict[str, int] = {}
        lines = []
        for judged, said in zip(self.read(rows), rows, strict=True):
            line = AgencyLine(said, str(said.cells.get("name", "")), problems=self.problems_of(judged))
            name = normalised(judged.values.get("name") or "")
            if name and name in seen:
                title = str(self.sheet.by_key["name"].title)
                line.wrong(title, _("This agency stands in row %(row)d already.") % {"row": seen[name]})
            seen.setdefault(name, said.number)
            if line.problems:
                line.status = WRONG
            else:
                line.agency = agency_of(judged)
                line.title, line.detail = line.agency.name, _detail(line.agency)
                line.status = SAME if name in known else NEW
            lines.append(line)
        return lines

    def store(self, chosen: Sequence[Said], *, state: str) -> Outcome:
        """Add the agencies that are still new."""
        del state
        new = [line.agency for line in self.judged(chosen) if line.agency and line.status == NEW]
        return Outcome(len(add_agencies(self.government, new, by=self.by)))


def _detail(agency: NewAgency) -> str:
    head = f"{agency.head['title']}: {agency.person['name']}" if agency.head else ""
    return " · ".join(filter(None, (agency.abbreviation, ", ".join(agency.affairs), head)))


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
