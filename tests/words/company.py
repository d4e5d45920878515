"""Small words of code that stand where marked words stand, too, such as `_("late") if is_late else "done"`.

Of a word like `none` nobody can tell by itself whether a person or a program reads it. The company it keeps tells:
the other branch of a choice, the other values of a dictionary, the same place of the rows around it, whatever else
a function returns or a name is given, and what is put into a marked text.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tests.words.said import SHAPES

Groups = Iterator[list[ast.expr]]


def in_marked_company(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a file that stand among marked ones; each may come more than once."""
    for node in ast.walk(tree):
        for group in _groups(node):
            leaves = [leaf for each in group for leaf in _leaves(each)]
            if any(map(_is_marked, leaves)):
                yield from _texts(leaves)
        if isinstance(node, ast.Call) and _is_marked(node):
            yield from _texts(leaf for each in node.keywords for leaf in _leaves(each.value))


def _texts(leaves: Iterable[ast.expr]) -> Iterator[ast.Constant]:
    return (leaf for leaf in leaves if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str))


def _is_marked(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHAPES


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to."""
    match node:
        case ast.IfExp():
            yield from _leaves(node.body)
            yield from _leaves(node.orelse)
        case ast.BoolOp():
            for each in node.values:
                yield from _leaves(each)
        case ast.Subscript(value=ast.Dict(values=values)):
            for each in values:
                yield from _leaves(each)
        case _:
            yield node


def _groups(node: ast.AST) -> Groups:
    """Expressions of which one is shown where another is."""
    match node:
        case ast.IfExp() | ast.BoolOp():
            yield [node]
        case ast.Dict():
            yield from _columns(node.values)
        case ast.List() | ast.Set():
            yield from _columns(node.elts)
        case ast.Tuple() if not all(isinstance(each, ast.Constant | ast.Name) for each in node.elts):
            rows = [each for each in node.elts if isinstance(each, ast.Tuple | ast.Call)]
            yield from _columns(rows if len(rows) == len(node.elts) else [])
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _of_function(node)


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Groups:
    if isinstance(node, ast.Lambda):
        return
    given: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for each in _within(node):
        if isinstance(each, ast.Return | ast.Yield) and each.value is not None:
            given["return"].append(each.value)
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            given[f"name {each.targets[0].id}"].append(each.value)
    for values in given.values():
        yield from _columns(values)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, but not in functions within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from _within(child)


def _columns(rows: Sequence[ast.expr]) -> Groups:
    """Plain values as one group; of pairs and calls, what stands at the same place of each."""
    plain, places = [], defaultdict[str, list[ast.expr]](list)
    for row in rows:
        if isinstance(row, ast.Tuple):
            for at, each in enumerate(row.elts):
                places[f"{len(row.elts)} {at}"].append(each)
        elif isinstance(row, ast.Call) and not _is_marked(row):
            name = ast.unparse(row.func)
            for at, each in enumerate(row.args):
                places[f"{name} {at}"].append(each)
            for keyword in row.keywords:
                places[f"{name} {keyword.arg}"].append(keyword.value)
        else:
            plain.append(row)
    yield plain
    yield from places.values()
