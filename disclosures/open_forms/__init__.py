"""Forms of the desk while they are open: drafts of what is being written in them, and who else has them open."""
