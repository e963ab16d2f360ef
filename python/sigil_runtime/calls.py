"""The three things that the runner does with the pinned function: results, time, calibrate."""
import builtins
import gc
import hashlib
import importlib.util
import os
import random
import sys
import time
from builtins import (
    BaseException, Exception, any, bool, bytes, dict, enumerate, float, frozenset, getattr, hasattr, int, isinstance, iter, len, list,
    max, min, range, set, str, sum, tuple, type, zip)
from itertools import repeat

from .encode import Raised, encode, message_of, quote, take
from .failure import Failed, tail_of
from .inputs import Call, from_file, from_generator
from .loading import Project, find
from .shapes import arguments_of


def private_copy():
    """A copy module of our own with builtins of its own, out of reach of code that replaces them."""
    spec = importlib.util.find_spec('copy')
    module = importlib.util.module_from_spec(spec)
    module.__dict__['__builtins__'] = dict(builtins.__dict__)
    spec.loader.exec_module(module)
    return module


cpu_ns, wall_ns = time.process_time_ns, time.perf_counter_ns
collect, deepcopy, sha256, seed_random = gc.collect, private_copy().deepcopy, hashlib.sha256, random.seed
PLAIN = frozenset([int, float, str, bool, type(None), list, tuple, dict, set, frozenset, bytes])
LOOPS_CAP = 10000000


def settle(result, cap):
    """A result as a caller would get it: coroutines awaited, iterators drained (at most `cap` items)."""
    t = type(result)
    if hasattr(t, '__await__'):
        result = run_async(result)
        t = type(result)
    if hasattr(t, '__anext__'):
        return run_async(take_async(result, cap))
    if hasattr(t, '__next__'):
        return take(result, cap)
    return result


async def take_async(iterator, cap):
    got = []
    async for item in iterator:
        got.append(item)
        if len(got) > cap:
            break
    return take(iter(got), cap)


LOOP = []


def run_async(awaitable):
    import asyncio
    if not LOOP:
        LOOP.append(asyncio.new_event_loop())
        asyncio.set_event_loop(LOOP[0])

    async def wait():
        return await awaitable
    return LOOP[0].run_until_complete(wait())


