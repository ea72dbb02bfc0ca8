"""Text for pages: with its language, from Markdown, and with tables that scroll."""
