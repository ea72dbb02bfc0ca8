"""URLs at the root of the site, outside the language prefixes, that crawlers and security researchers look for."""

from django.urls import path

from disclosures.calendar import views as calendar
from disclosures.countersigning import views as countersigning
from disclosures.public import well_known
from disclosures.site_files import views as site_files
from disclosures.theme import views as theme

urlpatterns = [
    path("sitemap.xml", well_known.sitemap, name="sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/change-password", well_known.change_password),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path("calendar/<str:secret>.ics", calendar.calendar_file, name="calendar_file"),
    path("files/theme/<sha256:sha256>.<str:ending>", theme.theme_file, name="theme_file"),
    path("files/<sha256:sha256>.<str:ending>", site_files.site_file, name="site_file"),
    path(".well-known/recipient-keys.json", countersigning.recipient_keys, name="recipient_keys"),
]
