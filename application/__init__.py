"""What the office does: loads a case, lets the law decide, and appends what it decided.

``office.py`` is the way in; ``store.py`` is the store behind it, ``vault.py`` what is sealed, ``importing.py`` how old
histories come in, ``migrate.py`` how the schema is made.
"""
