"""`python -m backnumber` is the `backnumber` command."""

from backnumber.cli import main

if __name__ == "__main__":
    main()
