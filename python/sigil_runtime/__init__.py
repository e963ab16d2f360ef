"""The part of Sigil that runs inside Python processes. Standard library only, Python 3.8 and later."""
