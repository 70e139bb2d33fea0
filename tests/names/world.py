"""Runs programs that give names numbered values and say what they read, and prints what was read.

usage: world.py FOLDER RUNS

Each line is the name of a program, the number of the place that read, and the number of the value.
"""

import contextlib
import pathlib
import random
import sys


class Value(int):
    """The number of the place that gave it to a name."""

    def __add__(self, other):
        return other


class Failure(Exception):
    def __add__(self, other):
        return other


class Stop(BaseException):
    """The program ran for long enough."""


class World:
    STEPS = 400

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.steps = 0
        self.read = set()
        self.functions = []

    def step(self):
        self.steps += 1
        if self.steps > self.STEPS:
            raise Stop

    def flip(self):
        self.step()
        return self.random.random() < 0.5

    def value(self, number):
        """Gives a value, or fails."""
        self.step()
        if self.random.random() < 0.04:
            raise Failure
        return Value(number)

    def many(self, number):
        for _ in range(self.random.randrange(3)):
            yield self.value(number)

    @contextlib.contextmanager
    def manager(self, number):
        value = self.value(number)
        swallows = self.random.random() < 0.5
        try:
            yield value
        except Failure:
            if not swallows:
                raise

    def see(self, place, value):
        self.step()
        if isinstance(value, Value):
            self.read.add((place, int(value)))
        return True

    def kept(self, number):
        """A decorator of functions, which may be called at any time, and of classes."""

        def decorate(made):
            if not isinstance(made, type):
                self.functions.append(made)
            return Value(number)

        return decorate

    def later(self, function):
        self.functions.append(function)

    def call(self):
        """Calls a function that was made."""
        self.step()
        if self.functions:
            with contextlib.suppress(Failure, NameError, RecursionError):
                self.random.choice(self.functions)()


def main():
    folder, runs = sys.argv[1:]
    sys.setrecursionlimit(200)
    for path in sorted(pathlib.Path(folder).iterdir()):
        try:
            code = compile(path.read_bytes(), path.name, "exec")
        except SyntaxError as error:
            print(path.stem, "invalid", error)
            continue
        read = set()
        for seed in range(int(runs)):
            world = World(seed)
            names = {"__name__": "program", "Failure": Failure}
            for name in ("flip", "value", "many", "manager", "see", "kept", "later", "call"):
                names[name] = getattr(world, name)
            with contextlib.suppress(Failure, NameError, RecursionError, Stop):
                exec(code, names)
            read |= world.read
        for place, value in sorted(read):
            print(path.stem, place, value)


main()
