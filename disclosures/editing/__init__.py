"""The editors' desk: forms of the content and its files, concurrent edits, search, links to the preview."""
