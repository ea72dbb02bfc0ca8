"""A sandbox: where services try out the API. Its clock can be put forward, and its mails stay in it."""
