"""What is filled in about the e-sign gateway of a region."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from praja.foundation.signing.gateway.asking import may_ask
from praja.foundation.signing.models import Gateway
from praja.foundation.signing.pages.round_forms import TextField


class GatewayForm(forms.Form):
    """Address, generation, and how Praja shows itself; the secret is written and never shown."""

    address = forms.CharField(
        label=_("Address of the gateway"),
        max_length=300,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("As the region's communication office gives it, for example http://10.10.1.20:8080."),
    )
    api = forms.ChoiceField(
        label=_("Generation"), choices=Gateway.Api.choices, initial=Gateway.Api.V2, widget=forms.RadioSelect
    )
    username = TextField(label=_("User name"), max_length=100, required=False)
    password = forms.CharField(  # drafts keep nothing of a field of this name
        label=_("Secret"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, gateway: Gateway | None) -> None:
        self.gateway = gateway
        known = {name: getattr(gateway, name) for name in ("address", "api", "username")} if gateway else {}
        super().__init__(data, initial=known)
        if gateway and gateway.secret:
            self.fields["password"].help_text = _("One is stored and is never shown. Leave this empty to keep it.")
        else:
            self.fields["password"].help_text = _("It is stored enciphered and never shown again.")

    def clean_address(self) -> str:
        """Where Praja may send what only a signatory knows."""
        address = str(self.cleaned_data["address"]).strip().rstrip("/")
        if not may_ask(address):
            if settings.GATEWAY_NETWORKS:
                raise forms.ValidationError(
                    _(
                        "This Praja asks gateways in the networks %(networks)s only: by https, or by http where these are private. Type the whole address, without user name and question mark; whoever runs Praja can name more networks."
                    ),
                    params={"networks": ", ".join(map(str, settings.GATEWAY_NETWORKS))},
                )
            raise forms.ValidationError(
                _(
                    "Praja asks gateways by https, or by http on the region's own network only. Type the whole address, such as http://10.10.1.20:8080, without user name and question mark."
                )
            )
        return address

    def clean(self) -> dict[str, Any]:
        """The secret goes only where it was meant to go: another address or user name wants it typed anew."""
        values = super().clean() or self.cleaned_data
        old = self.gateway
        now = {name: values.get(name) for name in ("address", "username") if name in values}
        is_other = old is not None and any(getattr(old, name) != value for name, value in now.items())
        if old and old.secret and is_other and not values.get("password"):
            self.add_error("password", _("Type the secret again, because the address or the user name is another one."))
        return values
