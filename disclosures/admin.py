"""Imports of each subject's admin registrations, for Django's autodiscovery."""

from disclosures.authorities import admin as authorities
from disclosures.editing import admin as editing
from disclosures.editing import file_admin as files
from disclosures.menu import admin as menu
from disclosures.prepared_answers import admin as inquiries
from disclosures.publishing import admin as publishing
from disclosures.reporters import admin as reporters

__all__ = ["authorities", "editing", "files", "inquiries", "menu", "publishing", "reporters"]
