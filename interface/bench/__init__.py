"""What the office costs, as ratios against baselines measured alternately in the same run.

A number of seconds says more about the machine than about the program; a ratio against the least that could be done
there, measured in turn with it, says what was added.  Nothing here fails: a target is printed beside what was measured.

Read ``table.py`` for how things are measured in turn and shown, ``ground.py`` for the database it all happens in,
``crew.py`` for the processes that work at the same time; then what is measured: ``appending.py``, ``reading.py``,
``serving.py``, ``browsing.py``, ``memory.py``.  ``library.py`` is eventsourcing as it comes, ``bare.py`` the least a counter could be.
"""
