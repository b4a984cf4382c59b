"""What a person fills in about an account: signing in, the own profile, inviting and being invited."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts import second_factor
from praja.foundation.accounts.models import Organisation, Person, User
from praja.foundation.accounts.roles import ROLES

LEAST_CHARACTERS = 12  # of a password, as settings.AUTH_PASSWORD_VALIDATORS judges it
USERNAME_RULE = gettext_lazy("Use 3 to 60 small letters, digits, points, hyphens or underscores, without spaces.")
# The same sentence for a name that is taken and for one that breaks the rule.
USERNAME_REFUSED = gettext_lazy(
    "This user name cannot be used. Choose another one with 3 to 60 small letters, digits, points, hyphens or underscores."
)


def printable(text: str) -> None:
    """Refuse characters that no name holds: controls, direction marks, line ends."""
    if not text.isprintable():
        raise ValidationError(_("There is an invisible character in this text. Please type it again by hand."))


class SignInForm(forms.Form):
    """User name and password; judged in the view, which answers alike for every wrong pair."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmForm(forms.Form):
    """Is it still you? The password, or a code of the app, or a passkey; one of them is enough."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of your app"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=second_factor.CODE),
    )
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def is_of(self, user: User) -> bool:
        """Whether one of them is right; call it once the form is valid."""
        values = self.cleaned_data
        if values["credential"]:
            form: Any = second_factor.PasskeyForm({"credential": values["credential"]}, user=user)
            if form.is_valid():
                form.cleaned_data["credential"].record_usage()
            return bool(form.is_valid())
        if values["code"]:
            form = second_factor.CodeForm({"code": values["code"]}, user=user)
            if form.is_valid():
                form.authenticator.record_usage()
            else:
                self.add_error("code", form.errors["code"])
            return bool(form.is_valid())
        return bool(values["password"]) and user.check_password(values["password"])


class PersonForm(forms.Form):
    """A name as papers print it, with titles before and after."""

    title_before = forms.CharField(
        label=gettext_lazy("Titles before the name"),
        max_length=60,
        required=False,
        validators=[printable],
        help_text=gettext_lazy("For example: Dr. Ir."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name without titles"),
        max_length=200,
        validators=[printable],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title_after = forms.CharField(
        label=gettext_lazy("Titles after the name"),
        max_length=60,
        required=False,
        validators=[printable],
        help_text=gettext_lazy("For example: S.Kom., M.Si."),
    )

    def person_values(self) -> dict[str, str]:
        """The values that belong to the Person."""
        return {name: self.cleaned_data[name] for name in ("name", "title_before", "title_after")}


class ProfileForm(PersonForm):
    """The own profile; e-mail and telephone are optional."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone or WhatsApp number"),
        max_length=30,
        required=False,
        validators=[
            RegexValidator(
                r"^\+?[0-9 .()-]{5,30}$", gettext_lazy("Write the number with digits, for example 0812 3456 7890.")
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("May stay empty; Praja needs no e-mail."),
    )

    def person_values(self) -> dict[str, str]:
        """The values that belong to the Person."""
        return {**super().person_values(), "phone": self.cleaned_data["phone"]}

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        """What the form shows first."""
        person = user.person or Person()
        fields = ("title_before", "name", "title_after", "phone")
        return {"email": user.email, **{name: getattr(person, name) for name in fields}}


class NewPasswordForm(forms.Form):
    """A password typed twice and judged by settings.AUTH_PASSWORD_VALIDATORS."""

    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-new-password": LEAST_CHARACTERS}),
        help_text=gettext_lazy(
            "At least 12 characters; a sentence of four or five words that only you would put together is best, spaces "
            "included. Capitals, digits and signs are welcome and not required."
        ),
    )
    new_password_again = forms.CharField(
        label=gettext_lazy("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-new-password-again": ""}),
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Both the same, and not easy to guess."""
        values = super().clean() or {}
        first, second = values.get("new_password"), values.get("new_password_again")
        if first and second and first != second:
            self.add_error("new_password_again", _("The two passwords differ. Type the same one twice."))
        elif first:
            try:
                password_validation.validate_password(first, self.user or self.user_to_be(values))
            except ValidationError as problem:
                self.add_error("new_password", problem)
        return values

    def user_to_be(self, values: dict[str, Any]) -> User:
        """The account that the password must not resemble."""
        return User(username=values.get("username", ""))


class ChangePasswordForm(NewPasswordForm):
    """The own password: the old one first."""

    old_password = forms.CharField(
        label=gettext_lazy("Password until now"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password", "new_password_again")

    def clean_old_password(self) -> str:
        """It has to be the right one."""
        password = self.cleaned_data["old_password"]
        if self.user is None or not self.user.check_password(password):
            raise ValidationError(_("This is not your password until now. Please type it again."))
        return password


class AcceptForm(PersonForm, NewPasswordForm):
    """What an invited person fills in once."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        help_text=USERNAME_RULE,
        validators=[RegexValidator(r"^[a-z0-9._-]{3,60}$", USERNAME_REFUSED)],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("title_before", "name", "title_after", "username", "new_password", "new_password_again")

    def clean_username(self) -> str:
        """A name that nobody has yet."""
        username = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username=username).exists():
            raise ValidationError(USERNAME_REFUSED)
        return username


class InvitationForm(forms.Form):
    """Whom to invite, for which organisation, in which role."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For"),
        queryset=Organisation.objects.none(),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the organisations in the list.")},
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    dimensions = forms.MultipleChoiceField(
        label=gettext_lazy("Dimensions of a dimension coordinator"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick those that this person checks; none ticked means all. Other roles need none."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person"),
        max_length=200,
        required=False,
        validators=[printable],
        help_text=gettext_lazy("Stands in the ready text; the person can mend it."),
    )

    def __init__(
        self, *args: Any, organisations: Any, roles: list[str], dimensions: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["role"].choices = [(key, ROLES[key].title) for key in roles]
        self.fields["dimensions"].choices = dimensions
