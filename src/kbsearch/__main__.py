"""`python -m kbsearch` is the `kbsearch` command."""

from kbsearch.cli.__main__ import main

if __name__ == "__main__":
    main()
