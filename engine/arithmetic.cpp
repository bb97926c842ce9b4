// Elementary functions by table and polynomial. An argument is split into a step of a table and a
// small rest (P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic", ACM TOMS 15, 1989; of the logarithm, ACM TOMS 16, 1990); the rest
// goes through a Taylor polynomial, and what rounding loses is carried along as a second double (T.
// J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18,
// 1971). The tables are computed by the compiler with the same few operations, so there is no
// number here that has to be believed. Tested by tests/engine/arithmetic_test.cpp.
#include "engine/arithmetic.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/arithmetic_parts.hpp"
#include "engine/normal_parts.hpp"

namespace fingers {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ---- The exponential
// -----------------------------------------------------------------------------

/// value * 2^exponent for a value near 1 to 2; rounds once even where the result is subnormal.
double scaled(double value, int exponent) {
  if (exponent > -1021 && exponent < 1023) {
    return value * power_of_two(exponent);
  }
  const int half = exponent / 2;
  return value * power_of_two(half) * power_of_two(exponent - half);
}

double exp_of(const Pair& x) {
  if (!(x.hi < 1000)) {
    return x.hi + kInfinity;  // NaN stays
  }
  if (x.hi < -1000) {
    return 0;
  }
  const ExpParts e = split_exp(x);
  return scaled(e.root.hi + (e.root.lo + e.root.hi * e.rest), e.exponent);
}

// ---- The logarithm
// -------------------------------------------------------------------------------

/// ln(x) to about 2^-68 of its size. Expects x positive and finite.
Pair log_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  if (bits <= kMantissa) {  // subnormal
    return log_of_bits(std::bit_cast<std::uint64_t>(x * 0x1p54), 1023 + 54);
  }
  return log_of_bits(bits, 1023);
}

bool is_positive_finite(double x) { return x > 0 && x < kInfinity; }

/// The logarithm of 0, of infinity, of NaN and of what is negative, to any base.
double special_log(double x) { return x == 0 ? -kInfinity : (x > 0 ? x : kNan); }

}  // namespace

double portable_exp(double x) { return exp_of({.hi = x, .lo = 0}); }

double portable_log(double x) { return is_positive_finite(x) ? log_of(x).hi : special_log(x); }

double portable_log1p(double x) {
  if (x == 0) {
    return x;  // keeps the sign
  }
  if (!(x > -1 && x < 0x1p60)) {
    return x == -1 ? -kInfinity : portable_log(x);
  }
  const Pair one_plus = exact_sum(1, x);
  const Pair log = log_of(one_plus.hi);
  return log.hi + (log.lo + one_plus.lo / one_plus.hi);
}

double portable_expm1(double x) {
  if (x == 0) {
    return x;  // keeps the sign
  }
  if (x < -40) {
    return -1;
  }
  if (!(x < 40)) {
    return portable_exp(x);  // 1 is less than half of the last place
  }
  const ExpParts e = split_exp({.hi = x, .lo = 0});
  const double scale = power_of_two(e.exponent);
  const double root = e.root.hi * scale;
  const Pair less_one = exact_sum(root, -1);
  return less_one.hi + (less_one.lo + (e.root.lo * scale + root * e.rest));
}

double portable_pow(double base, double exponent) {
  if (exponent == 0 || base == 1) {
    return 1;
  }
  if (!is_positive_finite(base) || !(exponent < kInfinity && exponent > -kInfinity)) {
    if (!(base >= 0) || exponent != exponent) {
      return kNan;
    }
    const bool grows = (base > 1) == (exponent > 0);
    return grows ? kInfinity : 0;
  }
  const Pair log = log_of(base);
  if (!(log.hi * exponent < 800 && log.hi * exponent > -800)) {
    return log.hi * exponent > 0 ? kInfinity : 0;
  }
  return exp_of(product(log, exponent));
}

double power_of_ten(double x) {
  constexpr Pair kLn10 = {.hi = 0x1.26bb1bbb55516p+1, .lo = -0x1.f48ad494ea3e9p-53};
  return exp_of(product(kLn10, x));
}

double portable_log10(double x) {
  constexpr Pair kInverseLn10 = {.hi = 0x1.bcb7b1526e50ep-2, .lo = 0x1.95355baaafad3p-57};
  if (!is_positive_finite(x)) {
    return special_log(x);
  }
  return product(log_of(x), kInverseLn10).hi;
}

double logistic(double x) {
  const double e = portable_exp(x < 0 ? x : -x);
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

double portable_normal_quantile(double u) {
  const double q = u - 0.5;
  if (q <= kNormalMiddle && q >= -kNormalMiddle) {
    return normal_centre(q);
  }
  const double r = std::sqrt(-portable_log(q < 0 ? u : 1 - u));
  const double size = r <= kNormalTail ? normal_ratio(1, kNormalNear, r - 1.6)
                                       : normal_ratio(1, kNormalFar, r - kNormalTail);
  return q < 0 ? -size : size;
}

double chance_of_hazard(double x) { return -portable_expm1(-x); }

}  // namespace fingers
