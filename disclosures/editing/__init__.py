"""The editors' desk: forms of the content, its order, its history, and links to the preview."""
