"""Addresses about signing, of each part its own."""

from praja.foundation.signing import urls_verify

urlpatterns = [*urls_verify.urlpatterns]
