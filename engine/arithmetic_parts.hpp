// The pieces that exp and log are made of, for engine/arithmetic.cpp, where the algorithms are
// named, and engine/lanes.cpp, which does the same on many numbers at once. Internal to each file
// that includes it: a copy made for a newer processor must never be linked into code for all of
// them.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace fingers {
namespace {

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
inline ExpParts split_exp(const Pair& x) {
  const double shifted = x.hi * kStepsPerE + kRoundToWhole;
  const double steps = shifted - kRoundToWhole;
  const auto n = static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(shifted));
  const double r = (x.hi - steps * kStep.hi) + (x.lo - steps * kStep.lo);
  const double r2 = r * r;
  const double series =
      (1.0 / 2 + r * (1.0 / 6)) + r2 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720));
  const Pair& root = kExpTable[static_cast<std::size_t>(n & (kExpSteps - 1))];
  return {.root = {.hi = root.hi, .lo = root.lo},  // no copy of a struct: it would keep lanes out
          .rest = r + r2 * series,
          .exponent = n >> 6};
}

inline double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
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
inline double log_tail(double r) {
  const double r2 = r * r;
  return r * r2 *
         (((1.0 / 3 - r * (1.0 / 4)) + r2 * (1.0 / 5 - r * (1.0 / 6))) +
          r2 * r2 * ((1.0 / 7 - r * (1.0 / 8)) + r2 * (1.0 / 9 - r * (1.0 / 10))));
}

/// ln of the positive normal number with these bits, times 2^-(exponent_bias - 1023), to about
/// 2^-68 of its size. No branch, so that a compiler can work on many at once (engine/lanes.cpp).
inline Pair log_of_bits(std::uint64_t bits, int exponent_bias) {
  const auto i = static_cast<std::size_t>(bits >> 45) & (kLogSteps - 1);
  const int halved = i >= kFirstHalved ? 1 : 0;
  const int exponent = static_cast<int>(bits >> 52) + halved - exponent_bias;
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

}  // namespace
}  // namespace fingers
