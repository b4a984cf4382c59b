"""The gallery: every component with an example, as a page author meets it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from praja.foundation.ui.gallery import examples


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """`/ui/`: open to everybody, for it shows invented examples only."""
    return render(request, "ui/gallery.html", examples())
