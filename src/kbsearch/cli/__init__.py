"""The `kbsearch` command: no logic of its own, everything it does the library does."""
