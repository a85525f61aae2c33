"""How far a record of successes can be trusted."""

from __future__ import annotations

from math import sqrt

from kbsearch.errors import ConfigError

ONE_SIDED_84 = 1.0
"""z of a bound that the true share exceeds in five cases of six."""


def success_lower_bound(worked: float, tried: float, *, z: float = ONE_SIDED_84) -> float:
    """
    The share of successes that a record shows at least, in [0, 1]; higher is better.

    One success of one is weaker evidence than fourteen of sixteen, and none of
    nothing is no evidence at all.

    Args:
        worked: Successes; may be weighted, so not whole.
        tried: Trials, weighted likewise; at least `worked`.
        z: Quantile of the normal distribution: larger asks for more trials.

    Returns:
        The lower end of the score interval; 0 without trials.

    Raises:
        ConfigError: Unless 0 <= worked <= tried.

    Source:
        Wilson, "Probable inference, the law of succession, and statistical
        inference", JASA 1927.
    """
    if not 0 <= worked <= tried:
        raise ConfigError(f"{worked} successes of {tried} trials: there cannot be more, or fewer.")
    if tried == 0:
        return 0.0
    share, z2 = worked / tried, z * z
    centre = share + z2 / (2 * tried)
    spread = z * sqrt(share * (1 - share) / tried + z2 / (4 * tried * tried))
    return max(0.0, (centre - spread) / (1 + z2 / tried))
