"""Invented examples for the gallery: what each component is given there."""

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.ui.navigation import MenuGroup, MenuItem

DIMENSIONS = [
    ("governance", "Smart Governance", "landmark"),
    ("branding", "Smart Branding", "megaphone"),
    ("economy", "Smart Economy", "trending-up"),
    ("living", "Smart Living", "heart-pulse"),
    ("society", "Smart Society", "users"),
    ("environment", "Smart Environment", "leaf"),
]

AGENCIES = (
    "Kesehatan",
    "Lingkungan Hidup",
    "Perhubungan",
    "Sosial",
    "Pertanian",
    "Perikanan",
    "Pendidikan dan Kebudayaan",
    "Komunikasi dan Informatika",
    "Perpustakaan dan Kearsipan",
    "Pekerjaan Umum dan Penataan Ruang",
)


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("One plain sentence that names the problem."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    money = forms.CharField(
        label=gettext_lazy("Amount"), required=False, help_text=gettext_lazy("In rupiah, for example 1.500.000.000.")
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Lead agency"),
        required=False,
        choices=[("", "–"), ("dinkes", "Dinas Kesehatan"), ("dlh", "Dinas Lingkungan Hidup")],
    )
    dimension = forms.ChoiceField(
        label=gettext_lazy("Dimension"),
        widget=forms.RadioSelect,
        choices=[(key, name) for key, name, _icon in DIMENSIONS],
    )
    supporters = forms.MultipleChoiceField(
        label=gettext_lazy("Supporting agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, f"Dinas {name}") for name in AGENCIES],
    )
    is_digital = forms.BooleanField(label=gettext_lazy("This innovation needs an application"), required=False)


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(label=gettext_lazy("Sheet of innovations"), help_text=gettext_lazy("Excel (.xlsx) or CSV."))


class RowForm(forms.Form):
    """A line of money."""

    year = forms.CharField(label=gettext_lazy("Year"), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), required=False, choices=[("apbd", "APBD"), ("dak", "DAK"), ("csr", "CSR")]
    )
    amount = forms.CharField(label=gettext_lazy("Amount"), required=False)


RowFormSet = forms.formset_factory(RowForm, extra=1, can_delete=True)


def examples() -> dict[str, Any]:
    """The context of the gallery."""
    today = timezone.localdate()
    broken = ExampleForm(
        {"title": "", "description": "Antrean loket masih panjang.", "year": "seribu", "dimension": "living"}
    )
    broken.is_valid()
    return {
        "navigation": _menu(),
        "dimensions": [SimpleNamespace(color_key=key, name=name, icon=icon) for key, name, icon in DIMENSIONS],
        "dimension_icons": {key: icon for key, _name, icon in DIMENSIONS},
        "dimension_hints": {
            "governance": _("Services, bureaucracy, policy"),
            "living": _("Harmony, health, mobility"),
            "environment": _("Protection, waste, energy"),
        },
        "states": [
            ("draft", _("Draft")),
            ("submitted", _("Submitted")),
            ("returned", _("Returned")),
            ("accepted", _("Accepted")),
            ("frozen", _("Frozen")),
        ],
        "days": [today + datetime.timedelta(days=days) for days in (12, 2, 0, -3)],
        "tasks": _tasks(today),
        "missing": [_("Target of 2026 with a unit"), _("At least one cause"), _("Source of the figure")],
        "choices": _choices(),
        "stations": _stations(today),
        "notes": {"affected": [_remark(today)]},
        "asked": [_remark(today)],
        "events": _events(),
        "empty_form": ExampleForm(),
        "broken_form": broken,
        "upload_form": UploadForm(),
        "formset": RowFormSet(
            initial=[{"year": 2026, "source": "apbd", "amount": "250.000.000"}, {"year": 2027, "source": "dak"}],
            prefix="money",
        ),
        "page": Paginator(range(96), 25).page(2),
        "columns": [
            {"title": _("Innovation"), "key": "title"},
            {"title": _("Dimension")},
            {"title": _("State")},
            {"title": _("Changed"), "key": "updated"},
            {"title": _("Amount"), "key": "amount", "is_number": True},
        ],
        "rows": _rows(today),
        "chips": [
            {"label": "Smart Living", "url": "?status=submitted"},
            {"label": _("Submitted"), "url": "?dimensi=living"},
        ],
        "figures": [
            {
                "label": _("Agencies that delivered"),
                "value": "26",
                "of": _("of 32"),
                "url": "#key_figures",
                "hint": "81%",
            },
            {"label": _("Problems accepted"), "value": "48", "of": _("of 60"), "url": "#key_figures"},
            {"label": _("Innovations"), "value": "96", "url": "#key_figures", "hint": _("38 without an application")},
            {"label": _("Money planned"), "value": "Rp48,7", "of": "miliar", "url": "#key_figures"},
        ],
        "left": {
            "value": "mine",
            "title": _("Your text"),
            "note": _("Typed today at 10.42"),
            "text": "Waktu tunggu pasien rawat jalan rata-rata 3,2 jam pada tahun 2025.",
        },
        "right": {
            "value": "theirs",
            "title": _("Text of Siti Rahayu"),
            "note": _("Saved today at 10.40"),
            "text": "Waktu tunggu pasien rawat jalan rata-rata 190 menit (survei RSUD, 2025).",
        },
        "picture": _picture(),
        "facts": [(_("Affair"), "1.02 Kesehatan"), (_("Location"), "Kecamatan Sukamaju"), (_("Affected"), "")],
        "tabs": [
            {"title": _("All"), "url": "#tabs", "count": 60, "is_current": True},
            {"title": _("Waiting for you"), "url": "#tabs", "count": 7},
            {"title": _("Returned"), "url": "#tabs", "count": 0},
        ],
        "crumbs": [("Kabupaten Contoh", "#breadcrumbs"), (_("Problems"), "#breadcrumbs")],
        "whatsapp": "Yth. Bapak/Ibu operator Dinas Kesehatan,\nmohon melengkapi inovasi OPD di alamat berikut sebelum 28 November 2026.",
    }


def _menu() -> list[MenuGroup]:
    stages = [
        MenuItem(_("Preparation"), "#side_navigation", state="done", number=1),
        MenuItem(_("Problems"), "#side_navigation", state="open", count=7, number=2, is_current=True),
        MenuItem(_("Analysis"), "#side_navigation", state="open", number=3),
        MenuItem(_("Innovations"), "#side_navigation", state="open", count=12, number=4),
        MenuItem(_("No responsible agency yet"), "#side_navigation", is_part=True),
        MenuItem(_("Masterplan"), "#side_navigation", number=5),
        MenuItem(_("Commitment"), is_available=False, number=6),
    ]
    return [
        MenuGroup("", [MenuItem(_("Overview"), "#side_navigation", "house")]),
        MenuGroup(_("Stages of the masterplan"), stages, is_stages=True),
        MenuGroup(_("Administration"), [MenuItem(_("Agencies and people"), "#side_navigation", "users")]),
    ]


def _tasks(today: datetime.date) -> list[dict[str, Any]]:
    return [
        {
            "title": _("Name the problems of your agency"),
            "url": "#task_list",
            "hint": _("3 submitted, 1 was returned with a remark"),
            "day": today + datetime.timedelta(days=2),
            "state": "returned",
            "state_label": _("Returned"),
        },
        {
            "title": _("Propose innovations for Smart Living"),
            "url": "#task_list",
            "hint": _("Nothing entered yet"),
            "day": today + datetime.timedelta(days=12),
            "figures": "0 / 2",
        },
        {"title": _("Check the duties of your agency"), "url": "#task_list", "is_done": True},
    ]


def _stations(today: datetime.date) -> list[SimpleNamespace]:
    passed = {"state": "done", "hint": "", "at": today - datetime.timedelta(days=3)}
    later = {"who": "", "at": None}
    return [
        SimpleNamespace(title=_("Submitted by the agency"), who="Sari Utami", **passed),
        SimpleNamespace(title=_("Approved by the head of agency"), who="dr. Andi Saputra, M.Kes.", **passed),
        SimpleNamespace(
            title=_("Check by the dimension coordinator"), state="current", hint=_("Waits for you"), **later
        ),
        SimpleNamespace(title=_("Acceptance by the secretariat"), state="later", hint="", **later),
    ]


def _remark(today: datetime.date) -> SimpleNamespace:
    said = SimpleNamespace(
        text="Sebutkan jumlah keluarga menurut data terakhir.", created_by="Budi Santoso", created_at=today
    )
    return SimpleNamespace(remark=said, is_open=True, section="what", key="remark-1", answer="", is_ticked=False)


def _choices() -> list[SimpleNamespace]:
    def choice(key: str, title: str, *, is_main: bool = False, needs_remark: bool = False) -> SimpleNamespace:
        step = SimpleNamespace(key=key, title=title, is_main=is_main, needs_remark=needs_remark)
        return SimpleNamespace(step=step, missing=[])

    return [choice("accept", _("Accept"), is_main=True), choice("return", _("Return with a remark"), needs_remark=True)]


def _events() -> list[SimpleNamespace]:
    now = timezone.now()
    return [
        SimpleNamespace(
            at=now,
            by="Rina Wulandari, S.Kom.",
            acting_as=_("Coordinator") + ", Diskominfo",
            words=_("returned the problem"),
            remark="Mohon tambahkan sumber data dan tahunnya.",
        ),
        SimpleNamespace(
            at=now - datetime.timedelta(days=1, hours=3),
            by="dr. Andi Saputra",
            acting_as=_("Operator") + ", Dinas Kesehatan",
            words=_("submitted the problem"),
            remark="",
        ),
    ]


def _rows(today: datetime.date) -> list[SimpleNamespace]:
    said = [
        ("Bunda Siaga: bidan menjemput ibu hamil berisiko", "living", "accepted", _("Accepted"), 1_250_000_000),
        ("Pasar Rapi: retribusi tanpa tunai", "economy", "submitted", _("Submitted"), 480_500_000),
        ("Bank Sampah Sekolah", "environment", "returned", _("Returned"), 96_000_000),
        ("Loket Pagi untuk pekerja", "governance", "draft", _("Draft"), None),
    ]
    found = {key: SimpleNamespace(color_key=key, name=name, icon=icon) for key, name, icon in DIMENSIONS}
    return [
        SimpleNamespace(title=title, dimension=found[key], state=state, label=label, amount=amount, changed=today)
        for title, key, state, label, amount in said
    ]


def _picture() -> str:
    return mark_safe(
        '<svg viewBox="0 0 640 96" role="img" aria-label="26 / 32">'
        '<rect class="chart-asked" x="0" y="12" width="640" height="28" rx="4" fill="#EEF0F3"/>'
        '<rect class="dimension-fill" x="0" y="12" width="520" height="28" rx="4" fill="#1D5F8A"/>'
        '<text class="chart-text" x="0" y="68" font-size="16" fill="#1B1F24">26 / 32</text></svg>'
    )
