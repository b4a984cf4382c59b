"""A quick look at a PDF that has just been signed: is it what was sent with exactly one signature more, and by whom.

What the earlier signatures say is not asked again here: that takes seconds in a long round, and validating.py does it.
"""

import hashlib
import io
import json
import re
from dataclasses import dataclass
from dataclasses import field as field_
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from praja.foundation.documents.typesetting import typeset
from praja.foundation.signing.paper.layout import Box
from praja.foundation.signing.pdf import only_signatures
from praja.foundation.signing.pdf.authority import facts_of
from praja.foundation.signing.pdf.pades import STAMP

BY_GATEWAY = "Ditandatangani secara elektronik dengan sertifikat BSrE"  # on the paper, in Indonesian
PICTURE_DPI = 200.0
NUMBERS = (NameOID.SERIAL_NUMBER, NameOID.USER_ID)  # where a certificate may carry the number of a person
NIK = re.compile(r"[0-9]{16}")
LONGEST_NAME = 200


class NotOneMore(Exception):
    """It is not the PDF that was sent with one whole signature more."""


@dataclass(frozen=True)
class Added:
    """The signature that was added: its field, its certificate (as Signature keeps it) and its time stamp.

    `name` is the common name in the certificate, `nik` the sixteen digits it may carry: only to be compared, never kept.
    """

    field: str
    certificate: dict[str, str]
    time_stamp: dict[str, str]
    name: str = ""
    nik: str = field_(default="", repr=False)

    def as_validation(self) -> dict[str, Any]:
        """What a Signature keeps of this look."""
        return {"look": "quick", "is_one_more": True, "is_whole": True, "is_intact": True, "field": self.field}


def added(before: bytes, after: bytes) -> Added:
    """The signature that makes `after` of `before`; raises NotOneMore.

    It has to be the only one that is new, cover the file from its first byte to its last, and be right by its own
    certificate; and nothing but it may have come to the document.
    """
    if len(after) <= len(before) or not after.startswith(before):
        raise NotOneMore
    try:
        return _added(before, after)
    except NotOneMore:
        raise
    except Exception as problem:  # whatever pyHanko stumbles over in it
        raise NotOneMore from problem


def _added(before: bytes, after: bytes) -> Added:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    reader = PdfFileReader(io.BytesIO(after))
    field = only_signatures.new_field(reader, before)
    signature = EmbeddedPdfSignature(reader, field, str(field["/T"]))
    if signature.sig_object.get("/Type") == "/DocTimeStamp":
        raise NotOneMore
    certificate = signature.signer_cert
    is_intact, is_valid = validate_sig_integrity(signature.signer_info, certificate, "data", signature.compute_digest())
    covers = signature.evaluate_signature_coverage()
    if not (is_intact and is_valid and covers == SignatureCoverageLevel.ENTIRE_FILE):
        raise NotOneMore
    read = x509.load_der_x509_certificate(certificate.dump())
    return Added(signature.field_name, facts_of(read), _time_stamp(signature), *_who(read))


def _who(certificate: x509.Certificate) -> tuple[str, str]:
    """The common name in a certificate, and the NIK when it carries one."""
    subject = certificate.subject
    names = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    numbers = [str(one.value) for oid in NUMBERS for one in subject.get_attributes_for_oid(oid)]
    found = [number for number in numbers if NIK.fullmatch(number)]
    return (names[0][:LONGEST_NAME] if names else ""), (found[0] if found else "")


def _time_stamp(signature: Any) -> dict[str, str]:
    """When a time stamp authority says that it saw this signature; {} when none did. Its trust is judged elsewhere."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    token = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None)
    if token is None:
        return {}
    said = token["encap_content_info"]["content"].parsed
    imprint = said["message_imprint"]
    value = signature.signer_info["signature"].native
    if hashlib.new(imprint["hash_algorithm"]["algorithm"].native, value).digest() != imprint["hashed_message"].native:
        return {}
    names = [one.chosen.subject.native.get("common_name", "") for one in token["certificates"]]
    return {"at": said["gen_time"].native.isoformat(), "authority": str(names[0] if names else "")[:200]}


def pages_in(pdf: bytes) -> int:
    """How many pages the PDF has."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])


def picture_of(name: str, office: str, box: Box) -> bytes:
    """The visible part of a certified signature as a PNG of the box's shape."""
    data = {"width": box.width, "height": box.height, "lines": [name, office, BY_GATEWAY]}
    files = {"main": STAMP.read_bytes(), "data.json": json.dumps(data).encode()}
    return typeset(files, format="png", ppi=PICTURE_DPI)


def count_of(pdf: bytes) -> int:
    """How many signatures the PDF has, whatever they are worth."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
