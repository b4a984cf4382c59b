"""The address of the e-sign gateway's page."""

from django.urls import path

from praja.foundation.signing import gateway_views

urlpatterns = [path("<plan:slug>/tanda-tangan-elektronik/", gateway_views.signing_gateway, name="signing-gateway")]
