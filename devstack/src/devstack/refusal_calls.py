"""Finds the refusals that the gateway makes while it runs, which no import shows.

A function that returns a `Refusal` is called here as its callers do: with what they name in the
sources, and with samples for whatever only a request can tell. So each refusal comes out with its
own code, status and title.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from itertools import product
from types import ModuleType
from typing import Any, Final, TypeAlias, get_origin, get_type_hints

from gateway.policy.refusals import Refusal

Maker: TypeAlias = Callable[..., Refusal]
SAMPLES: Final[dict[Any, Any]] = {int: 1, str: "", bool: False, tuple: ()}


class NotInTheSource(Exception):
    """Only a request can tell what this expression is."""


def made_in_functions(modules: Iterable[ModuleType]) -> Iterator[tuple[Refusal, str]]:
    """Every refusal that running code makes, with the first sentence of its maker's docstring."""
    for module in modules:
        tree = ast.parse(inspect.getsource(module))
        for maker, call in _calls(tree, module):
            meaning = inspect.cleandoc(maker.__doc__ or "").partition("\n")[0].partition(";")[0]
            for refusal in _made(maker, call, tree, module):
                yield refusal, meaning


def _calls(tree: ast.Module, module: ModuleType) -> Iterator[tuple[Maker, ast.Call]]:
    """Calls of makers from functions; a maker that calls another is seen from its own callers."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if _is_maker(vars(module).get(function.name)):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                maker = _value_or_none(node.func, module)
                if _is_maker(maker):
                    yield maker, node


def _is_maker(value: Any) -> bool:
    return inspect.isfunction(value) and inspect.get_annotations(value).get("return") is Refusal


def _made(maker: Maker, call: ast.Call, tree: ast.Module, module: ModuleType) -> Iterator[Refusal]:
    given: dict[str, ast.expr] = dict(
        zip(inspect.signature(maker).parameters, call.args, strict=False)  # others are by keyword
    )
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    hints = get_type_hints(maker)
    choices = [
        _choices(node, get_origin(hints[name]) or hints[name], tree, module)
        for name, node in given.items()
    ]
    for values in product(*choices):
        yield maker(**dict(zip(given, values, strict=True)))


def _choices(node: ast.expr, kind: Any, tree: ast.Module, module: ModuleType) -> list[Any]:
    """What the argument can be: its value, or a sample; for a status, those the module names."""
    try:
        return [_value(node, module)]
    except NotInTheSource:
        return _statuses(tree, module) if kind is HTTPStatus else [SAMPLES[kind]]


def _statuses(tree: ast.Module, module: ModuleType) -> list[HTTPStatus]:
    named = (
        _value_or_none(node, module) for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    )
    return sorted({value for value in named if isinstance(value, HTTPStatus)})


def _value_or_none(node: ast.expr, module: ModuleType) -> Any:
    try:
        return _value(node, module)
    except NotInTheSource:
        return None


def _value(node: ast.expr, module: ModuleType) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in vars(module):
            return vars(module)[name]
        case ast.Attribute(value=owner, attr=name):
            found = _value(owner, module)
            if hasattr(found, name):
                return getattr(found, name)
    raise NotInTheSource(ast.dump(node))
