"""What the inputs look like, for whoever reads the code without them: types and sizes of each argument. Only the original code is loaded when it is asked for."""

from .encode import quote

SHOWN = 8
LARGEST = 10 ** 15


def name_of(value):
    return type(value).__name__


def size_of(value):
    """None for what has no length."""
    try:
        return len(value) if hasattr(type(value), '__len__') else None
    except Exception:
        return None


def first_of(value):
    """A list of none or one."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple, set, frozenset)):
        return []
    for item in value:
        return [item]
    return []


def span(numbers):
    return '[%r,%r]' % (min(numbers), max(numbers))


def described(name, values):
    fields = ['"name":%s' % quote(name), '"types":[%s]' % ','.join(quote(t) for t in sorted(set(map(name_of, values)))[:4])]
    of = sorted({name_of(item) for v in values for item in first_of(v)})[:4]
    if of:
        fields.append('"of":[%s]' % ','.join(map(quote, of)))
    sizes = [size_of(v) for v in values]
    if all(s is not None for s in sizes):
        fields.append('"size":%s' % span(sizes))
    elif all(type(v) in (int, float) and -LARGEST < v < LARGEST for v in values):
        fields.append('"range":%s' % span(values))
    return '{%s}' % ','.join(fields)


def arguments_of(calls):
    """JSON text: one object for each positional argument, then one for each keyword."""
    most = max(len(c.args) for c in calls)
    columns = [('', [c.args[i] for c in calls if len(c.args) > i]) for i in range(most)]
    for key in sorted({k for c in calls for k in c.kwargs}):
        columns.append((key, [c.kwargs[key] for c in calls if key in c.kwargs]))
    return '[%s]' % ','.join(described(name, values) for name, values in columns[:SHOWN])
