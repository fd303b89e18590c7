"""The small arithmetic of findings: formulas with names and + - * /, worked out the same way when a review is verified."""

import ast
import operator
from collections.abc import Callable, Mapping

from assist_review.errors import EvidenceError
from assist_review.review import Computation

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def compute(formula: str, inputs: Mapping[str, float]) -> float:
    """The value of `formula`; raises `EvidenceError` for anything but names, numbers and + - * /."""
    try:
        return _value(ast.parse(formula, mode="eval").body, inputs)
    except (SyntaxError, KeyError, ZeroDivisionError, RecursionError) as error:
        raise EvidenceError(f"算式无法计算：{formula}（{error}）") from error


def _value(node: ast.expr, inputs: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, inputs), _value(right, inputs))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, inputs)
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return float(inputs[name])
        case _:
            raise EvidenceError(f"算式中有不允许的部分：{ast.dump(node)[:80]}")


def computation(label: str, formula: str, stated: float | None = None, unit: str = "", **inputs: float) -> Computation:
    """A computation with its result worked out here, so that formula and result cannot differ."""
    return Computation(
        label=label, formula=formula, inputs=inputs, result=compute(formula, inputs), stated=stated, unit=unit
    )
