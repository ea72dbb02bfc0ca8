"""The editors' desk: the forms of what they write, its order, who changed what, and the preview."""
