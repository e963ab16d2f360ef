"""Reads the log of a web service and says what went wrong in it."""
