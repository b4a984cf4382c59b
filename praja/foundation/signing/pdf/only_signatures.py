"""Whether an update of a PDF did nothing to it but add one signature: all else that a reader sees is as it was."""

import io
import re
from typing import Any

# What a signature may change in what was there: of the catalogue, of a page, of the form.
IN_ROOT = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})
IN_PAGE = frozenset({"/Annots"})
IN_FORM = frozenset({"/Fields", "/SigFlags", "/DA", "/DR"})

LARGEST = (
    60_000.0  # square points of what is seen of a signature: an eighth of a page, nearly three of the boxes of a sheet
)

START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")


class MoreThanASignature(Exception):
    """The update changed something else, or added more than one field or place."""


def new_field(reader: Any, before: bytes) -> Any:
    """The field that an update of `before` added, with at most one place on a page; `reader` is pyHanko's of the whole.

    Raises MoreThanASignature when the update did anything else. It reads what was changed and no earlier signature, since
    those are long and many.
    """
    update = _Update(reader, before)
    form = update.value_before(update.root_before, "/AcroForm")
    pages = dict(update.pages())
    may_change: dict[Any, frozenset[str]] = {reader.root_ref: IN_ROOT} | dict.fromkeys(pages, IN_PAGE)
    if reference := _raw_reference(update.root_before, "/AcroForm"):
        may_change[reference] = IN_FORM
    free = {_raw_reference(update.trailer, "/Info"), _raw_reference(update.root_before, "/Metadata"), *update.store()}
    free |= {_raw_reference(form, "/Fields")} | {_raw_reference(page, "/Annots") for page in pages.values()}
    changed = update.changed()
    for reference in changed - (free - may_change.keys()):
        _same(update.before(reference), update.after(reference), but=may_change.get(reference, frozenset()))
    form_after = update.value_after(update.root_after, "/AcroForm")
    _same(form, form_after, but=IN_FORM)
    fields = update.grown(form, form_after, "/Fields")
    places = [
        place
        for reference, page in pages.items()
        if reference in changed or _raw_reference(page, "/Annots") in changed
        for place in update.grown(page, update.after(reference), "/Annots")
    ]
    if len(fields) != 1 or len(places) > 1:
        raise MoreThanASignature
    field = fields[0].get_object()
    own = [fields[0], *_list_of(field.raw_get("/Kids").get_object() if "/Kids" in field else None)]
    for place in places:
        if place not in own or _area(place.get_object()) > LARGEST:
            raise MoreThanASignature
    return field


def _area(place: Any) -> float:
    """How much of a page it covers, in square points."""
    x0, y0, x1, y1 = (float(edge) for edge in place["/Rect"])
    return abs((x1 - x0) * (y1 - y0))


class _Update:
    """Two states of one PDF."""

    def __init__(self, reader: Any, before: bytes) -> None:
        self.reader, xrefs = reader, reader.xrefs
        self.now = xrefs.total_revisions - 1
        starts = [xrefs.get_startxref_for_revision(revision) for revision in range(self.now + 1)]
        self.then = max((revision for revision, start in enumerate(starts) if start < len(before)), default=-1)
        # The chain of updates has to go through the end of what was there, and not around it.
        said = START.findall(before[-1024:])
        if self.then < 0 or not said or int(said[-1]) != starts[self.then] or "/Encrypt" in reader.trailer:
            raise MoreThanASignature
        self.trailer = reader.trailer.flatten(revision=self.then)
        if _raw_reference(self.trailer, "/Root") != reader.root_ref:
            raise MoreThanASignature
        self.root_before, self.root_after = self.before(reader.root_ref), self.after(reader.root_ref)

    def before(self, reference: Any) -> Any:
        """The object as it was."""
        return self.reader.get_object(reference, revision=self.then)

    def after(self, reference: Any) -> Any:
        """The object as it is."""
        return self.reader.get_object(reference, revision=self.now)

    def value_before(self, holder: Any, name: str) -> Any:
        """A value of a dictionary as it was, an empty dictionary when there was none."""
        return _value(holder, name, self.before)

    def value_after(self, holder: Any, name: str) -> Any:
        """The same as it is."""
        return _value(holder, name, self.after)

    def changed(self) -> set[Any]:
        """The objects that were there and are written anew; raises MoreThanASignature when one was taken away."""
        xrefs, found = self.reader.xrefs, set()
        for revision in range(self.then + 1, self.now + 1):
            if any(self._was_there(reference) for reference in xrefs.refs_freed_in_revision(revision)):
                raise MoreThanASignature
            found |= {one for one in xrefs.explicit_refs_in_revision(revision) if self._was_there(one)}
        return found

    def pages(self) -> list[tuple[Any, Any]]:
        """Each page as it was, with its reference."""
        old = self.reader.get_historical_resolver(self.then)
        count = int(old.root["/Pages"]["/Count"])
        references = [_reference(old.find_page_for_modification(at)[0]) for at in range(count)]
        return [(reference, self.before(reference)) for reference in references]

    def store(self) -> set[Any]:
        """The objects of the store of certificates and revocation lists: later signatures add to it."""
        own = _raw_reference(self.root_before, "/DSS")
        store = self.value_before(self.root_before, "/DSS")
        below = {_raw_reference(store, name) for name in store} - {None}
        return {own} | {one for one in below if not hasattr(self.before(one), "data")}

    def grown(self, before: Any, after: Any, name: str) -> list[Any]:
        """What a list got at its end; raises MoreThanASignature when those that were there are not the same."""
        was, now = _list_of(self.value_before(before, name)), _list_of(self.value_after(after, name))
        if [_written(one) for one in now[: len(was)]] != [_written(one) for one in was]:
            raise MoreThanASignature
        return now[len(was) :]

    def _was_there(self, reference: Any) -> bool:
        return self.reader.xrefs.get_historical_ref(reference, self.then) is not None


def _list_of(values: Any) -> list[Any]:
    """The items as they stand in the file, as references where they are."""
    return [values.raw_get(at) for at in range(len(values))] if hasattr(values, "append") else []


def _reference(found: Any) -> Any:
    return getattr(found, "reference", found)


def _raw_reference(holder: Any, name: str) -> Any:
    """What a dictionary points at under a name; None when it holds the value itself or none."""
    return getattr(holder.raw_get(name), "reference", None) if name in holder else None


def _value(holder: Any, name: str, at: Any) -> Any:
    if name not in holder:
        return {}
    reference = _raw_reference(holder, name)
    return at(reference) if reference else holder.raw_get(name)


def _same(before: Any, after: Any, *, but: frozenset[str]) -> None:
    """Raises MoreThanASignature when two states of an object differ in more than the keys `but`."""
    if but and isinstance(before, dict) and isinstance(after, dict):
        if _without(before, but) != _without(after, but):
            raise MoreThanASignature
    elif _written(before) != _written(after):
        raise MoreThanASignature


def _without(holder: Any, names: frozenset[str]) -> dict[str, bytes]:
    return {str(name): _written(holder.raw_get(name)) for name in holder if name not in names}


def _written(value: Any) -> bytes:
    """An object as a PDF holds it."""
    stream = io.BytesIO()
    value.write_to_stream(stream, None)
    return stream.getvalue()
