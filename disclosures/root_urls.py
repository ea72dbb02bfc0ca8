"""URLs at the root of the site, outside the language prefixes, that crawlers and security researchers look for."""

from django.urls import path

from disclosures.countersigning import views as countersigning
from disclosures.public import well_known

urlpatterns = [
    path("sitemap.xml", well_known.sitemap, name="sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/change-password", well_known.change_password),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path(".well-known/recipient-keys.json", countersigning.recipient_keys, name="recipient_keys"),
]
