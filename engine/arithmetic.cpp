// Elementary functions by table and polynomial. An argument is split into a step of a table and a
// small rest (P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic", ACM TOMS 15, 1989; of the logarithm, ACM TOMS 16, 1990); the rest
// goes through a Taylor polynomial, and what rounding loses is carried along as a second double (T.
// J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18,
// 1971). The tables are computed by the compiler with the same few operations, so there is no
// number here that has to be believed. Tested by tests/engine/arithmetic_test.cpp.
#include "engine/arithmetic.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace fingers {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;

// ---- Numbers of about 106 bits
// -------------------------------------------------------------------

/// The unevaluated sum hi + lo, where lo is small beside hi.
struct Pair {
  double hi;
  double lo;
};

/// a + b without error. Expects |a| >= |b|, or a = 0.
constexpr Pair ordered_sum(double a, double b) {
  const double sum = a + b;
  return {.hi = sum, .lo = (a - sum) + b};
}

/// a + b without error, in any order.
constexpr Pair exact_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {.hi = sum, .lo = (a - (sum - b_part)) + (b - b_part)};
}

/// a * b to 2^-104 of its size: each factor is cut in two halves whose products fit.
constexpr Pair wide_product(double a, double b) {
  constexpr std::uint64_t kUpperHalf = ~((std::uint64_t{1} << 27) - 1);
  const double a_hi = std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) & kUpperHalf);
  const double b_hi = std::bit_cast<double>(std::bit_cast<std::uint64_t>(b) & kUpperHalf);
  const double a_lo = a - a_hi;
  const double b_lo = b - b_hi;
  const double product = a * b;
  return {.hi = product,
          .lo = (((a_hi * b_hi - product) + a_hi * b_lo) + a_lo * b_hi) + a_lo * b_lo};
}

constexpr Pair product(const Pair& a, double b) {
  const Pair p = wide_product(a.hi, b);
  return {.hi = p.hi, .lo = p.lo + a.lo * b};
}

constexpr Pair product(const Pair& a, const Pair& b) {
  const Pair p = wide_product(a.hi, b.hi);
  return ordered_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

constexpr Pair sum(const Pair& a, const Pair& b) {
  const Pair s = exact_sum(a.hi, b.hi);
  return ordered_sum(s.hi, s.lo + (a.lo + b.lo));
}

constexpr Pair quotient(double a, double b) {
  const double q = a / b;
  const Pair back = wide_product(q, b);
  return ordered_sum(q, ((a - back.hi) - back.lo) / b);
}

// ---- The exponential
// -----------------------------------------------------------------------------

constexpr int kExpSteps = 64;                        // table steps in a factor of two
constexpr double kStepsPerE = 0x1.71547652b82fep+6;  // 64 / ln 2
constexpr Pair kStep = {.hi = 0x1.62e42fefap-7,
                        .lo = 0x1.cf79abc9e3b3ap-46};  // ln 2 / 64; hi: 36 bits
constexpr double kRoundToWhole = 0x1.8p52;  // adding it leaves a whole number in the low bits

constexpr std::array<Pair, kExpSteps> make_exp_table() {
  constexpr Pair kRoot = {.hi = 0x1.02c9a3e778061p+0, .lo = -0x1.19083535b085dp-56};  // 2^(1/64)
  std::array<Pair, kExpSteps> table{};
  table[0] = {.hi = 1, .lo = 0};
  for (std::size_t i = 1; i < kExpSteps; ++i) {
    table[i] = product(table[i - 1], kRoot);
  }
  return table;
}

constexpr std::array<Pair, kExpSteps> kExpTable = make_exp_table();

/// A power of e, as 2^exponent * root * (1 + rest), with |rest| < 0.006.
struct ExpParts {
  Pair root;
  double rest;
  int exponent;
};

/// e^(x.hi + x.lo). Expects |x.hi| < 1000.
ExpParts split_exp(const Pair& x) {
  const double shifted = x.hi * kStepsPerE + kRoundToWhole;
  const double steps = shifted - kRoundToWhole;
  const auto n = static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(shifted));
  const double r = (x.hi - steps * kStep.hi) + (x.lo - steps * kStep.lo);
  const double r2 = r * r;
  const double series =
      (1.0 / 2 + r * (1.0 / 6)) + r2 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720));
  return {.root = kExpTable[static_cast<std::size_t>(n & (kExpSteps - 1))],
          .rest = r + r2 * series,
          .exponent = n >> 6};
}

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

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

