// Portable elementary functions. System libraries choose fused variants at run time, so their last
// bit differs between machines; these use only IEEE additions, multiplications, divisions and integer
// operations, so that the same input gives the same bits on every compiler and machine (built with
// -ffp-contract=off). Measured error bounds stand beside each function; tests/engine/arithmetic_test.cpp
// holds them.
#pragma once

namespace fingers {

/// e^x. Error at most 1 unit in the last place on [-708, 709]; 0 below, infinity above; NaN stays NaN.
double portable_exp(double x);

/// Natural logarithm. Error at most 1 unit in the last place for positive finite x; log(0) is
/// -infinity; negative x gives NaN.
double portable_log(double x);

/// ln(1 + x), accurate near 0. Error at most 2 units in the last place for x > -1.
double portable_log1p(double x);

/// e^x - 1, accurate near 0. Error at most 2 units in the last place on [-708, 709].
double portable_expm1(double x);

/// base^exponent for base >= 0. Relative error at most 4e-15 while the result is a normal number;
/// 0^0 is 1, 0^positive is 0.
double portable_pow(double base, double exponent);

/// 10^x: from orders of magnitude (OOM) to the quantity itself.
double power_of_ten(double x);

/// log10(x): from the quantity to orders of magnitude.
double portable_log10(double x);

/// sigma(x) = 1 / (1 + e^-x), without overflow for any x (the convention of model.md).
double logistic(double x);

/// 1 - e^-x for x >= 0: the chance that a hazard whose integral is x has struck.
double chance_of_hazard(double x);

}  // namespace fingers
