"""Where Django's admin finds what each subject registers."""

from disclosures.editing import admin as editing
from disclosures.publishing import admin as publishing
from disclosures.reporters import admin as reporters

__all__ = ["editing", "publishing", "reporters"]
