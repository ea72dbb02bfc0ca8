"""The API for services: asking, having a person asked, and hearing the answer."""