constexpr std::size_t kLogSteps = 128;  // intervals of the mantissa
constexpr std::size_t kFirstHalved =
    53;  // from this interval on (about sqrt 2) the mantissa is halved
constexpr Pair kLn2 = {.hi = 0x1.62e42fefa3p-1,
                       .lo = 0x1.3de6af278ece6p-42};  // hi: multiple of 2^-41

/// 1/c and ln c for a c near the middle of an interval; log_c.hi is a multiple of 2^-41.
struct LogEntry {
  double inverse;
  Pair log_c;
};

/// -ln(x) = -2 artanh((x - 1) / (x + 1)) by its series. Expects 0.7 < x < 1.5, few bits.
constexpr Pair negative_log(double x) {
  constexpr int kTerms = 24;
  const Pair s = quotient(x - 1, x + 1);
  const Pair s2 = product(s, s);
  Pair series = {.hi = 0, .lo = 0};
  for (int n = kTerms; n >= 0; --n) {
    series = sum(product(series, s2), quotient(1, 2 * n + 1));
  }
  return product(product(series, s), -2);
}

constexpr double round_to(double x, double last_bit) {
  const double shift = 0x1.8p52 * last_bit;
  return (x + shift) - shift;
}

constexpr std::array<LogEntry, kLogSteps> make_log_table() {
  std::array<LogEntry, kLogSteps> table{};
  for (std::size_t i = 0; i < kLogSteps; ++i) {
    const double middle =
        (1 + (static_cast<double>(i) + 0.5) / kLogSteps) / (i < kFirstHalved ? 1 : 2);
    // The intervals on both sides of 1 keep c = 1, so that small logarithms lose no digits.
    const bool beside_one = i == 0 || i == kLogSteps - 1;
    const double inverse = beside_one ? 1 : round_to(1 / middle, 0x1p-12);
    const Pair log_c = negative_log(inverse);
    const double upper = round_to(log_c.hi, 0x1p-41);
    table[i] = {.inverse = inverse, .log_c = {.hi = upper, .lo = (log_c.hi - upper) + log_c.lo}};
  }
  return table;
}

constexpr std::array<LogEntry, kLogSteps> kLogTable = make_log_table();

/// ln(1 + r) - r + r^2 / 2 for |r| < 0.008.
double log_tail(double r) {
  const double r2 = r * r;
  return r * r2 *
         (((1.0 / 3 - r * (1.0 / 4)) + r2 * (1.0 / 5 - r * (1.0 / 6))) +
          r2 * r2 * ((1.0 / 7 - r * (1.0 / 8)) + r2 * (1.0 / 9 - r * (1.0 / 10))));
}

/// ln(x) to about 2^-68 of its size. Expects x positive and finite.
Pair log_of(double x) {
  auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = -1023;
  if (bits <= kMantissa) {  // subnormal
    bits = std::bit_cast<std::uint64_t>(x * 0x1p54);
    exponent -= 54;
  }
  const auto i = static_cast<std::size_t>(bits >> 45) & (kLogSteps - 1);
  const int halved = i >= kFirstHalved ? 1 : 0;
  exponent += static_cast<int>(bits >> 52) + halved;
  const LogEntry& entry = kLogTable[i];
  const double z =
      std::bit_cast<double>((bits & kMantissa) | (static_cast<std::uint64_t>(1023 - halved) << 52));

  // r = z / c - 1 without error, and r_hi so short that its square has none either.
  const double z_hi = round_to(z, 0x1p-19);
  const double r_hi = z_hi * entry.inverse - 1;
  const double r_lo = (z - z_hi) * entry.inverse;

  const double whole = (exponent * kLn2.hi + entry.log_c.hi) + r_hi;  // exact: multiples of 2^-41
  const Pair first = ordered_sum(whole, r_lo);
  const Pair second = ordered_sum(first.hi, -0.5 * (r_hi * r_hi));
  const double small = exponent * kLn2.lo + entry.log_c.lo;
  const double tail = log_tail(r_hi + r_lo) - 0.5 * r_lo * (2 * r_hi + r_lo);
  return ordered_sum(second.hi, second.lo + (first.lo + (small + tail)));
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

double chance_of_hazard(double x) { return -portable_expm1(-x); }

}  // namespace fingers
