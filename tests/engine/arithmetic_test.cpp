// Holds the error bounds that engine/arithmetic.hpp states: against long double on a million
// addressed points a function, against mpmath on a table, on the edges, and on both sides of every
// step of a table.
#include "engine/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/reference_values.hpp"

namespace fingers {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::denorm_min();
constexpr std::uint64_t kPoints = 1'000'000;
// On x86 long double has 64 bits and its functions err by 2^-11 of our last place; where it is no
// wider than double, the mpmath table alone must do.
constexpr bool kHasWideLong = LDBL_MANT_DIG >= 64;

using Function = double (*)(double);
using LongFunction = long double (*)(long double);

/// Two uniforms at a place of their own.
std::array<double, 2> uniforms(std::uint64_t i, std::uint32_t process) {
  const StreamKey key = make_key(20240726, StreamKind::design, 0);
  const auto words = random_block(key, {.identity = i, .process = process});
  return {uniform_of_word(words[0]), uniform_of_word(words[1])};
}

double last_place(double x) {
  const double size = std::fabs(x);
  return std::nextafter(size, kInfinity) - size;
}

double between(double low, double high, double u) { return low + u * (high - low); }

/// low to high in size, equally often in each factor of two, of either sign when asked.
double over_sizes(double low_exponent, double high_exponent, const std::array<double, 2>& u,
                  bool with_sign) {
  const double size = std::exp2(between(low_exponent, high_exponent, u[0]));
  return with_sign && u[1] < 0.5 ? -size : size;
}

/// The largest error in units of the last place over kPoints arguments.
template <class Argument>
double worst_error(Function ours, LongFunction exact, std::uint32_t process,
                   const Argument& argument) {
  double worst = 0;
  for (std::uint64_t i = 0; i < kPoints; ++i) {
    const double x = argument(uniforms(i, process));
    const long double y = exact(static_cast<long double>(x));
    const long double error = std::fabs(static_cast<long double>(ours(x)) - y);
    worst = std::max(worst, static_cast<double>(error / last_place(static_cast<double>(y))));
  }
  return worst;
}

template <std::size_t n>
double worst_error(Function ours, const std::array<reference::Value, n>& table) {
  double worst = 0;
  for (const auto& [x, value, rest] : table) {
    worst = std::max(worst, std::fabs((ours(x) - value) - rest) / last_place(value));
  }
  return worst;
}

/// Falls of f among neighbouring doubles around x.
int falls_around(Function f, double x) {
  constexpr int kNeighbours = 40;
  for (int i = 0; i < kNeighbours; ++i) {
    x = std::nextafter(x, -kInfinity);
  }
  int falls = 0;
  for (int i = 0; i < 2 * kNeighbours; ++i) {
    const double next = std::nextafter(x, kInfinity);
    falls += f(next) < f(x) ? 1 : 0;
    x = next;
  }
  return falls;
}

bool is_nan(double x) { return x != x; }

TEST_CASE("errors stay within the stated bounds on a million points each", "[arithmetic]") {
  if (!kHasWideLong) {
    return;
  }
  const auto ordinary = [](const auto& u) { return between(-708, 709, u[0]); };
  const auto sizes = [](const auto& u) { return over_sizes(-1074, 1023, u, false); };
  const auto small = [](const auto& u) { return over_sizes(-60, 5, u, true); };
  const auto unit = [](const auto& u) { return between(-1, 1, u[0]); };
  CHECK(worst_error(portable_exp, std::exp, 0, ordinary) < 0.53);
  CHECK(worst_error(portable_exp, std::exp, 1, small) < 0.53);
  CHECK(worst_error(portable_log, std::log, 2, sizes) < 0.51);
  CHECK(worst_error(portable_log, std::log, 3,
                    [](const auto& u) { return 1 + over_sizes(-53, -1, u, true); }) < 0.51);
  CHECK(worst_error(portable_log1p, std::log1p, 4,
                    [](const auto& u) { return over_sizes(-60, -0.01, u, true); }) < 0.7);
  CHECK(worst_error(portable_log1p, std::log1p, 5,
                    [](const auto& u) { return over_sizes(-60, 1000, u, false); }) < 0.7);
  CHECK(worst_error(portable_expm1, std::expm1, 6, small) < 1.9);
  CHECK(worst_error(portable_expm1, std::expm1, 7, unit) < 1.9);
  CHECK(worst_error(portable_expm1, std::expm1, 8, ordinary) < 1.9);
  CHECK(worst_error(portable_log10, std::log10, 9, sizes) < 0.51);
  CHECK(worst_error(
            power_of_ten, [](long double x) { return std::pow(10.0L, x); }, 10,
            [](const auto& u) { return between(-307, 308, u[0]); }) < 0.53);
  CHECK(worst_error(
            logistic, [](long double x) { return 1 / (1 + std::exp(-x)); }, 11,
            [](const auto& u) { return between(-700, 700, u[0]); }) < 2.5);
  CHECK(worst_error(
            chance_of_hazard, [](long double x) { return -std::expm1(-x); }, 12,
            [](const auto& u) { return over_sizes(-60, 6, u, false); }) < 1.9);
}

TEST_CASE("powers keep their relative error on a million points", "[arithmetic]") {
  if (!kHasWideLong) {
    return;
  }
  double worst = 0;
  for (std::uint64_t i = 0; i < kPoints; ++i) {
    const auto u = uniforms(i, 13);
    const auto v = uniforms(i, 14);
    // Bases of any size, and bases so near 1 that only a huge exponent moves them.
    const double base = i % 2 == 0 ? over_sizes(-1000, 1000, u, false)
                                   : std::exp2((2 * u[0] - 1) * std::exp2(-45 * u[1]));
    const double exponent = between(-1020, 1020, v[0]) / std::log2(base);
    if (base == 1 || std::fabs(exponent) > 1e18) {
      continue;
    }
    const long double exact = std::pow(static_cast<long double>(base), exponent);
    const double found = portable_pow(base, exponent);
    worst = std::max(worst, static_cast<double>(std::fabs(found / exact - 1)));
  }
  CHECK(worst < 1.3e-16);
}

TEST_CASE("values agree with mpmath", "[arithmetic]") {
  CHECK(worst_error(portable_exp, reference::kExp) < 0.53);
  CHECK(worst_error(portable_log, reference::kLog) < 0.51);
  CHECK(worst_error(portable_log1p, reference::kLog1p) < 0.7);
  CHECK(worst_error(portable_expm1, reference::kExpm1) < 1.9);
  CHECK(worst_error(portable_log10, reference::kLog10) < 0.51);
  CHECK(worst_error(power_of_ten, reference::kPowerOfTen) < 0.53);
  double worst = 0;
  for (const auto& [base, exponent, value, rest] : reference::kPow) {
    worst = std::max(worst, std::fabs(((portable_pow(base, exponent) - value) - rest) / value));
  }
  CHECK(worst < 1.3e-16);
}

TEST_CASE("the edges of exp and expm1", "[arithmetic]") {
  CHECK(portable_exp(0) == 1);
  CHECK(portable_exp(-0.0) == 1);
  CHECK(portable_exp(kTiny) == 1);
  CHECK(portable_exp(709.782712893384) == 0x1.fffffffffff2ap+1023);
  CHECK(portable_exp(709.782712893385) == kInfinity);
  CHECK(portable_exp(kInfinity) == kInfinity);
  CHECK(portable_exp(-744.4400719213812) == kTiny);
  CHECK(portable_exp(-745.2) == 0);
  CHECK(portable_exp(-1e300) == 0);
  CHECK(portable_exp(-kInfinity) == 0);
  CHECK(is_nan(portable_exp(kNotANumber)));
  CHECK(portable_expm1(0) == 0);
  CHECK(std::signbit(portable_expm1(-0.0)));
  CHECK(portable_expm1(kTiny) == kTiny);
  CHECK(portable_expm1(-kInfinity) == -1);
  CHECK(portable_expm1(710) == kInfinity);
  CHECK(is_nan(portable_expm1(kNotANumber)));
}

TEST_CASE("the edges of logarithms", "[arithmetic]") {
  for (const Function log : {portable_log, portable_log10}) {
    CHECK(log(1) == 0);
    CHECK(log(0) == -kInfinity);
    CHECK(log(-0.0) == -kInfinity);
    CHECK(log(kInfinity) == kInfinity);
    CHECK(is_nan(log(-1)));
    CHECK(is_nan(log(-kInfinity)));
    CHECK(is_nan(log(kNotANumber)));
  }
  CHECK(portable_log(kTiny) == -0x1.74385446d71c3p+9);
  CHECK(portable_log(std::numeric_limits<double>::max()) == 0x1.62e42fefa39efp+9);
  CHECK(portable_log1p(0) == 0);
  CHECK(std::signbit(portable_log1p(-0.0)));
  CHECK(portable_log1p(kTiny) == kTiny);
  CHECK(portable_log1p(-1) == -kInfinity);
  CHECK(portable_log1p(kInfinity) == kInfinity);
  CHECK(is_nan(portable_log1p(-1.5)));
  CHECK(is_nan(portable_log1p(kNotANumber)));
}

TEST_CASE("the edges of powers", "[arithmetic]") {
  CHECK(portable_pow(0, 0) == 1);
  CHECK(portable_pow(0, 2) == 0);
  CHECK(portable_pow(0, -2) == kInfinity);
  CHECK(portable_pow(1, 1e300) == 1);
  CHECK(portable_pow(3, 1) == 3);
  CHECK(portable_pow(3, 4) == 81);
  CHECK(portable_pow(2, 0.5) == std::sqrt(2.0));
  CHECK(portable_pow(2, -1074) == kTiny);
  CHECK(portable_pow(2, -1080) == 0);
  CHECK(portable_pow(2, 1024) == kInfinity);
  CHECK(portable_pow(1.5, kInfinity) == kInfinity);
  CHECK(portable_pow(0.5, kInfinity) == 0);
  CHECK(portable_pow(0.5, -kInfinity) == kInfinity);
  CHECK(portable_pow(kInfinity, 2) == kInfinity);
  CHECK(portable_pow(kInfinity, -2) == 0);
  CHECK(portable_pow(kTiny, 1) == kTiny);
  CHECK(is_nan(portable_pow(-2, 2)));
  CHECK(is_nan(portable_pow(kNotANumber, 2)));
  CHECK(is_nan(portable_pow(2, kNotANumber)));
}

TEST_CASE("whole orders of magnitude are exact both ways", "[arithmetic]") {
  double power = 1;
  for (int n = 0; n <= 22; ++n, power *= 10) {  // 10^22 is the last that a double holds exactly
    CHECK(power_of_ten(n) == power);
    CHECK(portable_log10(power) == n);
  }
  CHECK(power_of_ten(400) == kInfinity);
  CHECK(power_of_ten(-400) == 0);
  CHECK(is_nan(power_of_ten(kNotANumber)));
}

TEST_CASE("chances stay between 0 and 1", "[arithmetic]") {
  CHECK(logistic(0) == 0.5);
  CHECK(logistic(1000) == 1);
  CHECK(logistic(-1000) == 0);
  CHECK(logistic(kInfinity) == 1);
  CHECK(logistic(-kInfinity) == 0);
  CHECK(is_nan(logistic(kNotANumber)));
  CHECK(chance_of_hazard(0) == 0);
  CHECK_FALSE(std::signbit(chance_of_hazard(0)));
  CHECK(chance_of_hazard(1e-18) == 1e-18);
  CHECK(chance_of_hazard(kInfinity) == 1);
}

TEST_CASE("functions do not fall at the steps of their tables", "[arithmetic]") {
  constexpr double kStep = 0x1.62e42fefa39efp-7;  // ln 2 / 64
  int falls = 0;
  for (int k = -5000; k <= 5000; ++k) {
    falls += falls_around(portable_exp, (k + 0.5) * kStep);
    falls += falls_around(portable_expm1, (k + 0.5) * kStep);
  }
  for (int i = 0; i < 128; ++i) {
    for (const int exponent : {-700, -1, 0, 1, 700}) {
      const double x = std::ldexp(1 + i / 128.0, exponent);
      falls += falls_around(portable_log, x);
      falls += falls_around(portable_log10, x);
      falls += falls_around(portable_log1p, x - 1);
    }
  }
  falls += falls_around(portable_exp, -708.4);  // into the subnormal numbers
  CHECK(falls == 0);
}

TEST_CASE("every compiler and machine gives the same bits", "[arithmetic]") {
  std::uint64_t hash = 0;
  const auto add = [&hash](double y) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(y)) * 0x100000001B3ULL;
  };
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const auto u = uniforms(i, 15);
    const double x = between(-700, 700, u[0]);
    const double positive = std::ldexp(1 + u[1], static_cast<int>(x));
    for (const Function f : {portable_exp, portable_expm1, logistic}) {
      add(f(x));
      add(f(u[1]));
    }
    for (const Function f : {portable_log, portable_log1p, portable_log10, chance_of_hazard}) {
      add(f(positive));
      add(f(u[1]));
    }
    add(power_of_ten(x / 3));
    add(portable_pow(positive, u[0]));
  }
  CHECK(hash == 0xA8ED0403F68D7BE9);
}

}  // namespace
}  // namespace fingers
