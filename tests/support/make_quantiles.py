"""Makes tests/support/reference_values.hpp: quantiles from SciPy and elementary functions from mpmath.

Run by hand when a reference is added; the tests read the header and need no Python.

    python3 tests/support/make_quantiles.py > tests/support/reference_values.hpp
    clang-format -i tests/support/reference_values.hpp
"""

import random

import mpmath
import numpy
import scipy
from scipy import stats

LEVELS = [0.001, 0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5,
          0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 0.999, 0.9999]

CONTINUOUS = {
    "kNormal": stats.norm(),
    "kExponential": stats.expon(),
    "kGamma2_5": stats.gamma(2.5, scale=3 / 2.5),  # shape 2.5, mean 3
    "kGamma0_3": stats.gamma(0.3, scale=3 / 0.3),
    "kBeta2_5": stats.beta(2, 5),
    "kBeta0_5": stats.beta(0.5, 0.3),
    "kLognormal": stats.lognorm(1.3, scale=numpy.exp(0.4)),  # mu 0.4, sigma 1.3
    "kWeibull": stats.weibull_min(1.7, scale=2.5),
    "kPareto": stats.truncpareto(1.1, 1e4, scale=0.5),  # alpha 1.1 from 0.5 to 5000
    "kLogUniform": stats.loguniform(2, 300),
}

DISCRETE = {  # mean: counts where the cumulative probability is compared
    "kPoisson0_05": (stats.poisson(0.05), range(0, 4)),
    "kPoisson1": (stats.poisson(1), range(0, 7)),
    "kPoisson7_5": (stats.poisson(7.5), range(0, 20)),
    "kPoisson120": (stats.poisson(120), range(80, 170, 5)),
    "kPoisson499": (stats.poisson(499), range(430, 580, 8)),
    "kPoisson1300": (stats.poisson(1300), range(1190, 1420, 12)),
}


def unary_points(source):
    """Arguments for each function: ordinary ones, tiny ones, and the ends of the range."""
    def either(x):
        return x if source.random() < 0.5 else -x

    small = [either(2.0 ** source.uniform(-50, -2)) for _ in range(12)]
    positive = [2.0 ** source.uniform(-1022, 1023) for _ in range(10)]
    near_one = [1 + x for x in small[:6]]
    return {
        "Exp": (mpmath.exp, small + [source.uniform(-708, 709) for _ in range(12)]),
        "Log": (mpmath.log, positive + near_one + [source.uniform(0.5, 2) for _ in range(8)]),
        "Log1p": (mpmath.log1p, small + positive[:6] + [source.uniform(-0.999, 3) for _ in range(6)]),
        "Expm1": (mpmath.expm1, small + [source.uniform(-40, 709) for _ in range(6)]
                  + [source.uniform(-3, 3) for _ in range(6)]),
        "Log10": (mpmath.log10, positive + near_one + [source.uniform(0.5, 2) for _ in range(8)]),
        "PowerOfTen": (lambda x: mpmath.power(10, x), small
                       + [source.uniform(-307, 308) for _ in range(12)]),
    }


def pow_points(source):
    for _ in range(24):
        base = source.choice([2.0 ** source.uniform(-900, 900), source.uniform(0.5, 2),
                              1 + 2.0 ** source.uniform(-40, -3)])
        log2_result = source.uniform(-1020, 1020)
        yield base, log2_result / float(mpmath.log(base, 2))


def split(exact):
    """The nearest double, and what it lacks."""
    nearest = float(exact)
    return nearest, float(exact - mpmath.mpf(nearest))


def print_table(kind, name, rows):
    print(f"inline constexpr std::array<{kind}, {len(rows)}> {name} = {{{{")
    print(",\n".join("    {" + ", ".join(float(x).hex() for x in row) + "}" for row in rows))
    print("}};\n")


def main():
    mpmath.mp.prec = 400
    source = random.Random(20240726)
    print(f"""// Made by tests/support/make_quantiles.py with SciPy {scipy.__version__} and mpmath {mpmath.__version__}; do not edit.
#pragma once

#include <array>

namespace fingers::reference {{

/// P(X <= x) = p.
struct Quantile {{
  double x;
  double p;
}};

/// f(x) = value + rest, to some 106 bits.
struct Value {{
  double x;
  double value;
  double rest;
}};

/// base^exponent = value + rest.
struct Power {{
  double base;
  double exponent;
  double value;
  double rest;
}};
""")
    for name, law in CONTINUOUS.items():
        print_table("Quantile", name, [(law.ppf(p), p) for p in LEVELS])
    for name, (law, counts) in DISCRETE.items():
        print_table("Quantile", name, [(k, law.cdf(k)) for k in counts])
    for name, (function, points) in unary_points(source).items():
        print_table("Value", "k" + name, [(x, *split(function(mpmath.mpf(x)))) for x in points])
    print_table("Power", "kPow", [(b, e, *split(mpmath.power(mpmath.mpf(b), mpmath.mpf(e))))
                                  for b, e in pow_points(source)])
    print("}  // namespace fingers::reference")


if __name__ == "__main__":
    main()
