"""The papers of a case as PDF: what each says (``contents.py``), and how it looks (``rendering.py`` and the Typst pages beside it)."""
