"""What editors are at: change sets, comments, open forms, and each change of the working copy."""
