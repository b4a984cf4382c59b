"""The columns of a sheet of innovations, with the titles that ministries, regions and newspapers give them."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.values import (
    Choices,
    Value,
    ValueProblem,
    is_blank,
    limited,
    parse_boolean,
    parse_int,
    parse_money,
    parse_region_code,
    parse_text,
    parse_year,
    text_of,
)
from praja.stages.innovations.models import Innovation

gettext_lazy: Any = translation.gettext_lazy  # columns ask for text; a lazy one is text when it is shown
_is_address = URLValidator(schemes=("http", "https"))


def parse_region(value: Value) -> str | None:
    """The name of a region, or its code as text when it begins with a digit."""
    text = text_of(value)
    if not isinstance(value, str) or text[:1].isdigit():
        return parse_region_code(value)
    return parse_text(value, 120)


def parse_address(value: Value) -> str | None:
    """A web address; "www.…" gets its https://."""
    if is_blank(value):
        return None
    text = text_of(value)
    address = f"https://{text}" if text.casefold().startswith("www.") else text
    try:
        _is_address(address[:2001])
        parse_text(address, 500)
    except ValidationError as problem:
        raise ValueProblem(
            _(
                "“%(text)s” is not a web address. Write one that begins with https://, or map this column to “not placed”."
            )
            % {"text": text if len(text) <= 60 else text[:57] + "…"}
        ) from problem
    return address


IT_CHOICES = Choices(
    [("it", "IT"), ("non_it", "Non-IT")],
    {
        "tik": "it", "ti": "it", "ict": "it", "digital": "it", "teknologi": "it", "aplikasi": "it", "ya": "it",
        "yes": "it", "berbasis tik": "it", "non it": "non_it", "nonit": "non_it", "non tik": "non_it",
        "nontik": "non_it", "non ti": "non_it", "non digital": "non_it", "nondigital": "non_it",
        "bukan tik": "non_it", "bukan it": "non_it", "tidak": "non_it", "no": "non_it",
    },
)  # fmt: skip
KINDS = Choices(
    Innovation.Kind.choices,
    {"program": "programme", "produk": "product", "metode": "method", "konsep": "concept", "teknologi": "technology"},
)
FORMS = Choices(
    Innovation.Form.choices,
    {
        "tata kelola": "governance", "tata kelola pemerintahan": "governance", "tata kelola pemerintahan daerah": "governance",
        "inovasi tata kelola pemerintahan daerah": "governance", "pelayanan publik": "public_service",
        "layanan publik": "public_service", "inovasi pelayanan publik": "public_service", "lainnya": "other",
        "bentuk lainnya": "other", "inovasi daerah lainnya": "other",
        "inovasi daerah lainnya sesuai dengan urusan pemerintahan yang menjadi kewenangan daerah": "other",
    },
)  # fmt: skip
INITIATORS = Choices(
    Innovation.Initiator.choices,
    {
        "kepala daerah": "head_of_region", "bupati": "head_of_region", "wali kota": "head_of_region",
        "walikota": "head_of_region", "gubernur": "head_of_region", "dprd": "parliament", "anggota dprd": "parliament",
        "opd": "agency", "perangkat daerah": "agency", "asn": "civil_servant", "masyarakat": "community",
    },
)  # fmt: skip
STAGES = Choices(
    Innovation.Stage.choices,
    {
        "inisiatif": "initiative", "tahap inisiatif": "initiative", "uji coba": "trial", "ujicoba": "trial",
        "tahap uji coba": "trial", "penerapan": "applied", "tahap penerapan": "applied", "diterapkan": "applied",
    },
)  # fmt: skip
SOURCES = Choices(
    BudgetLine.Source.choices,
    {
        "apbd": "apbd_region", "apbd kabupaten": "apbd_region", "apbd kota": "apbd_region", "apbd kab": "apbd_region",
        "apbd provinsi": "apbd_province", "apbd prov": "apbd_province", "apbn": "apbn", "dak": "dak", "csr": "csr",
        "tjsl": "csr", "tjslp": "csr", "kpbu": "ppp", "hibah": "grant", "dana desa": "village", "swadaya": "self_help",
        "swadaya masyarakat": "self_help",
    },
)  # fmt: skip

