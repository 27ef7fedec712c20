"""The elementary functions of compiled code, for numbers. NumPy's and torch's are found in those modules by name."""

from __future__ import annotations

import math


def cos(x):  # type: ignore[no-untyped-def]
    """Cosine of an angle in radians."""
    return math.cos(x)


def cosh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic cosine."""
    return math.cosh(x)


def exp(x):  # type: ignore[no-untyped-def]
    """Exponential."""
    return math.exp(x)


def expm1(x):  # type: ignore[no-untyped-def]
    """Exponential less one, exact near 0."""
    return math.expm1(x)


def log(x):  # type: ignore[no-untyped-def]
    """Natural logarithm."""
    return math.log(x)


def sqrt(x):  # type: ignore[no-untyped-def]
    """Square root."""
    return math.sqrt(x)


def tanh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic tangent."""
    return math.tanh(x)


FUNCTIONS = {function.__name__: function for function in (cos, cosh, exp, expm1, log, sqrt, tanh)}
