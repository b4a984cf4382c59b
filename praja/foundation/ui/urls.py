"""Address of the gallery of components."""

from django.urls import path

from praja.foundation.ui.views import gallery

urlpatterns = [
    path("ui/", gallery, name="gallery"),
]
