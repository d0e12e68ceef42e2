"""The counter: where people and programs ask the office to do something, or to show it.

``api/`` answers programs, ``cli/`` answers the terminal, ``serving.py`` keeps the processes alive, ``app.py`` wires an
application together.  Nothing is decided here.
"""

__version__ = "0.1.0"
