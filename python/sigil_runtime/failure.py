"""The failure that is answered in words instead of a measurement."""
import os
import traceback
from builtins import BaseException, Exception, type

HERE = os.path.dirname(os.path.abspath(__file__))
_extract, _lines, _only = traceback.extract_tb, traceback.format_list, traceback.format_exception_only


class Failed(Exception):
    """`blame`: eval (the user's set-up) or candidate. `stage`: inputs, load, find, copy, call. `detail`: a traceback's tail."""

    def __init__(self, blame, stage, message, remedy, detail=''):
        Exception.__init__(self, message)
        self.blame = blame
        self.stage = stage
        self.message = message
        self.remedy = remedy
        self.detail = detail


def tail_of(error):
    """The end of a traceback without the runner's own frames, at most 2000 characters."""
    try:
        frames = [f for f in _extract(error.__traceback__) if not f.filename.startswith(HERE) and not f.filename.startswith('<frozen')]
        return ''.join(_lines(frames[-6:]) + _only(type(error), error))[-2000:]
    except BaseException:
        return type(error).__name__
