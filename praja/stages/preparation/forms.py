"""What a coordinator fills in while preparing: the plan, an agency with its head, deadlines."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Membership, Organisation, Person, Position, User
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.foundation.plans.models import Cohort, Deadline, DimensionSet, Plan
from praja.foundation.sheets.fields import NipField, WrittenDateField, YearField
from praja.foundation.sheets.values import ValueProblem, cleaned, normalised, parse_int
from praja.foundation.ui.formats import long_date
from praja.stages.preparation.hanging import uses_dimensions
from praja.stages.preparation.stages import OPTIONAL, stages_in_use

FIRST_COHORT = 2017
LONGEST_PLAN = 30  # years


class HorizonsField(forms.CharField):
    """Years of the short, middle and long horizon, typed as "1, 5, 10"."""

    def prepare_value(self, value: Any) -> Any:
        """The stored list as text."""
        return ", ".join(str(years) for years in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        """The list; rising, at most five."""
        parts = super().clean(value).replace(";", ",").split(",")
        try:
            years = [parse_int(part, 1, LONGEST_PLAN) for part in parts]
        except ValueProblem as problem:
            raise ValidationError(str(problem)) from problem
        whole = [number for number in years if number is not None]
        if not whole or len(whole) != len(years) or len(whole) > 5 or sorted(set(whole)) != whole:
            raise ValidationError(_("Write up to five numbers of years from short to long, for example 1, 5, 10."))
        return whole


class PlanForm(EntryForm):
    """The plan as a whole: years, horizons, guide, dimensions, and the stages that may be left out."""

    year_from = YearField(label=gettext_lazy("First year"), required=False)
    year_to = YearField(label=gettext_lazy("Last year"), required=False)
    horizons = HorizonsField(
        label=gettext_lazy("Horizons in years"),
        max_length=40,
        help_text=gettext_lazy("Short, middle and long term, for example 1, 5, 10."),
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Stages that a region may leave out"),
        required=False,
        choices=[(stage.key, stage.title) for stage in OPTIONAL],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick what your region works with; nothing else is asked of you then."),
    )
    cohort = YearField(
        label=gettext_lazy("National intake of the year"),
        required=False,
        help_text=gettext_lazy("Leave empty when your region plans without a national intake."),
    )

    class Meta:
        model = Plan
        fields = (
            "title",
            "year_from",
            "year_to",
            "horizons",
            "guide_version",
            "dimension_set",
            "stages",
            "cohort",
            "head_approves",
            "dimension_checks",
        )
        labels: ClassVar = {
            "title": gettext_lazy("Title of the plan"),
            "guide_version": gettext_lazy("Version of the guide"),
            "dimension_set": gettext_lazy("Dimensions"),
            "head_approves": gettext_lazy("The head of the agency approves what the operator submits"),
            "dimension_checks": gettext_lazy("The coordinator of the dimension checks before the secretariat"),
        }
        help_texts: ClassVar = {
            "head_approves": gettext_lazy("In Praja, or by signing the printed proposal sheet."),
            "dimension_checks": gettext_lazy(
                "Where a dimension has no coordinator yet, the secretariat checks itself."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dimension_set"].queryset = DimensionSet.objects.order_by("key")
        self.fields["dimension_set"].empty_label = None
        self.initial["cohort"] = self.instance.cohort.year if self.instance.cohort else None
        self.is_dimension_set_fixed = uses_dimensions(self.instance)
        if self.is_dimension_set_fixed:
            self.fields["dimension_set"].disabled = True
            self.fields["dimension_set"].help_text = _(
                "Cannot change any more: rows of this plan name these dimensions."
            )

    def clean_title(self) -> str:
        """Without characters that no book can carry."""
        return cleaned(self.cleaned_data["title"])[0]

    def clean_stages(self) -> list[str]:
        """The chosen ones with those that are always in use, in order."""
        return [stage.key for stage in stages_in_use(self.cleaned_data["stages"])]

    def clean_cohort(self) -> Cohort | None:
        """The national intake of that year; a new one is stored when the plan is."""
        year = self.cleaned_data["cohort"]
        if year is None:
            return None
        if year < FIRST_COHORT:
            raise ValidationError(_("The first national intake was in %(year)d.") % {"year": FIRST_COHORT})
        return Cohort.objects.filter(year=year).first() or Cohort(
            year=year, name=_("Intake of %(year)d") % {"year": year}
        )

    def clean(self) -> dict[str, Any]:
        """The last year comes after the first."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("year_from"), values.get("year_to")
        if first and last and not first <= last < first + LONGEST_PLAN:
            self.add_error(
                "year_to",
                _("The last year must not come before %(first)d, nor more than %(most)d years after it.")
                % {"first": first, "most": LONGEST_PLAN - 1},
            )
        return values


