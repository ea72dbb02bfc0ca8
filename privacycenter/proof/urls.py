"""The log's addresses, outside the language prefixes."""

from django.urls import path

from privacycenter.proof import views

urlpatterns = [
    path("log/checkpoint", views.checkpoint, name="log_checkpoint"),
    path("log/policy", views.policy, name="log_policy"),
    path("log/key", views.verifier_key, name="log_key"),
    path("log/verify_record.pyz", views.verifier, name="log_verifier"),
    path("log/tile/<path:path>", views.tile, name="log_tile"),
]
