"""The operator's own look: colours, logo and icons from a folder outside of the code (docs/adopt.md#theme)."""
