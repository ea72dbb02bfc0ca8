"""The preview: the working copy on the public pages, with links to the forms."""
