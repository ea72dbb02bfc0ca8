"""The look of the pages in templates, also in those that are shown without a request."""

from django import template

from disclosures.theme.served import ShownTheme, shown_theme

register = template.Library()


@register.simple_tag
def get_theme() -> ShownTheme:
    """Return stylesheet, icons and logo: the operator's, or the standard ones."""
    return shown_theme()
