"""The law as data: a small module beside each table."""
