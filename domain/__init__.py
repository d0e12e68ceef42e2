"""The law of the office: what can happen, what must come first, what is refused, and who may do it.

Read ``case.py`` first, then ``record.py`` for the machinery it stands on.  Nothing here reads a
clock, a file of the outside world, a database or the environment: the day and the signer are given.
"""
