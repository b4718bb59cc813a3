"""The real server, in which any line of the gate can be changed while it runs, and put right again.

A change is a piece of source and what stands there instead. The module is compiled with it, and every function that it changes gets the
changed code, wherever it is known by name; a constant gets its changed value. So one server is broken in many ways, one after the other.
"""

import ast
import gc
import json
import marshal
import sys
import types
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from backnumber import asgi
from backnumber.edge.door.credentials import AskerFinder

CONTROL = "/broken-on-purpose/"
Undo = Callable[[], None]


def broken(module_name: str, before: str, after: str) -> list[Undo]:
    """Promise: what puts it right again. Errors: LookupError when the source has no such piece, several, or it changes nothing."""
    module = import_module(module_name)
    file = Path(str(module.__file__))
    source = file.read_text()
    if source.count(before) != 1:
        raise LookupError(f"{module_name} has {source.count(before)} times: {before}")
    changed = source.replace(before, after)
    undo = [*_functions(module_name, source, changed, file), *_constants(module, source, changed)]
    if not undo:
        raise LookupError(f"{module_name}: nothing changes by {after!r} for {before!r}")
    return undo


def _functions(name: str, source: str, changed: str, file: Path) -> Iterator[Undo]:
    good, bad = (dict(_codes(compile(text, str(file), "exec"))) for text in (source, changed))
    differ = {
        key for key, code in good.items() if key in bad and marshal.dumps(code) != marshal.dumps(bad[key])
    }
    gc.unfreeze()  # what is frozen is not found
    for one in gc.get_objects():
        if type(one) is types.FunctionType and one.__module__ == name and _key(one.__code__) in differ:
            yield partial(setattr, one, "__code__", one.__code__)
            one.__code__ = bad[_key(one.__code__)]


def _codes(code: types.CodeType) -> Iterator[tuple[tuple[str, int], types.CodeType]]:
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield _key(const), const
            yield from _codes(const)


def _key(code: types.CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _constants(module: types.ModuleType, source: str, changed: str) -> Iterator[Undo]:
    for was, now in zip(ast.parse(source).body, ast.parse(changed).body, strict=True):
        if (
            isinstance(now, ast.Assign)
            and isinstance(now.targets[0], ast.Name)
            and ast.dump(was) != ast.dump(now)
        ):
            name = now.targets[0].id
            yield partial(setattr, module, name, getattr(module, name))
            made = compile(ast.Expression(now.value), "", "eval")
            setattr(module, name, eval(made, module.__dict__))  # noqa: S307 (our own source)


class Breakable:
    """The application, and one address more by which it is broken and mended."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self._undo: list[Undo] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != CONTROL:
            await self.door(scope, receive, send)
            return
        asked = json.loads((await receive())["body"])
        status, said = self._changed(**asked) if asked else self._changed()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": said.encode()})

    def _changed(self, module: str = "", before: str = "", after: str = "") -> tuple[int, str]:
        while self._undo:
            self._undo.pop()()
        try:
            self._undo = broken(module, before, after) if module else []
        except (LookupError, SyntaxError, ValueError) as error:
            return 409, str(error)
        finally:
            self._forget()
        return 200, f"{len(self._undo)} changed"

    def _forget(self) -> None:
        """What was remembered by the code of before."""
        self.door.cache.hear(["*"])
        lead_ins = import_module("backnumber.archive.lead_ins").REMEMBERED
        for kept in (lead_ins, import_module("backnumber.syndication.kept_feeds").KEPT):
            kept.clear()
            kept.held_bytes = 0
        askers = self.door.askers
        new = AskerFinder(askers.keys, askers.session_cookie, askers.trusted, askers.allowance, askers.period)
        askers._credentials, askers._client_address = new._credentials, new._client_address
        for one in gc.get_objects():
            of = getattr(one, "__module__", None) if type(one).__name__ == "_lru_cache_wrapper" else None
            if of in {"backnumber.edge.page.places"}:
                one.cache_clear()


def __getattr__(name: str) -> Any:
    if name != "application":
        raise AttributeError(name)
    made = globals()["application"] = Breakable(asgi.application)
    return made


if __name__ == "__main__":
    Granian(
        "tests.leaks.breaking:application", port=int(sys.argv[1]), interface=Interfaces.ASGI, websockets=False
    ).serve()
