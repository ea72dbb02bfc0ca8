"""A made-up world for trying the product: people, reporters, disclosures, requests and answers.

It is made by the same actions as real data, so it can only be in states that the product can reach.
"""
