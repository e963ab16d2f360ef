"""Calls the pinned function on inputs: `python call_runner.py REQUEST`. What is asked and answered: src/adapters/call/protocol.ts.

Clocks, the file for the answer, the nonce and all helpers are taken before any code of the project is loaded; the request is
deleted first. What cannot be prevented inside one process, because Python lets any code look at any frame and any object: code
that walks the interpreter's frames or the garbage collector for the nonce and forges an answer; code that writes to the memory
of the interpreter; code that does its work beforehand or in another process. Against these stand the comparison of the results
of the timed calls themselves, the engine's own clock, and the sandbox.

CPU time is time.process_time_ns: all threads of this process, nanoseconds. Before each pass the garbage is collected; the
collector stays on, because a candidate that makes more garbage is slower.
"""
import gc
import os
import sys
from builtins import BaseException, getattr, len, open, type

_exit, _write, _seek, _truncate = os._exit, os.write, os.lseek, os.ftruncate


def begin(path):
    """Reads and deletes the request. Returns it with the function that answers and ends the process."""
    import json
    with open(path, encoding='utf-8') as f:
        request = json.load(f)
    os.unlink(path)
    fd = os.open(request.pop('answer'), os.O_WRONLY | os.O_CREAT | getattr(os, 'O_BINARY', 0), 0o600)
    head = ('{"v":1,"nonce":"%s",' % request.pop('nonce')).encode('ascii')

    def put(data):
        _seek(fd, 0, 0)
        _truncate(fd, 0)
        at = 0
        while at < len(data):
            at += _write(fd, data[at:at + 1048576])

    def stage(name):
        put(b'{"stage":"%s"}' % name)

    def answer(text):
        put(head + text.encode('ascii') + b'}')
        _exit(0)

    return request, stage, answer


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or '.') != here]
    sys.path.insert(0, os.path.dirname(here))
    from sigil_runtime import calls, failure
    from sigil_runtime.encode import quote
    sys.path.pop(0)
    for name in [n for n in sys.modules if n.split('.')[0] == 'sigil_runtime']:
        del sys.modules[name]
    sys.dont_write_bytecode = True
    request, stage, answer = begin(sys.argv[1])
    sys.argv[:] = [os.path.join(request['root'], request['file'])]
    try:
        text = calls.work(request, stage)
    except failure.Failed as e:
        fields = [('blame', e.blame), ('stage', e.stage), ('message', e.message), ('remedy', e.remedy), ('detail', e.detail)]
        text = '"mode":"failed",' + ','.join('"%s":%s' % (k, quote(v)) for k, v in fields)
    except BaseException as e:
        text = '"mode":"failed","blame":"runner","stage":"call","message":%s,"remedy":"","detail":%s' % (quote(type(e).__name__), quote(failure.tail_of(e)))
    answer(text)


if __name__ == '__main__':
    gc.enable()
    main()
