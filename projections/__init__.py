"""What the office sees: tables kept up to date from events, and made again at will.

Read ``journal.py`` (an event as one typed line), ``pages.py`` (a read model is one SELECT over those lines), then
``projector.py`` (how they are kept up to date) and ``rebuild.py`` (how they are made again, and checked).
"""
