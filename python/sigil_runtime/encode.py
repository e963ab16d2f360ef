"""Turns any value into the tagged JSON that src/adapters/call/protocol.ts describes.

Equality of encodings follows Python's ``==``: a Counter is a dict, a namedtuple a tuple, a frozenset a set, a bytearray
bytes, 1 is 1.0. Builtins are bound here, at import, so that code which replaces them later does not reach the encoder.
The walk keeps its own stack: deep structures do not meet the recursion limit.
"""
import sys
from base64 import b64encode
from builtins import (
    BaseException, Ellipsis, Exception, ValueError, bool, bytearray, bytes, callable, complex, dict, float, frozenset, getattr,
    hasattr, hex, id, int, isinstance, iter, len, list, map, memoryview, next, object, range, repr, set, slice, str, tuple, type)
from collections import deque
from enum import Enum
from itertools import islice
from json.encoder import encode_basestring_ascii as quote  # C, and lone surrogates come out as \udxxx

SAFE = 2 ** 53
NONE = type(None)
KEYS, ITEMS, VALUES = type({}.keys()), type({}.items()), type({}.values())
VALUE_MODULES = ('datetime', 'decimal', 'fractions', 'uuid', 'pathlib', 're', 'ipaddress', 'zoneinfo')


class Drained:
    """What an iterator gave: its items, and whether it was cut at the cap."""
    __slots__ = ('items', 'cut')

    def __init__(self, items, cut):
        self.items = items
        self.cut = cut


class Raised:
    """A call that ended with an exception instead of a result."""
    __slots__ = ('error',)

    def __init__(self, error):
        self.error = error


def message_of(error):
    """The text of an exception, whatever its own methods do."""
    try:
        return str.__str__(str(error))[:2000]
    except BaseException:
        return ''


def int_text(x):
    return int.__repr__(x) if -SAFE <= x <= SAFE else '["int","%s"]' % hex(x)


def float_text(x):
    if x != x:
        return '["num","NaN"]'
    if x in (float('inf'), float('-inf')):
        return '["num","Infinity"]' if x > 0 else '["num","-Infinity"]'
    text = float.__repr__(x)
    if text == '-0.0':
        return '["num","-0"]'
    return '["f",%s]' % text if x == x // 1 else text


def bool_text(x):
    return 'true' if x else 'false'


SCALARS = {NONE: lambda x: 'null', bool: bool_text, int: int_text, float: float_text, str: quote}
SCALAR_TYPES = frozenset(SCALARS)


def leaf(x, t):
    """The encoding of a value without parts, or None where it has parts."""
    if t in SCALARS:
        return SCALARS[t](x)
    if isinstance(x, Enum):
        return '["val",%s,%s]' % (quote(t.__qualname__), quote(str(x.name)))
    if isinstance(x, (bytes, bytearray, memoryview)):
        return '["bytes","bytes","%s"]' % b64encode(x).decode('ascii')
    if isinstance(x, int):
        return int_text(int.__add__(x, 0))
    if isinstance(x, float):
        return float_text(float.__add__(x, 0.0))
    if isinstance(x, str):
        return quote(str.__str__(x))
    if isinstance(x, (range, slice)) or x is Ellipsis:
        return '["val",%s,%s]' % (quote(t.__name__), quote(repr(x)))
    if isinstance(x, BaseException):
        return '["err",%s,%s]' % (quote(t.__qualname__), quote(message_of(x)))
    home = str(getattr(t, '__module__', '')).split('.')[0]
    if home in VALUE_MODULES:
        known = sys.modules.get(home)
        # A path's class differs by system and version; all others must be the very class of that module.
        if home == 'pathlib' or getattr(known, t.__name__, None) is t:
            return '["val",%s,%s]' % (quote(t.__name__), quote(repr(x)))
    if isinstance(x, type):
        return '["opaque","type"]'
    return None