# Keys are names of fields of Innovation, except those that imports.py resolves: region, region_code, dimension,
# sub_dimension, agency, is_it and the three of a budget line.
INNOVATION_SHEET = Sheet(
    [
        Column(
            "region",
            gettext_lazy("Region"),
            ("daerah", "kabupaten/kota", "kabupaten kota", "kab/kota", "kab kota", "kabupaten_kota", "nama daerah",
             "nama kabupaten/kota", "pemda", "pemerintah daerah", "wilayah", "kabupaten", "kota", "provinsi", "city", "regency"),
            parse_region,
            help=gettext_lazy("The full name, for example Kabupaten Malang, or the code as text, for example 11.10."),
        ),
        Column(
            "region_code",
            gettext_lazy("Region code"),
            ("kode wilayah", "kode daerah", "kode kemendagri", "kode kabupaten/kota", "kode kab/kota", "kode"),
            parse_region_code,
        ),
        Column(
            "title",
            gettext_lazy("Name of the innovation"),
            ("name", "nama", "inovasi", "nama inovasi", "nama inovasi daerah", "nama program", "program", "judul",
             "judul inovasi", "judul program", "nama kegiatan", "program/inovasi", "innovation",
             "innovation name", "title", "project", "nama proyek", "program unggulan", "rencana aksi"),
            limited(300),
            required=True,
        ),
        Column("long_name", gettext_lazy("Name in full"), ("kepanjangan", "nama panjang", "nama lengkap", "singkatan dari"),
               limited(300)),
        Column(
            "dimension",
            gettext_lazy("Dimension"),
            ("dimensi", "pilar", "dimensi/pilar", "dimensi smart city", "pilar smart city", "nama dimensi", "kategori smart city", "pillar",
             "smart city dimension"),
            limited(200),
        ),
        Column(
            "sub_dimension",
            gettext_lazy("Sub-dimension"),
            ("subdimensi", "sub dimensi", "subdimension", "sub pilar", "subpilar", "nama sub dimensi"),
            limited(200),
        ),
        Column(
            "agency",
            gettext_lazy("Agency (OPD)"),
            ("opd", "skpd", "agency", "perangkat daerah", "nama opd", "nama skpd", "nama perangkat daerah", "opd pengampu",
             "pengampu", "opd penanggung jawab", "penanggung jawab", "instansi", "dinas", "opd pelaksana", "pelaksana",
             "unit kerja", "leading sector", "perangkat daerah pengampu", "pd pengampu"),
            limited(200),
        ),
        Column(
            "source_year",
            gettext_lazy("Year in the source"),
            ("tahun", "year", "tahun inovasi", "tahun sumber", "tahun data", "tahun pelaksanaan"),
            parse_year,
        ),
        Column(
            "is_quick_win",
            gettext_lazy("Quick win"),
            ("is quick win", "quickwin", "quick wins", "program quick win", "percepatan"),
            parse_boolean,
        ),
        Column(
            "is_it",
            gettext_lazy("IT or non-IT"),
            ("it or nonit", "it/non it", "it non it", "tik/non tik", "tik atau non tik", "it atau non it", "jenis",
             "jenis inovasi", "digital/non digital", "berbasis tik", "sifat"),
            choices=IT_CHOICES,
        ),
        Column(
            "source_address",
            gettext_lazy("Source"),
            ("source url", "sumber", "tautan", "url", "link", "alamat", "laman", "website", "tautan sumber", "sumber data"),
            parse_address,
            help=gettext_lazy("The web address where the innovation was published."),
        ),
        Column(
            "summary",
            gettext_lazy("Short explanation"),
            ("uraian", "deskripsi", "keterangan singkat", "penjelasan", "uraian singkat", "deskripsi singkat", "ringkasan",
             "gambaran umum", "description", "deskripsi inovasi", "deskripsi program", "uraian program"),
        ),
        Column("goal", gettext_lazy("Goal"), ("tujuan", "tujuan inovasi", "maksud dan tujuan", "objective")),
        Column("benefit", gettext_lazy("Benefit"), ("manfaat", "manfaat inovasi", "kemanfaatan", "dampak")),
        Column("result", gettext_lazy("Result"), ("hasil", "hasil inovasi", "output", "keluaran", "capaian", "outcome")),
        Column(
            "beneficiaries",
            gettext_lazy("Beneficiaries"),
            ("penerima manfaat", "sasaran", "kelompok sasaran", "target sasaran", "pengguna"),
            limited(300),
        ),
        Column(
            "beneficiary_count",
            gettext_lazy("Number of beneficiaries"),
            ("jumlah penerima manfaat", "jumlah pengguna", "jumlah sasaran"),
            partial(parse_int, maximum=2_147_483_647),
        ),
        Column("strategic_issue", gettext_lazy("Strategic issue"), ("isu strategis", "isu strategis rpjmd"), limited(300)),
        Column("theme", gettext_lazy("Theme"), ("tema", "tematik", "topik"), limited(100)),
        Column("kind", gettext_lazy("Kind (programme, product, method, concept, technology)"), ("macam", "bentuk luaran", "kategori inovasi"), choices=KINDS),
        Column("form", gettext_lazy("Form"), ("bentuk", "bentuk inovasi", "bentuk inovasi daerah"), choices=FORMS),
        Column("initiator", gettext_lazy("Initiator"), ("inisiator", "inisiator inovasi"), choices=INITIATORS),
        Column("stage", gettext_lazy("Stage"), ("tahapan", "tahapan inovasi", "tahap inovasi"), choices=STAGES),
        Column("system_name", gettext_lazy("Name of the application"), ("aplikasi", "nama sistem", "sistem"), limited(200)),
        Column("design", gettext_lazy("How it works"), ("rancang bangun", "cara kerja", "mekanisme", "rancang bangun inovasi")),
        Column("uniqueness", gettext_lazy("What is new about it"), ("kebaruan", "keunikan", "keunggulan", "nilai kebaruan")),
        Column("sustainability", gettext_lazy("How it keeps running"), ("keberlanjutan", "strategi keberlanjutan")),
        Column("risk", gettext_lazy("Risk"), ("risiko", "resiko")),
        Column("risk_mitigation", gettext_lazy("How the risk is handled"), ("mitigasi risiko", "mitigasi")),
        Column("legal_basis", gettext_lazy("Legal basis"), ("dasar hukum", "regulasi", "payung hukum", "landasan hukum"), limited(400)),
        Column("start_year", gettext_lazy("First year"), ("tahun mulai", "tahun awal", "mulai"), parse_year),
        Column("end_year", gettext_lazy("Last year"), ("tahun selesai", "tahun akhir", "selesai"), parse_year),
        Column(
            "progress",
            gettext_lazy("Progress in per cent"),
            ("progres", "kemajuan", "persentase", "progress (%)", "realisasi (%)"),
            partial(parse_int, maximum=100),
        ),
        Column("budget_code", gettext_lazy("Programme, activity, sub-activity code"), ("kode rekening", "kode sub kegiatan"), limited(40)),
        Column(
            "budget",
            gettext_lazy("Budget"),
            ("anggaran", "pagu", "pagu anggaran", "biaya", "nilai anggaran", "alokasi anggaran", "kebutuhan anggaran"),
            parse_money,
            help=gettext_lazy("It becomes a budget line when its year and its source are known too; otherwise it is kept as not placed."),
        ),
        Column("budget_year", gettext_lazy("Year of the budget"), ("tahun anggaran", "ta"), parse_year),
        Column(
            "budget_source",
            gettext_lazy("Source of the money"),
            ("sumber dana", "sumber anggaran", "sumber pendanaan", "sumber pembiayaan"),
            choices=SOURCES,
        ),
    ]
)  # fmt: skip
# The two columns that our workbook of wrong rows adds begin with this; they are no data when it comes back.
OUR_REMARKS = "Praja: "
