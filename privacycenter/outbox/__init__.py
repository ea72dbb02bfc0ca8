"""The outbox: what actions leave for followers in their own transaction, and how it is done after the commit.

``topics`` says what can be left, ``followers`` who works on it, ``checks`` that the two fit; ``leaving`` writes the
rows, ``claiming`` takes them, ``working`` does them.
"""