class HeadForm(ChildForm):
    """Who heads the agency, in which office, by which decree."""

    title = forms.CharField(label=gettext_lazy("Position, as Kepala Dinas Kesehatan"), max_length=200)
    acting = forms.ChoiceField(
        label=gettext_lazy("Acting status"), choices=Position.Acting.choices, initial=Position.Acting.DEFINITIVE
    )
    title_before = forms.CharField(label=gettext_lazy("Titles before the name"), max_length=60, required=False)
    name = forms.CharField(label=gettext_lazy("Name without titles"), max_length=200)
    title_after = forms.CharField(label=gettext_lazy("Titles after the name"), max_length=60, required=False)
    nip = NipField(label="NIP", required=False)
    rank = forms.CharField(label=gettext_lazy("Rank, as Pembina Utama Muda"), max_length=60, required=False)
    grade = forms.CharField(label=gettext_lazy("Grade, as IV/c"), max_length=10, required=False)
    decree = forms.CharField(label=gettext_lazy("Decree of appointment"), max_length=200, required=False)
    starts_on = WrittenDateField(label=gettext_lazy("Since"), required=False)
    ends_on = WrittenDateField(label=gettext_lazy("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Texts without unwanted characters; dates in order."""
        values = super().clean() or self.cleaned_data
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = cleaned(value)[0]
        values["nip"] = values.get("nip") or ""
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The office cannot end before it begins. Please check the two dates."))
        return values


PERSON_FIELDS = ("title_before", "name", "title_after", "nip", "rank", "grade")


class Heads(ChildRows):
    """The head of an agency: normally one row, two when one follows the other."""

    prefix = "heads"
    model = Position
    form = HeadForm
    parent = "organisation"
    title = gettext_lazy("Head of the agency")
    add_title = gettext_lazy("Add the successor")
    is_head: ClassVar = True

    @property
    def extra(self) -> int:  # type: ignore[override]  # a constant in other kinds of rows
        """An empty row to fill in only where nobody is named."""
        return 0 if self.stored else 1

    def queryset(self, row: Any) -> models.QuerySet[Any]:
        """The offices in service, with their persons."""
        return super().queryset(row).filter(is_head=self.is_head).select_related("person").order_by("pk")

    def initial(self, child: Any) -> dict[str, Any]:
        """Office and person in one row."""
        person = child.person or Person()
        office = {name: getattr(child, name) for name in ("title", "acting", "decree", "starts_on", "ends_on")}
        return {**office, **{name: getattr(person, name) for name in PERSON_FIELDS}}

    def words(self, child: Any) -> str:
        """The row as one line."""
        person = child.person or Person()
        parts = [child.title_in_full, person.full_name, person.nip, person.rank, person.grade, child.decree]
        days = [long_date(day) for day in (child.starts_on, child.ends_on) if day]
        return ", ".join(filter(None, [*parts, " – ".join(days)]))

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The columns of the position, and a person that is not stored yet."""
        office = {name: cleaned[name] for name in ("title", "acting", "decree", "starts_on", "ends_on")}
        return {**office, "is_head": self.is_head, "person": Person(**{name: cleaned[name] for name in PERSON_FIELDS})}

    def save(self, *, by: Any) -> None:
        """Store offices and their persons; an office that was taken away is withdrawn."""
        stored = {child.pk: child for child in self.stored}
        for line in self.kept():
            columns = self.columns(line)
            person = columns.pop("person")
            child = stored.pop(line.get("id") or 0, None) or Position()
            person_values = {name: getattr(person, name) for name in PERSON_FIELDS}
            if child.person is not None and is_another(child.person, person_values):
                # Whoever comes after does not become who was there: that person's account and signatures stay theirs.
                taken_away = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
                update_if_unchanged(child, taken_away, by=by, version=child.version)
                child = Position()
            if child.person is None:
                columns["person"] = Person.objects.create(**person_values, created_by=by, updated_by=by)
            elif differs(child.person, person_values):
                update_if_unchanged(child.person, person_values, by=by, version=child.person.version)
            if child.pk is None:
                Position.objects.create(organisation=self.row, created_by=by, updated_by=by, **columns)
            elif differs(child, columns):
                update_if_unchanged(child, columns, by=by, version=child.version)
        for child in stored.values():
            taken_away = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
            update_if_unchanged(child, taken_away, by=by, version=child.version)


def is_another(person: Person, typed: dict[str, Any]) -> bool:
    """Whether somebody else was typed over a person: another NIP, or another name where an account hangs on the old one."""
    if person.nip and typed["nip"]:
        return person.nip != typed["nip"]
    is_renamed = " ".join(person.name.split()).casefold() != " ".join(typed["name"].split()).casefold()
    return is_renamed and User.objects.filter(person=person).exists()


class Officials(Heads):
    """Who else of the agency signs, on behalf of its head."""

    prefix = "officials"
    title = gettext_lazy("Officials who sign on behalf of the head (a.n.)")
    add_title = gettext_lazy("Add an official")
    is_head = False

    def queryset(self, row: Any) -> models.QuerySet[Any]:
        """Without those who act for a time: they are named on a page of their own."""
        acting = Membership.objects.filter(for_position=OuterRef("pk"))
        return super().queryset(row).filter(~Exists(acting), person__isnull=False)


def differs(row: models.Model, values: dict[str, Any]) -> bool:
    """Whether any of the values is another than the row has."""
    return any(getattr(row, name) != value for name, value in values.items())


class AgencyForm(EntryForm):
    """An agency: names, kind, affairs, duties, the regulation they rest on, and its head."""

    children = (Heads, Officials)

    class Meta:
        model = Organisation
        fields = ("name", "abbreviation", "agency_kind", "affairs", "duties", "regulation")
        widgets: ClassVar = {
            "affairs": forms.CheckboxSelectMultiple,
            "duties": forms.Textarea(attrs={"rows": 6, "maxlength": 20_000}),
            "regulation": forms.Textarea(attrs={"rows": 2}),
        }
        labels: ClassVar = {
            "name": gettext_lazy("Name of the agency"),
            "abbreviation": gettext_lazy("Abbreviation"),
            "agency_kind": gettext_lazy("Kind of agency"),
            "affairs": gettext_lazy("Government affairs"),
            "duties": gettext_lazy("Duties and functions (tupoksi)"),
            "regulation": gettext_lazy("Regulation that they rest on"),
        }
        help_texts: ClassVar = {
            "name": gettext_lazy("As in the regulation, for example: Dinas Komunikasi dan Informatika."),
            "abbreviation": gettext_lazy("As people say it, for example: Diskominfo."),
            "affairs": gettext_lazy("All that the agency carries; innovations outside of them are flagged."),
            "duties": gettext_lazy("Two or three sentences are enough."),
            "regulation": gettext_lazy("Kind, number, year and subject."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency_kind"].choices = Organisation.AgencyKind.choices
        self.fields["agency_kind"].required = True
        self.initial.setdefault("agency_kind", "")
        self.initial["agency_kind"] = self.initial["agency_kind"] or Organisation.AgencyKind.AGENCY

    def clean(self) -> dict[str, Any]:
        """Texts without unwanted characters; a name once in the region."""
        values = super().clean() or self.cleaned_data
        for name in ("name", "abbreviation", "duties", "regulation"):
            if name in values:
                values[name] = cleaned(values[name])[0]
        if values.get("name") and is_name_taken(self.instance, values["name"]):
            self.add_error("name", _("Your region has an agency of this name already. Open that one instead."))
        return values


def is_name_taken(agency: Organisation, name: str) -> bool:
    """Whether another agency in service of the same region has this name, however it is written."""
    others = Organisation.objects.agencies().filter(parent=agency.parent).exclude(pk=agency.pk)
    return normalised(name) in {normalised(other) for other in others.values_list("name", flat=True)}


class DeadlineForm(forms.Form):
    """When one stage opens and closes; a last day that was told to agencies moves with a reason."""

    opens_on = WrittenDateField(label=gettext_lazy("Opens on"), required=False)
    closes_on = WrittenDateField(label=gettext_lazy("Closes on"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why the last day moves"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only when you change the last day: agencies read it in the notice."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**30, required=False)

    def __init__(self, *args: Any, stored: Deadline | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored

    def clean_reason(self) -> str:
        """The text without unwanted characters."""
        return cleaned(self.cleaned_data["reason"])[0]

    def clean(self) -> dict[str, Any]:
        """It closes after it opens, and moves with a reason."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("opens_on"), values.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The stage cannot close before it opens. Please check the two dates."))
        if self.is_moved and not values.get("reason") and not self.has_error("reason"):
            self.add_error("reason", _("Say in a sentence why the last day moves; the agencies are told."))
        return values

    @property
    def is_moved(self) -> bool:
        """Whether the last day that is stored becomes another one."""
        before = self.stored.closes_on if self.stored else None
        return before is not None and "closes_on" in self.cleaned_data and self.cleaned_data["closes_on"] != before
