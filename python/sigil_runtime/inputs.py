"""Reads the inputs of a call eval: from a JSON or JSONL file, or from a generator function of the user."""
import json
import os
from builtins import (
    BaseException, FileNotFoundError, OSError, RecursionError, UnicodeDecodeError, ValueError, all, dict, enumerate, getattr, isinstance, iter, len, list,
    open, set, str, tuple, type)
from itertools import islice

from .failure import Failed, tail_of

CAP = 1000000
SHAPE = 'Write each input as an array of arguments, for example [1, "a"] for f(1, "a"), or as {"args": […], "kwargs": {…}, "this": …}.'


class Call:
    """One input: positional and keyword arguments, and the receiver of a method where it has one."""
    __slots__ = ('args', 'kwargs', 'receiver')

    def __init__(self, args, kwargs, receiver):
        self.args = args
        self.kwargs = kwargs
        self.receiver = receiver

    def parts(self):
        return [self.args, self.kwargs] + self.receiver


def to_call(item, where):
    """`receiver` is a list of none or one. Raises Failed for an item of another shape."""
    if isinstance(item, (list, tuple)):
        return Call(list(item), {}, [])
    if isinstance(item, dict) and item and set(item) <= {'args', 'kwargs', 'this'}:
        args, kwargs = item.get('args', []), item.get('kwargs', {})
        if isinstance(args, (list, tuple)) and isinstance(kwargs, dict) and all(isinstance(k, str) for k in kwargs):
            return Call(list(args), kwargs, [item['this']] if 'this' in item else [])
    raise Failed('eval', 'inputs', '%s is not an array of arguments.' % where, SHAPE)


def from_file(root, name):
    path = os.path.join(root, name)
    try:
        with open(path, encoding='utf-8-sig') as f:
            text = f.read()
    except FileNotFoundError:
        raise Failed('eval', 'inputs', 'The inputs file %s does not exist.' % name, 'Create it, or correct `inputs` in the spec; the path starts at the project root.')
    except (OSError, UnicodeDecodeError) as e:
        raise Failed('eval', 'inputs', 'The inputs file %s cannot be read: %s.' % (name, e), 'Make it a readable UTF-8 file.')
    if name.endswith('.jsonl'):
        calls = []
        for number, line in enumerate(text.split('\n'), 1):
            if line.strip():
                calls.append(to_call(parse(line, name, number), '%s:%d' % (name, number)))
        return calls
    items = parse(text, name, 1)
    if not isinstance(items, list):
        raise Failed('eval', 'inputs', '%s does not hold a JSON array of inputs.' % name, SHAPE)
    return [to_call(item, 'Input %d of %s' % (i, name)) for i, item in enumerate(items)]


def parse(text, name, line):
    try:
        return json.loads(text)
    except ValueError as e:
        at = line + getattr(e, 'lineno', 1) - 1
        raise Failed('eval', 'inputs', '%s:%d is not JSON: %s.' % (name, at, getattr(e, 'msg', e)), 'Correct that line.')
    except RecursionError:
        raise Failed('eval', 'inputs', '%s:%d is nested too deep.' % (name, line), 'Use a generator function instead.')


def from_generator(function, spec, seed):
    """Calls the user's generator with the seed. It may return or yield the inputs."""
    try:
        items = list(islice(iter(function(seed)), CAP + 1))
    except BaseException as e:
        raise Failed('eval', 'inputs', 'The input generator %s failed: %s.' % (spec, type(e).__name__), 'It is called as generator(seed) and returns a list of inputs.', tail_of(e))
    if len(items) > CAP:
        raise Failed('eval', 'inputs', 'The input generator %s gives more than %d inputs.' % (spec, CAP), 'Let it end.')
    return [to_call(item, 'Input %d of the generator %s' % (i, spec)) for i, item in enumerate(items)]
