"""What is public and how it comes to be: the working copy, publications, proposals and what stands in their way."""
