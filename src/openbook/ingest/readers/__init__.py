"""One reader for each kind of file: `read(data, path=...)` gives an `Extract`."""
