"""The content as one document: the published one, the working copy, their entries and texts, and what differs."""
