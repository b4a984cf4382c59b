"""Making a picture for a document out of a file that somebody handed in: light, decoded once, without hidden data."""

from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import PICTURE_BYTES
from praja.foundation.files.contents import IMAGES, FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.pages import PageNotShown, draw


def picture_of(stored: StoredFile) -> bytes:
    """The stored picture as a JPEG for `Picture.content`: sharp on A4, without place and camera of a photo.

    It is drawn in a process of its own, whatever a hostile file holds. Raises FileRefused with a sentence.
    """
    if stored.kind not in IMAGES:
        raise FileRefused(_("A figure is a picture. Please send a PNG, JPEG or WebP file."))
    try:
        jpeg = draw(stored, 1).jpeg
    except (PageNotShown, FileNotFoundError) as problem:
        raise FileRefused(_("This picture cannot be read. Please save it anew as JPEG and send that one.")) from problem
    if not jpeg or len(jpeg) > PICTURE_BYTES:
        raise FileRefused(_("This picture is too heavy for a book. Please cut it to what matters and send it again."))
    return jpeg
