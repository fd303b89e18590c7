"""Rates with their uncertainty, and the exact test for two versions on the same defects. Pure functions.

An interval is a 95 % interval: Wilson's where the trials stand alone, a bootstrap over filings where trials of one
filing rise and fall together.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from assist_review.base import Value

Z = 1.959964  # the 97.5 % point of the normal distribution
DRAWS = 2000
KN = tuple[int, int]  # how many of how many


class Rate(Value):
    """`k` of `n`; over no trials `value`, `low` and `high` are None, never 0.

    `low` and `high` are Wilson's. `cluster_low` and `cluster_high` come from a bootstrap over filings and are None
    where there are fewer than two filings.
    """

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    filings: int | None = None
    cluster_low: float | None = None
    cluster_high: float | None = None


class Mean(Value):
    """The mean of `n` values with a bootstrap interval over them; over no values None."""

    n: int
    value: float | None
    low: float | None = None
    high: float | None = None


class Difference(Value):
    """New minus old, paired by filing, with a bootstrap interval over filings; None where nothing is in both."""

    value: float | None
    low: float | None
    high: float | None
    filings: int


def wilson(k: int, n: int) -> tuple[float, float] | None:
    """Wilson's score interval for `k` of `n`, None over nothing."""
    if n == 0:
        return None
    p = k / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    # At the ends the bound is the end itself; only rounding keeps the formula from saying so.
    return (0.0 if k == 0 else max(0.0, centre - half), 1.0 if k == n else min(1.0, centre + half))


def rate(trials: Iterable[tuple[str, bool]]) -> Rate:
    """The share of trials that came out true; a trial is the filing it belongs to and its outcome."""
    filings: dict[str, list[int]] = {}
    for filing, outcome in trials:
        k_n = filings.setdefault(filing, [0, 0])
        k_n[0] += outcome
        k_n[1] += 1
    return pooled([(k, n) for k, n in filings.values()])


def pooled(filings: Sequence[KN]) -> Rate:
    """The rate over several filings, each with its own k and n."""
    k, n = sum(f[0] for f in filings), sum(f[1] for f in filings)
    bounds = wilson(k, n)
    if bounds is None:
        return Rate(k=0, n=0, value=None, low=None, high=None, filings=0)
    table = np.array(filings, dtype=float)
    clustered = _percentiles(_ratios(table, _draws(len(filings)))) if len(filings) > 1 else None
    return Rate(
        k=k, n=n, value=k / n, low=bounds[0], high=bounds[1], filings=len(filings),
        cluster_low=clustered[0] if clustered else None, cluster_high=clustered[1] if clustered else None,
    )  # fmt: skip


def mean(values: Sequence[float]) -> Mean:
    """The mean of `values`."""
    if not values:
        return Mean(n=0, value=None)
    table = np.array(values, dtype=float)
    drawn = np.array([table[row].mean() for row in _draws(len(values))]) if len(values) > 1 else None
    bounds = _percentiles(drawn) if drawn is not None else None
    return Mean(
        n=len(values), value=float(table.mean()), low=bounds[0] if bounds else None, high=bounds[1] if bounds else None
    )


def difference(filings: Sequence[tuple[KN, KN]]) -> Difference:
    """The new rate minus the old one; an entry is one filing's (k, n) in the old run and in the new one."""
    old, new = (np.array([f[side] for f in filings], dtype=float).reshape(-1, 2) for side in (0, 1))
    if not old[:, 1].sum() or not new[:, 1].sum():
        return Difference(value=None, low=None, high=None, filings=len(filings))
    value = float(new[:, 0].sum() / new[:, 1].sum() - old[:, 0].sum() / old[:, 1].sum())
    draws = _draws(len(filings))
    bounds = _percentiles(_ratios(new, draws) - _ratios(old, draws)) if len(filings) > 1 else None
    return Difference(
        value=value, low=bounds[0] if bounds else None, high=bounds[1] if bounds else None, filings=len(filings)
    )


def mcnemar(better: int, worse: int) -> float | None:
    """Two-sided exact p-value that `better` and `worse` changes are equally likely; None where nothing changed."""
    n = better + worse
    if n == 0:
        return None
    tail: float = sum(math.comb(n, i) for i in range(min(better, worse) + 1)) / 2**n
    return min(1.0, 2 * tail)


def _draws(size: int) -> Any:
    """Row numbers of `DRAWS` samples with replacement; the same on every run."""
    return np.random.default_rng(0).integers(0, size, size=(DRAWS, size))


def _ratios(table: Any, draws: Any) -> Any:
    sums = table[draws].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)


def _percentiles(values: Any) -> tuple[float, float] | None:
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
