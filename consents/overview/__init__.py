"""The front page of a person's record, and the recipients one by one."""
