"""A client whose answers are compared with what its stubs promise, to the last field."""

import __future__

import importlib.resources
from typing import get_args, get_type_hints

from typeguard import CollectionCheckStrategy, check_type


def stubs():
    source = importlib.resources.files("penhold").joinpath("_native.pyi").read_text()
    names = {"__package__": "penhold", "__name__": "penhold._stubs"}
    lazily = __future__.annotations.compiler_flag
    exec(compile(source, "_native.pyi", "exec", flags=lazily), names)
    return names


STUBS = stubs()


class Checked:
    def __init__(self, thing, name):
        self.thing, self.promise = thing, STUBS[name]

    def __getattr__(self, name):
        made = getattr(self.thing, name)
        promised = getattr(self.promise, name)
        if not callable(made):
            return made
        hints = get_type_hints(promised, STUBS)
        if hints["return"] is self.promise:
            return lambda *given: Checked(made(*given), self.promise.__name__)
        if not get_args(hints["return"]):
            return made
        [answer] = get_args(hints["return"])

        async def call(*given, **named):
            value = await made(*given, **named)
            if isinstance(answer, type) and answer.__module__ == "penhold._stubs":
                return Checked(value, answer.__name__)
            everything = CollectionCheckStrategy.ALL_ITEMS
            return check_type(value, answer, collection_check_strategy=everything)

        return call

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.thing.__anext__()
