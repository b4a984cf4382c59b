"""Whether an update of a PDF did nothing to it but add one signature: all else that a reader sees is as it was."""

import io
from typing import Any

# What a signature may change in what was there: of the catalogue, of a page, of the form.
IN_ROOT = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})
IN_PAGE = frozenset({"/Annots"})
IN_FORM = frozenset({"/Fields", "/SigFlags", "/DA", "/DR"})


class MoreThanASignature(Exception):
    """The update changed something else, or added more than one field or place."""


def check(reader: Any, old: Any) -> None:
    """Raises MoreThanASignature unless `reader` has, over `old` (pyHanko's readers of both), one field and at most one place more."""
    update = _Update(reader, old)
    root, form = reader.root_ref, update.value_before(update.root_before, "/AcroForm")
    lists = dict(update.pages())
    may_change: dict[Any, frozenset[str]] = {root: IN_ROOT} | dict.fromkeys(lists, IN_PAGE)
    if reference := _raw_reference(update.root_before, "/AcroForm"):
        may_change[reference] = IN_FORM
    free = {_raw_reference(old.trailer, "/Info"), _raw_reference(update.root_before, "/Metadata"), *update.store()}
    free |= {_raw_reference(form, "/Fields")} | {_raw_reference(page, "/Annots") for page in lists.values()}
    changed = update.changed()
    for reference in changed - (free - may_change.keys()):
        _same(update.before(reference), update.after(reference), but=may_change.get(reference, frozenset()))
    form_after = update.value_after(update.root_after, "/AcroForm")
    _same(form, form_after, but=IN_FORM)
    if update.grown(form, form_after, "/Fields") != 1:
        raise MoreThanASignature
    touched = [
        reference
        for reference, page in lists.items()
        if reference in changed or _raw_reference(page, "/Annots") in changed
    ]
    places = sum(update.grown(lists[reference], update.after(reference), "/Annots") for reference in touched)
    if places > 1:
        raise MoreThanASignature


class _Update:
    """Two states of one PDF."""

    def __init__(self, reader: Any, old: Any) -> None:
        self.reader, self.old = reader, old
        self.then, self.now = old.xrefs.total_revisions - 1, reader.xrefs.total_revisions - 1
        if reader.root_ref != old.root_ref or "/Encrypt" in reader.trailer:
            raise MoreThanASignature
        self.root_before, self.root_after = self.before(old.root_ref), self.after(old.root_ref)

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
        count = int(self.old.root["/Pages"]["/Count"])
        references = [_reference(self.old.find_page_for_modification(at)[0]) for at in range(count)]
        return [(reference, self.before(reference)) for reference in references]

    def store(self) -> set[Any]:
        """The objects of the store of certificates and revocation lists: later signatures add to it."""
        own = _raw_reference(self.root_before, "/DSS")
        store = self.value_before(self.root_before, "/DSS")
        below = {_raw_reference(store, name) for name in store} - {None}
        return {own} | {one for one in below if not hasattr(self.before(one), "data")}

    def grown(self, before: Any, after: Any, name: str) -> int:
        """How many items a list got at its end; raises MoreThanASignature when those that were there are not the same."""
        was, now = self.value_before(before, name), self.value_after(after, name)
        was, now = ([_written(one) for one in list(values)] for values in (was, now))
        if now[: len(was)] != was:
            raise MoreThanASignature
        return len(now) - len(was)

    def _was_there(self, reference: Any) -> bool:
        return self.reader.xrefs.get_historical_ref(reference, self.then) is not None


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