def attributes(x, t):
    """Attribute names and values of a plain object, flat: from its __dict__ and the __slots__ of its classes."""
    flat = []
    try:
        own = object.__getattribute__(x, '__dict__')
    except Exception:
        own = None
    if isinstance(own, dict):
        for key in own:
            flat += [key, own[key]]
    for base in t.__mro__:
        slots = base.__dict__.get('__slots__', ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if slot in ('__dict__', '__weakref__'):
                continue
            name = '_%s%s' % (base.__name__.lstrip('_'), slot) if slot.startswith('__') and not slot.endswith('__') else slot
            try:
                flat += [name, object.__getattribute__(x, name)]
            except Exception:
                pass  # a slot that was never set
    return flat


def of_numpy(x):
    """Arrays and frames of numpy and pandas, if those are loaded: (tag, type, parts), a plain value, or None."""
    np = sys.modules.get('numpy')
    if np is not None and hasattr(np, 'ndarray'):
        if isinstance(x, np.ndarray):
            return 'seq', 'ndarray %s %s' % (x.dtype.kind, list(x.shape)), x.ravel().tolist()
        if isinstance(x, np.generic):
            item = x.item()
            return None if isinstance(item, np.generic) else item
    pd = sys.modules.get('pandas')
    if pd is not None and hasattr(pd, 'DataFrame'):
        if isinstance(x, pd.DataFrame):
            columns = [x.iloc[:, i].tolist() for i in range(x.shape[1])]
            return 'obj', 'DataFrame', ['columns', list(x.columns), 'index', x.index.tolist(), 'values', columns]
        if isinstance(x, pd.Series):
            return 'obj', 'Series', ['name', x.name, 'index', x.index.tolist(), 'values', x.tolist()]
        if isinstance(x, (pd.Timestamp, pd.Timedelta)):
            return str(x)
        if isinstance(x, pd.Index):
            return 'seq', 'Index', x.tolist()
    return None


def flat_items(x):
    flat = []
    for key in dict.__iter__(x):
        flat += [key, dict.__getitem__(x, key)]
    return flat


def parts_of(x, t, drain, items):
    """(tag, type name, iterable of parts, text after the parts), or None for a value that cannot be looked into."""
    if isinstance(x, list):
        return 'seq', 'list', list.__iter__(x), ''
    if isinstance(x, tuple):
        return 'seq', 'tuple', tuple.__iter__(x), ''
    if isinstance(x, dict):
        return 'map', 'dict', iter(flat_items(x)), ''
    if isinstance(x, (set, frozenset, KEYS, ITEMS)):
        return 'set', 'set', iter(x), ''
    if isinstance(x, VALUES):
        return 'seq', 'dict_values', iter(x), ''
    if isinstance(x, deque):
        return 'seq', 'deque', iter(x), ''
    if isinstance(x, complex):
        return 'seq', 'complex', iter((x.real, x.imag)), ''
    if t is Drained:
        return 'iter', 'iterator', iter(x.items), ',true' if x.cut else ''
    if hasattr(t, '__next__'):
        if not drain:
            return None
        got = take_what_comes(x, items)
        return 'iter', 'iterator', iter(got.items), ',true' if got.cut else ''
    if callable(x) and not hasattr(x, '__dataclass_fields__'):
        return None
    flat = attributes(x, t)
    if not flat:
        return None
    return 'obj', t.__qualname__, iter(flat), ''


def take(iterator, cap):
    """Drains an iterator up to `cap` items. Raises what the iterator raises."""
    got = list(islice(iterator, cap + 1))
    return Drained(got[:cap], True) if len(got) > cap else Drained(got, False)


def take_what_comes(iterator, cap):
    """The same; an exception on the way becomes the last item."""
    got = []
    try:
        for item in islice(iterator, cap + 1):
            got.append(item)
    except Exception as error:
        got.append(error)
    return Drained(got[:cap], len(got) > cap)


def encode(value, limits, drain=True):
    """The encoding of `value` as JSON text. `limits`: depth, nodes, items. `drain`: whether iterators may be used up."""
    out = []
    seen = {}
    keep = []  # ids stay taken while their objects live
    budget = limits['nodes']
    depth = limits['depth']
    # Each frame: iterator over parts, text that closes it, whether a comma comes first.
    stack = [[iter((value,)), '', False]]
    while stack:
        frame = stack[-1]
        try:
            x = next(frame[0])
        except BaseException:  # StopIteration, or a container that broke under the walk
            out.append(frame[1])
            stack.pop()
            continue
        if frame[2]:
            out.append(',')
        frame[2] = True
        budget -= 1
        if budget < 0:
            out.append('["cut","size"]')
            frame[0] = iter(())
            continue
        t = type(x)
        try:
            text = leaf(x, t)
        except Exception:
            text = '["opaque",%s]' % quote(t.__name__)
        if text is not None:
            out.append(text)
            continue
        if id(x) in seen:
            out.append('["ref",%d]' % seen[id(x)])
            continue
        try:
            special = of_numpy(x)
            found = (special[0], special[1], iter(special[2]), '') if type(special) is tuple else None
            if special is not None and found is None:  # a numpy scalar
                inner = leaf(special, type(special))
                out.append(inner if inner is not None else '["opaque",%s]' % quote(t.__name__))
                continue
            if found is None:
                found = parts_of(x, t, drain, limits['items'])
        except Exception:
            found = None
        if found is None:
            out.append('["opaque",%s]' % quote('function' if callable(x) else t.__name__))
            continue
        if len(stack) > depth:
            out.append('["cut","depth"]')
            continue
        seen[id(x)] = len(seen)
        keep.append(x)
        tag, name, parts, after = found
        out.append('["%s",%s,[' % (tag, quote(name)))
        if t is list and len(x) <= budget and SCALAR_TYPES.issuperset(map(type, x)):  # long lists of numbers, quickly
            out.append(','.join([SCALARS[type(v)](v) for v in x]))
            budget -= len(x)
            parts = iter(())
        stack.append([parts, ']%s]' % after, False])
    return ''.join(out)
