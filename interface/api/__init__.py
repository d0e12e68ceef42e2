"""The HTTP API.  Read ``cases.py``; ``asking.py`` says who asks and in which language, ``problems.py`` how a refusal is
answered, ``shapes.py`` how bodies are made from the events themselves, ``openapi.py`` how the description is made.
"""
