"""Imports of each subject's admin registrations, for Django's autodiscovery."""

from disclosures.editing import admin as editing
from disclosures.publishing import admin as publishing
from disclosures.reporters import admin as reporters

__all__ = ["editing", "publishing", "reporters"]
