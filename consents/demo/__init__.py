"""A made-up world for trying the product out: people, reporters, disclosures, requests and answers.

It is made through the same actions as the real one, so it can only be in states that the product can reach.
"""
