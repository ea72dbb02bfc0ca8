"""The history of the working copy, and putting a part of it back."""
