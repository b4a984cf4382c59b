"""The first generation of the e-sign gateway: forms in, PDF bytes out; people are known by their NIK."""

from django.views.decorators.debug import sensitive_variables

from praja.foundation.signing.gateway.asking import (
    MOST_ADDED_BYTES,
    OK,
    SHORT_SECONDS,
    SIGN_SECONDS,
    SMALL_BYTES,
    VERIFY_SECONDS,
)
from praja.foundation.signing.gateway.client import (
    Client,
    Place,
    Verdict,
    added_to,
    nik_of,
    raise_unless_can_sign,
    raise_unless_ok,
    verdict_of,
)
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secrets


class FirstGeneration(Client):
    """`/api/…`: no one-time codes."""

    @sensitive_variables()
    def check(self, secrets: Secrets) -> None:
        """Ask whether the holder of this NIK can sign."""
        path = f"/api/user/status/{nik_of(secrets)}"
        raise_unless_can_sign(self.door.ask("GET", path, seconds=SHORT_SECONDS, most_bytes=SMALL_BYTES))

    def ask_code(self, secrets: Secrets, *, documents: int = 1) -> None:
        """Never: this generation knows no codes."""
        del secrets, documents
        raise GatewayError(Problem.CODE)

    @sensitive_variables()
    def sign(self, pdf: bytes, secrets: Secrets, place: Place | None, *, reason: str, location: str) -> bytes:
        """Send the PDF as a form; the answer is the signed PDF itself."""
        fields = {
            "nik": nik_of(secrets),
            "passphrase": secrets.passphrase.reveal(),
            "tampilan": "visible" if place else "invisible",
            "image": "true" if place and place.picture else "false",
            "reason": reason,
            "location": location,
        }
        files = {"file": ("dokumen.pdf", pdf, "application/pdf")}
        if place:
            fields |= {
                "page": str(place.page),
                "xAxis": f"{place.box.x0:g}",
                "yAxis": f"{place.box.y0:g}",
                "width": f"{place.box.width:g}",
                "height": f"{place.box.height:g}",
            }
            if place.picture:
                files["imageTTD"] = ("tanda-tangan.png", place.picture, "image/png")
        most = len(pdf) + MOST_ADDED_BYTES
        answer = self.door.ask("POST", "/api/sign/pdf", seconds=SIGN_SECONDS, most_bytes=most, data=fields, files=files)
        if answer.status != OK:
            raise_unless_ok(answer)
        return added_to(pdf, answer.body)

    def verify(self, pdf: bytes) -> Verdict:
        """Send the PDF as a form."""
        files = {"signed_file": ("dokumen.pdf", pdf, "application/pdf")}
        return verdict_of(
            self.door.ask("POST", "/api/sign/verify", seconds=VERIFY_SECONDS, most_bytes=SMALL_BYTES, files=files)
        )
