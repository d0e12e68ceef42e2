"""The pages that docs/make.py writes, by what they are about; ``markdown`` is how a page is put together."""
