"""Addresses about signing, of each part its own."""

from praja.foundation.signing import urls_gateway, urls_papers, urls_rounds, urls_verify, urls_wet

urlpatterns = [
    *urls_gateway.urlpatterns,
    *urls_rounds.urlpatterns,
    *urls_wet.urlpatterns,
    *urls_papers.urlpatterns,
    *urls_verify.urlpatterns,
]
