"""Publishing at the desk: unpublished changes, proposals and their approval, and publications with their rollback."""
