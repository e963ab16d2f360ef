"""Loads a file of the project as the module that its own imports expect, and finds the pinned function in it."""
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from builtins import (
    BaseException, OSError, SyntaxError, ValueError, callable, classmethod, dict, enumerate, getattr, hasattr, isinstance, issubclass, len, list,
    max, next, object, open, property, staticmethod, str, type, vars)

from .failure import Failed, tail_of


class FreshLoader(importlib.machinery.SourceFileLoader):
    """Compiles from source, always: bytecode of an earlier solution with the same size and second must not run."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class FreshFinder(importlib.abc.MetaPathFinder):
    """Gives one file the FreshLoader, however it is imported."""

    def __init__(self, path):
        self.path = path

    def find_spec(self, fullname, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin or os.path.realpath(spec.origin) != self.path:
            return None
        return importlib.util.spec_from_file_location(
            fullname, spec.origin, loader=FreshLoader(fullname, spec.origin), submodule_search_locations=spec.submodule_search_locations)


def relative_level(path):
    """How many packages up a file's relative imports reach; 0 without any (or with a syntax error, which importing reports)."""
    try:
        with open(path, 'rb') as f:
            tree = ast.parse(f.read())
    except (OSError, SyntaxError, ValueError):
        return 0
    return max([n.level or 0 for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)] or [0])


def context_of(root, path):
    """(folder for sys.path, dotted name) of a file. Packages are folders with an __init__.py; where a file imports relatively
    without one, its folders up to the project root (or its src) count as namespace packages."""
    folder, base = os.path.split(path)
    parts = [] if base == '__init__.py' else [os.path.splitext(base)[0]]
    while os.path.isfile(os.path.join(folder, '__init__.py')) and os.path.dirname(folder) != folder:
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    if len(parts) <= relative_level(path):
        for top in (os.path.join(root, 'src'), root):
            inner = os.path.relpath(path, top)
            if not inner.startswith(os.pardir):
                names = os.path.splitext(inner)[0].split(os.sep)
                if len(names) > 1:
                    return top, '.'.join(names)
    return folder, '.'.join(parts)


class Project:
    """The modules of one project. `pinned` is never loaded from bytecode."""

    def __init__(self, root, pinned):
        self.root = root
        self.modules = {}
        sys.meta_path.insert(0, FreshFinder(os.path.realpath(os.path.join(root, pinned))))
        for folder in (os.path.join(root, 'src'), root):
            if os.path.isdir(folder):
                self._to_path(folder)

    @staticmethod
    def _to_path(folder):
        if folder in sys.path:
            sys.path.remove(folder)
        sys.path.insert(0, folder)

    def load(self, file, blame):
        """The module of a file of the project, by its path from the root."""
        path = os.path.realpath(os.path.join(self.root, file))
        if path in self.modules:
            return self.modules[path]
        if not os.path.isfile(path):
            raise Failed('eval', 'load', '%s does not exist.' % file, 'Correct the path in the spec; it starts at the project root.')
        for module in list(sys.modules.values()):  # already imported by another file of the project
            origin = getattr(module, '__file__', None)
            if isinstance(origin, str) and origin.endswith(os.path.basename(path)) and os.path.realpath(origin) == path:
                self.modules[path] = module
                return module
        top, name = context_of(self.root, path)
        self._to_path(top)
        try:
            importlib.invalidate_caches()
            module = importlib.import_module(name) if '.' in name or path.endswith('__init__.py') else self._by_path(name, path)
        except BaseException as e:
            short = '%s: %s' % (type(e).__name__, e)
            raise Failed(blame, 'load', '%s fails to import: %s.' % (file, short[:300]), 'Run `python -c "import %s"` in the project to see it.' % name, tail_of(e))
        self.modules[path] = module
        return module

    @staticmethod
    def _by_path(name, path):
        # A file called like a module that is loaded already (json.py, copy.py) gets a name of its own.
        if not name.isidentifier() or name in sys.modules or name in getattr(sys, 'stdlib_module_names', ()):
            name = 'pinned_' + ''.join(c if c.isalnum() else '_' for c in name)
        spec = importlib.util.spec_from_file_location(name, path, loader=FreshLoader(name, path))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module


class Target:
    """The pinned function. `owner` is the class of an instance method, else None."""

    def __init__(self, function, owner):
        self.function = function
        self.owner = owner

    def bound(self, receiver):
        """The callable for one input; `receiver` is a list of none or one. A dict given for an instance becomes one, without its constructor."""
        if not receiver or self.owner is None:
            return self.function
        this = receiver[0]
        if type(this) is dict and not issubclass(self.owner, dict):
            made = object.__new__(self.owner)
            for key in this:
                object.__setattr__(made, key, this[key])
            this = made
        return self.function.__get__(this, type(this))


def find(module, symbol, file, blame='candidate'):
    """The function that `Outer.inner` names in a module. Raises Failed when there is none that can be called from outside."""
    nested = 'It is inside a function, so no one outside can call it. Pin the outer function, or move it to the top of the module.'
    if '<locals>' in symbol:
        raise Failed(blame, 'find', '%s in %s is a nested function.' % (symbol, file), nested)
    names = symbol.split('.')
    at, owner, raw = module, None, None
    for i, name in enumerate(names):
        here = '.'.join(names[:i]) or file
        if at is module:
            raw = vars(module).get(name, find)
        elif isinstance(at, type):
            owner = at
            raw = next((k.__dict__[name] for k in at.__mro__ if name in k.__dict__), find)
        elif callable(at):
            raise Failed(blame, 'find', '%s is nested inside the function %s in %s.' % (name, here, file), nested)
        else:
            raw = getattr(at, name, find)
        if raw is find:
            raise Failed(blame, 'find', '%s has no %s%s.' % (file, symbol, '' if here == file else ' (%s has no %s)' % (here, name)), 'Pin a function that exists once the module is imported.')
        at = raw
    if isinstance(raw, property):
        raw = raw.fget
    elif isinstance(raw, (staticmethod, classmethod)):
        raw, owner = raw.__get__(None, owner), None
    elif not hasattr(type(raw), '__get__'):
        owner = None
    if isinstance(raw, type) or not callable(raw):
        raise Failed(blame, 'find', '%s in %s is not a function.' % (symbol, file), 'Pin a function or a method.')
    return Target(raw, owner)
