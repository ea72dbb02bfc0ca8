"""URLs at the root of the site: the keys that sign receipts, and Global Privacy Control."""

from django.urls import path

from consents.asking import rule_views as rules
from consents.receipts import views as receipts

urlpatterns = [
    path(".well-known/jwks.json", receipts.jwks, name="jwks"),
    path(".well-known/gpc.json", rules.gpc, name="gpc"),
]