class Session:
    """One request with its inputs and its function."""

    def __init__(self, request, stage):
        self.request = request
        self.limits = request['limits']
        self.left = self.limits['bytes']
        self.copies = None
        root = os.path.realpath(request['root'])
        os.chdir(root)
        project = Project(root, request['file'])
        inputs = request['inputs']
        self.generated_by_candidate = False
        seed_random(request['seed'])
        if 'file' in inputs:
            self.inputs = from_file(root, inputs['file'])
            stage(b'load')
        else:
            stage(b'load')
            spec = inputs['generator']
            file, _, name = spec.rpartition(':')
            if not file:
                raise Failed('eval', 'inputs', 'The input generator %s names no file.' % spec, 'Write it as path/to/file.py:function.')
            self.generated_by_candidate = os.path.realpath(file) == os.path.realpath(request['file'])
            module = project.load(file, 'candidate' if self.generated_by_candidate else 'eval')
            self.inputs = from_generator(find(module, name, file, 'eval').function, spec, request['seed'])
        wanted = request['indices']
        self.chosen = list(range(len(self.inputs))) if wanted is None else wanted
        if any(i >= len(self.inputs) for i in self.chosen):
            raise Failed('eval', 'inputs', 'There are only %d inputs now, fewer than at the start of the run.' % len(self.inputs), 'Let the generator give the same inputs for the same seed.')
        # The inputs are known before the candidate is: what it does to them afterwards shows.
        self.hashes = {i: self.digest(self.inputs[i]) for i in self.chosen} if request['mode'] == 'results' else {}
        if not self.inputs:
            raise Failed('eval', 'inputs', 'There are no inputs.', 'Give at least one input.')
        module = project.load(request['file'], 'candidate')
        self.target = find(module, request['symbol'], request['file'])
        flags = getattr(getattr(self.target.function, '__code__', None), 'co_flags', 0)
        if flags & 0x280:  # a coroutine or an async generator: the loop's import is not part of its time
            import asyncio  # noqa: F401
        stage(b'call')

    def digest(self, call):
        return sha256(encode(call.parts(), self.limits, False).encode('ascii')).hexdigest()

    def fresh(self, i):
        """The callable with a deep copy of input i: (call, function, args, kwargs)."""
        original = self.inputs[i]
        try:
            args, kwargs, receiver = deepcopy((original.args, original.kwargs, original.receiver))
            function = self.target.bound(receiver)
        except Exception as e:
            raise Failed('eval', 'copy', 'Input %d cannot be copied: %s: %s.' % (i, type(e).__name__, message_of(e)[:200]), 'Give inputs that copy.deepcopy takes: lists in place of iterators, no open files or locks.', tail_of(e))
        if receiver and self.target.owner is not None and getattr(function, '__self__', None) is not None:
            receiver = [function.__self__]
        return Call(args, kwargs, receiver), function, args, kwargs

    def one_result(self, result):
        if self.left <= 0:
            return '"ok":true,"value":["cut","size"]'
        if type(result) is Raised:
            error = result.error
            text = '"ok":false,"type":%s,"message":%s' % (quote(type(error).__qualname__), quote(message_of(error)))
        else:
            text = '"ok":true,"value":' + encode(result, self.limits)
        self.left -= len(text)
        return text

    def reseed(self, i):
        try:
            seed_random((self.request['seed'] * 1000003 + i) & 0xffffffff)
            np = sys.modules.get('numpy')
            if np is not None and hasattr(np, 'random'):
                np.random.seed((self.request['seed'] + i) & 0xffffffff)
        except Exception:
            pass  # a candidate that broke the module draws other numbers: its results will tell

    def results(self):
        out = []
        for i in self.chosen:
            call, function, args, kwargs = self.fresh(i)
            before = encode(call.parts(), self.limits, False)
            self.reseed(i)
            try:
                result = settle(function(*args, **kwargs), self.limits['items'])
            except BaseException as e:
                result = Raised(e)
            text = self.one_result(result)
            after = encode(call.parts(), self.limits, False)
            changed = 'null' if after == before or self.left <= 0 else after
            self.left -= len(changed)
            out.append('{"index":%d,"input":"%s",%s,"mutated":%s}' % (i, self.hashes[i], text, changed))
        return '"mode":"results","inputs":%d,"generatedByCandidate":%s,"results":[%s]' % (
            len(self.inputs), 'true' if self.generated_by_candidate else 'false', ','.join(out))

    def timed(self, loops, mutates, sink):
        """CPU and wall nanoseconds of `loops` passes over the chosen inputs; the last results are left in `sink`."""
        cpu = wall = 0
        left = loops
        chunk = self.copies_at_once() if mutates else loops
        while left > 0:
            now = min(left, chunk)
            ready = [[(slot,) + self.fresh(i)[1:] for slot, i in enumerate(self.chosen)] for _ in range(now if mutates else 1)]
            c, w = measure(ready if mutates else repeat(ready[0], now), sink, self.limits['items'])
            cpu += c
            wall += w
            left -= now
        return cpu, wall

    def copies_at_once(self):
        """How many rounds of copied inputs fit in memory: at most 2000 calls and about 64 MB of encoded arguments."""
        if self.copies is None:
            size = sum([len(encode(self.inputs[i].parts(), self.limits, False)) for i in self.chosen])
            self.copies = max(1, min(2000 // max(1, len(self.chosen)), 16000000 // max(1, size)))
        return self.copies

    def warm(self, ms, mutates, sink):
        until = wall_ns() + int(ms * 1e6)
        while True:
            self.timed(1, mutates, sink)
            if wall_ns() >= until:
                return

    def time(self):
        how = self.request['time']
        loops, mutates = how['loops'], how['mutates']
        sink = [None] * len(self.chosen)
        if 'warmOn' in how:
            timed, self.chosen = self.chosen, how['warmOn']
            self.warm(how['warmupMs'], mutates, [None] * len(self.chosen))
            self.chosen, self.copies = timed, None
            collect()
        self.reseed(0)
        cold = self.timed(1, mutates, sink)
        self.warm(how['warmupMs'], mutates, sink)
        passes = []
        for _ in range(max(3, how['passes'])):
            collect()
            self.reseed(0)
            passes.append(self.timed(loops, mutates, sink))
        verify = ['{"index":%d,%s}' % (i, self.one_result(r)) for i, r in zip(self.chosen, sink) if i in how['verify']]
        return '"mode":"time","loops":%d,"cold":%s,"passes":[%s],"verify":[%s]' % (
            loops, pair(cold, 1), ','.join([pair(p, loops) for p in passes]), ','.join(verify))

    def calibrate(self):
        how = self.request['calibrate']
        mutates = False
        for i in self.chosen:
            call, function, args, kwargs = self.fresh(i)
            before = encode(call.parts(), self.limits, False)
            try:
                settle(function(*args, **kwargs), self.limits['items'])
            except BaseException:
                pass
            if encode(call.parts(), self.limits, False) != before:
                mutates = True
                break
        sink = [None] * len(self.chosen)
        self.warm(how['warmupMs'], mutates, sink)
        loops = 1
        while True:
            collect()
            cpu, wall = self.timed(loops, mutates, sink)
            if cpu >= how['targetCpuMs'] * 1e6 or wall >= how['maxWallMs'] * 1e6 or loops >= LOOPS_CAP:
                break
            more = min(16.0, max(1.5, 1.2 * how['targetCpuMs'] * 1e6 / max(cpu, 1)), max(1.5, how['maxWallMs'] * 1e6 / max(wall, 1)))
            loops = min(LOOPS_CAP, int(loops * more) + 1)
        return '"mode":"calibrate","inputs":%d,"loops":%d,"mutates":%s,"pass":%s,"runtime":%s,"arguments":%s' % (
            len(self.inputs), loops, 'true' if mutates else 'false', pair((cpu, wall), loops),
            quote('Python ' + sys.version.split()[0]), arguments_of([self.inputs[i] for i in self.chosen]))


def pair(times, loops):
    return '{"cpuNs":%r,"wallNs":%r}' % (times[0] / loops, times[1] / loops)


def measure(rounds, sink, cap):
    """The timed region. Exceptions are results; lazy results are drained inside it."""
    plain, finish, raised = PLAIN, settle, Raised
    wall, cpu = wall_ns, cpu_ns
    w0 = wall()
    c0 = cpu()
    for calls in rounds:
        for slot, function, args, kwargs in calls:
            try:
                result = function(*args, **kwargs)
                if type(result) not in plain:
                    result = finish(result, cap)
            except BaseException as e:
                result = raised(e)
            sink[slot] = result
    c1 = cpu()
    w1 = wall()
    return c1 - c0, w1 - w0


def work(request, stage):
    """The answer's text from its mode on. Raises Failed."""
    session = Session(request, stage)
    mode = request['mode']
    return session.results() if mode == 'results' else session.time() if mode == 'time' else session.calibrate()
