"""PDFs that carry signatures: pages behind a frozen PDF, and PAdES signatures, each as one incremental update.

What was there before stays byte for byte. No signature certifies the document: a certifying one would have to be the first,
and all of a round weigh the same. What later updates may bring is judged by `validating`, strictly.
"""

import asyncio
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation

from praja.foundation.documents.typesetting import typeset
from praja.foundation.signing.paper.layout import Box
from praja.foundation.signing.pdf import time_stamps
from praja.foundation.signing.pdf.authority import NOT_CERTIFIED, Signer
from praja.foundation.ui import formats

STAMP = Path(__file__).with_name("stamp.typ")
WITH_TIME_STAMP = 2 * 10_240  # hexadecimal digits that are kept free for signature, certificates and time stamp


class NotSigned(Exception):
    """The PDF cannot take pages or a signature; `key` says why: "unreadable", "field-taken", "no-page"."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Signed:
    """The PDF with one more signature, and its time stamp: {"at", "authority"}, {"missing": why} or {} when none was asked."""

    pdf: bytes
    time_stamp: dict[str, str]


def with_pages(pdf: bytes, pages: bytes) -> bytes:
    """The first PDF byte for byte, and behind it, as one incremental update, the pages of the second.

    The same input gives the same bytes. Raises NotSigned when one of the two cannot be read.
    """
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    writer, other = _writer(pdf), _reader(pages)
    try:
        found = generic.ArrayObject(_page_of(other, at) for at in range(int(other.root["/Pages"]["/Count"])))
        found.container_ref = other.root_ref  # says whose the references are
        stream = writer.prepare_object_stream() if writer.stream_xrefs else None
        for page in writer.import_object(found, obj_stream=stream):
            page[pdf_name("/Type")] = pdf_name("/Page")
            writer.insert_page(page)
        return _written(writer, pdf)
    except Exception as problem:  # whatever pyHanko stumbles over in it
        raise NotSigned("unreadable") from problem


def sign(  # noqa: PLR0913 - all that one signature says
    pdf: bytes,
    *,
    field: str,
    box: Box | None,
    page: int,
    text: list[str],
    signer: Signer,
    reason: str,
    place: str,
    moment: datetime,
    tsa: str | None,
) -> Signed:
    """The PDF with one more signature (PAdES baseline B-B, with a time stamp B-T) as an incremental update.

    `field` names its field, such as "TTD-012". `box` is where the stamp with the lines of `text` (see `stamp_text`) goes on
    `page`: from 1, or from the end as -1, -2; without a box nothing is seen of it. `moment` is what the signature says of its
    time, `tsa` the address of a time stamp authority: when that does not answer in time and well, the signature is made
    without. Raises NotSigned.
    """
    plan = _Plan(field, box, page, _lines(text, signer.remark), signer, reason, place, moment)
    if not tsa:
        return Signed(plan.carried_out(pdf, None), {})
    authority = time_stamps.Authority(tsa, time_stamps.roots())
    try:
        return Signed(plan.carried_out(pdf, authority.stamper()), authority.facts)
    except time_stamps.Missing as problem:
        return Signed(plan.carried_out(pdf, None), {"missing": problem.key})


def stamp_text(name: str, office: str, moment: datetime, time_zone: str) -> list[str]:
    """The lines of a stamp: who, in which office, when and how, in Indonesian as the paper is."""
    with translation.override("id"):
        return [name, office, formats.date_time(moment, time_zone), NOT_CERTIFIED]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One signature as it was asked for."""

    field: str
    box: Box | None
    page: int
    lines: list[str]
    signer: Signer
    reason: str
    place: str
    moment: datetime

    def carried_out(self, pdf: bytes, stamper: Any) -> bytes:
        """The PDF with the signature; raises NotSigned, and what the stamper raises."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

        writer = _writer(pdf)
        count = int(writer.prev.root["/Pages"]["/Count"])
        index = self.page - 1 if self.page > 0 else count + self.page
        if not 0 <= index < count:
            raise NotSigned("no-page")
        if self.field in _field_names(writer.prev.root):
            raise NotSigned("field-taken")
        box: Any = tuple(round(edge) for edge in self.box) if self.box else None

        meta = PdfSignatureMetadata(
            field_name=self.field,
            md_algorithm="sha256",
            reason=self.reason or None,
            location=self.place or None,
            subfilter=SigSeedSubFilter.PADES,
        )
        signing = PdfSigner(
            meta,
            _pyhanko_signer(self.signer),
            timestamper=stamper,
            stamp_style=_Stamp(self.lines),  # type: ignore[arg-type]
            new_field_spec=SigFieldSpec(self.field, on_page=index, box=box, readable_field_name=self.lines[0]),
        )
        try:
            return asyncio.run(self._finished(signing.init_signing_session(writer), is_stamped=bool(stamper)))
        except (PdfError, SigningError) as problem:
            raise NotSigned("unreadable") from problem

    async def _finished(self, session: Any, *, is_stamped: bool) -> bytes:
        """What PdfSigner.sign_pdf does, but with the moment that was given instead of the clock's."""
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        session.system_time = self.moment
        room = WITH_TIME_STAMP if is_stamped else await session.estimate_signature_container_size(None, tight=True)
        document = session.prepare_tbs_document(None, bytes_reserved=room)
        prepared, output = document.digest_tbs_document(output=io.BytesIO())
        attributes = PdfCMSSignedAttributes(signing_time=self.moment)
        done = await document.perform_signature(prepared.document_digest, attributes)
        await done.post_signature_processing(output)
        return bytes(output.getvalue())


