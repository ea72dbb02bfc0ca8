"""PDF files from Typst templates: the typefaces, which letters they have, and the rendering."""
