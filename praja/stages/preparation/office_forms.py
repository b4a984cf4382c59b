"""What is filled in about the offices of a region: who is its head and who its secretary, by which decree, since when."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Membership, Organisation, Person, Position, User
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import EntryForm
from praja.stages.preparation.forms import PERSON_FIELDS, HeadForm, Heads, differs


class OfficeForm(HeadForm):
    """Who holds an office of the region: somebody with an account, or a name."""

    def __init__(self, *args: Any, accounts: dict[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No account; the name stands below")), *((key, str(one)) for key, one in accounts.items())]
        self.fields["account"] = forms.ChoiceField(label=_("Account of the holder"), choices=choices, required=False)
        self.fields["title"].label = _("Office, as Bupati Garut or Sekretaris Daerah")
        self.fields["name"].required = False
        self.order_fields(["id", "title", "acting", "account"])

    def clean(self) -> dict[str, Any]:
        """The values; an account or a name, and not both."""
        values: dict[str, Any] = super().clean()
        if "account" in values and "name" in values:
            if values["account"] and any(values.get(name) for name in PERSON_FIELDS):
                self.add_error(
                    "name", _("An account is chosen above, and a name stands here. Leave one of them empty.")
                )
            elif not values["account"] and not values["name"]:
                self.add_error("name", _("Choose the account of the holder, or write the name."))
        return values


class OfficeRows(Heads):
    """The holders of one office of the region: normally one row, two when one follows the other."""

    form: ClassVar[type[HeadForm]] = OfficeForm

    def __init__(self, row: Organisation, data: QueryDict | None = None) -> None:
        self.accounts = {str(one.pk): one for one in accounts_of(row)}
        self.by_person = {one.person_id: key for key, one in self.accounts.items()}
        super().__init__(row, data)

    def form_kwargs(self, row: Organisation) -> dict[str, Any]:
        """The accounts to choose from."""
        del row
        return {"accounts": self.accounts}

    def queryset(self, row: Any) -> QuerySet[Any]:
        """Without those who act for a time: they are named on a page of their own."""
        acting = Membership.objects.filter(for_position=OuterRef("pk"))
        return super().queryset(row).filter(~Exists(acting), person__isnull=False)

    def initial(self, child: Any) -> dict[str, Any]:
        """Office and person in one row; the person of an account stands there by the account alone."""
        key = self.by_person.get(child.person_id, "")
        found = super().initial(child)
        return {**found, **dict.fromkeys(PERSON_FIELDS, ""), "account": key} if key else found

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The columns of the office with its person, who is not stored yet unless it is that of an account."""
        found = super().columns(cleaned)
        if account := self.accounts.get(cleaned["account"]):
            found["person"] = account.person
        return found

    def save(self, *, by: Any) -> None:
        """Store offices and persons; an office that was taken away is withdrawn."""
        stored = {child.pk: child for child in self.stored}
        for line in self.kept():
            columns = self.columns(line)
            child = stored.pop(line.get("id") or 0, None) or Position()
            if columns["person"].pk is None:
                columns["person"] = self._person(child, columns["person"], by=by)
            if child.pk is None:
                Position.objects.create(organisation=self.row, created_by=by, updated_by=by, **columns)
            elif differs(child, columns):
                update_if_unchanged(child, columns, by=by, version=child.version)
        for child in stored.values():
            taken_away = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
            update_if_unchanged(child, taken_away, by=by, version=child.version)

    def _person(self, child: Position, typed: Person, *, by: Any) -> Person:
        """The person of a typed name: the one that stands there, mended, unless it is that of an account."""
        values = {name: getattr(typed, name) for name in PERSON_FIELDS}
        person = child.person
        if person is None or person.pk in self.by_person:
            return Person.objects.create(**values, created_by=by, updated_by=by)
        if differs(person, values):
            update_if_unchanged(person, values, by=by, version=person.version)
        return person


def accounts_of(government: Organisation) -> QuerySet[User]:
    """The accounts with a role in the region, by name."""
    inside = Q(organisation=government) | Q(organisation__parent=government, organisation__kind="agency")
    members = Membership.objects.current().filter(inside)
    users = User.objects.filter(pk__in=members.values("user"), is_active=True, person__isnull=False)
    return users.select_related("person").order_by("person__name", "pk")


class RegionHeads(OfficeRows):
    """Who heads the region."""

    title = gettext_lazy("Head of region")


class Secretaries(OfficeRows):
    """Who is its secretary, and who else signs there without heading it."""

    prefix = "secretaries"
    title = gettext_lazy("Regional secretary (Sekda), and others who sign")
    is_head = False


class RegionForm(EntryForm):
    """The offices of a region on one page."""

    children = (RegionHeads, Secretaries)

    class Meta:
        model = Organisation
        fields = ()
