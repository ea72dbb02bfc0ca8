"""Second factors and passkeys: their challenges and codes, each good for one use, and their secrets."""
