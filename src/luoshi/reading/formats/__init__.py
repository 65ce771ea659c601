"""One module a kind of file; each turns bytes into an :class:`~luoshi.reading.extract.Extract`."""
