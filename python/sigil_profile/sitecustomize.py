"""Samples where a Python program spends its CPU time, and writes that to a file in the folder $SIGIL_PROFILE. Loaded by `site` when this
folder is on PYTHONPATH; then it takes up the environment's own sitecustomize.

A timer of CPU time (ITIMER_PROF) interrupts the main thread every few milliseconds; what runs in C counts for the line that called it. The file
is written twice a second too, since programs may end without saying so. Other threads, and programs that use SIGPROF themselves, are not seen.
"""
import sys


def _sample(folder):
    import json
    import os
    import signal
    import time
    functions, lines, state = {}, {}, {'samples': 0, 'written': time.monotonic(), 'pid': os.getpid()}
    path = os.path.join(folder, 'python-%d.json' % os.getpid())

    def write():
        part = path + '.part'
        with open(part, 'w') as f:
            json.dump({
                'samples': state['samples'],
                'functions': [[file, name, first, own, total] for (file, name, first), (own, total) in functions.items()],
                'lines': [[file, line, own, total] for (file, line), (own, total) in lines.items()],
            }, f)
        os.replace(part, path)

    def tick(_, frame):
        state['samples'] += 1
        at, seen, depth = frame, set(), 0
        while at is not None and depth < 200:
            code = at.f_code
            key = (code.co_filename, code.co_name, code.co_firstlineno)
            own, total = functions.get(key, (0, 0))
            functions[key] = (own + (depth == 0), total + (key not in seen))
            seen.add(key)
            line = (code.co_filename, at.f_lineno or code.co_firstlineno)
            line_own, line_total = lines.get(line, (0, 0))
            lines[line] = (line_own + (depth == 0), line_total + (line not in seen))
            seen.add(line)
            at = at.f_back
            depth += 1
        if time.monotonic() - state['written'] > 0.5:
            state['written'] = time.monotonic()
            write()

    def last():
        if os.getpid() != state['pid']:
            return  # a forked child
        signal.setitimer(signal.ITIMER_PROF, 0)
        if state['samples'] > 0:
            write()

    import atexit
    atexit.register(last)
    signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)


def _own():
    """The environment's own sitecustomize, which this one stands before."""
    import importlib.machinery
    import importlib.util
    import os
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.machinery.PathFinder.find_spec('sitecustomize', [p for p in sys.path if os.path.abspath(p or '.') != here])
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


def _begin():
    import os
    try:
        _own()
    finally:
        folder = os.environ.get('SIGIL_PROFILE', '')
        if folder != '':
            try:
                _sample(folder)
            except Exception:  # a profile is a help, and never the reason why a program fails
                pass


_begin()
