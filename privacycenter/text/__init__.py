"""Text for pages: with its language, from Markdown, with tables that scroll."""