def _lines(text: list[str], remark: str) -> list[str]:
    """The lines of the stamp; what is to be said of the signer stands there also when the caller forgot."""
    lines = [line for line in text if line.strip()]
    return [*lines, remark] if remark and remark not in lines else lines


class _Stamp:
    """The visible part of a signature, set by Typst in the typefaces of the books; only the letters it needs are inside."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def create_stamp(self, writer: Any, box: Any, _parameters: Any) -> "_Stamp":
        """Draw it, as large as the box."""
        data = {"width": box.width, "height": box.height, "lines": self.lines}
        files = {"main": STAMP.read_bytes(), "data.json": json.dumps(data).encode()}
        drawn = typeset(files, format="pdf", pdf_tags=False, timestamp=0)
        self.form = writer.import_page_as_xobject(_reader(drawn))
        return self

    def apply_appearance(self, annotation: Any) -> None:
        """Show it in the field."""
        from pyhanko.pdf_utils import generic
        from pyhanko.pdf_utils.generic import pdf_name

        annotation[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): self.form})


def _field_names(root: Any) -> set[str]:
    """The names of the form's fields; their values, which grow with each signature, stay unread."""
    if "/AcroForm" not in root:
        return set()
    return {str(field.get_object().get("/T")) for field in root["/AcroForm"].get("/Fields", [])}


def _pyhanko_signer(signer: Signer) -> Any:
    """What pyHanko signs with; the authority's certificate stays outside, since no signature would guard its bytes."""
    from asn1crypto import keys, pem
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    # The key is our own: checking that its numbers are primes takes longer than to sign with it.
    key: Any = serialization.load_pem_private_key(signer.key, None, unsafe_skip_rsa_key_validation=True)

    class Own(SimpleSigner):
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:  # noqa: ARG002 - always SHA-256
            """RSA with SHA-256, as pyHanko does it."""
            return bytes(key.sign(data, padding.PKCS1v15(), hashes.SHA256()))

    certificate = next(iter(load_certs_from_pemder_data(signer.certificate)))
    store = SimpleCertificateStore()
    return Own(certificate, keys.PrivateKeyInfo.load(pem.unarmor(signer.key)[2]), store, embed_roots=False)


def _page_of(reader: Any, at: int) -> Any:
    """What a page shows, without its place in the tree, its tags and its links: those mean nothing in another file."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.rw_common import find_inherited_value_in_tree

    reference, resources = reader.find_page_for_modification(at)
    page = reference.get_object()
    kept = {pdf_name("/Resources"): resources, pdf_name("/Contents"): page.raw_get("/Contents")}
    for name in ("/MediaBox", "/CropBox", "/Rotate"):
        found = find_inherited_value_in_tree(page, name, "/Parent")
        if found is not None:
            kept[pdf_name(name)] = found
    return generic.DictionaryObject(kept)


def _reader(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return PdfFileReader(io.BytesIO(pdf))
    except (PdfError, ValueError, TypeError, KeyError) as problem:
        raise NotSigned("unreadable") from problem


def _writer(pdf: bytes) -> Any:
    """An incremental writer that leaves the description of the document alone, and whose second identifier follows from it."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Who made the document and when stays as it is: archives compare the two places where that stands."""

    writer = Writer.from_reader(_reader(pdf))
    identifier = generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])
    writer._document_id = generic.ArrayObject([writer._document_id[0], identifier])  # noqa: SLF001 - else it is random
    return writer


def _written(writer: Any, before: bytes) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    made = output.getvalue()
    if not made.startswith(before):
        raise NotSigned("unreadable")
    return made
