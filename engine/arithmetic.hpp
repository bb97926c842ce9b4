// Portable elementary functions. System libraries choose fused variants at run time, so their last
// bit differs between machines; these use only IEEE additions, multiplications, divisions and
// integer operations, so that the same input gives the same bits on every compiler and machine
// (built with -ffp-contract=off). Errors, in units of the last place, were measured over 2e7 points
// a function; tests/engine/arithmetic_test.cpp holds them.
#pragma once

#include <limits>

namespace fingers {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// e^x. Error at most 0.53 (1 where the result is subnormal, below -708.4); 0 below -745.14,
/// infinity above 709.78; NaN stays NaN.
double portable_exp(double x);

/// Natural logarithm. Error at most 0.51 for positive finite x; log(0) is -infinity; negative x
/// gives NaN.
double portable_log(double x);

/// ln(1 + x), accurate near 0. Error at most 0.7 for x > -1.
double portable_log1p(double x);

/// e^x - 1, accurate near 0. Error at most 1.9; 0.55 where |x| > 0.3.
double portable_expm1(double x);

/// base^exponent for base >= 0. Relative error at most 1.3e-16 while the result is a normal
/// number; 0^0 is 1, 0^positive is 0; a negative base gives NaN.
double portable_pow(double base, double exponent);

/// 10^x: from orders of magnitude (OOM) to the quantity itself. Error at most 0.53; exact for x = 0
/// to 22.
double power_of_ten(double x);

/// log10(x): from the quantity to orders of magnitude. Error at most 0.51; exact for powers of ten.
double portable_log10(double x);

/// sigma(x) = 1 / (1 + e^-x), without overflow for any x (the convention of model.md). Error at
/// most 2.5.
double logistic(double x);

/// The number below which a standard normal variate falls with probability u. Relative error at
/// most 1e-15; expects 0 < u < 1, not subnormal.
double portable_normal_quantile(double u);

/// 1 - e^-x for x >= 0: the chance that a hazard whose integral is x has struck. Error at most 1.9.
double chance_of_hazard(double x);

}  // namespace fingers
