// Closed forms, and one bisection (Clopper and Pearson) whose every step is portable. Tested by
// tests/engine/intervals_test.cpp against SciPy and Boost.
#include "engine/intervals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

double z_of(double confidence) {
  EXPECT_CONTRACT(confidence > 0 && confidence < 1);
  return normal_quantile(0.5 + 0.5 * confidence);
}

/// Probabilities of a binomial count, of one count and n.
class Binomial {
 public:
  Binomial(std::uint64_t count, std::uint64_t n)
      : count_(static_cast<double>(count)), n_(static_cast<double>(n)) {
    const double fewer = std::min(count_, n_ - count_);
    for (double i = 1; i <= fewer; ++i) {
      log_choices_ += portable_log((n_ - fewer + i) / i);
    }
  }

  /// P(X <= count), for p at or above count / n, where the terms fall from the first on.
  [[nodiscard]] double at_most(double p) const {
    double term = at(p);
    double sum = term;
    for (double j = count_; j > 0 && term > sum * kNegligible; --j) {
      term *= j / (n_ - j + 1) * (1 - p) / p;
      sum += term;
    }
    return sum;
  }

  /// P(X >= count), for p at or below count / n.
  [[nodiscard]] double at_least(double p) const {
    double term = at(p);
    double sum = term;
    for (double j = count_; j < n_ && term > sum * kNegligible; ++j) {
      term *= (n_ - j) / (j + 1) * p / (1 - p);
      sum += term;
    }
    return sum;
  }

 private:
  static constexpr double kNegligible = 1e-18;

  [[nodiscard]] double at(double p) const {
    return portable_exp(log_choices_ + count_ * portable_log(p) +
                        (n_ - count_) * portable_log1p(-p));
  }

  double count_;
  double n_;
  double log_choices_ = 0;
};

/// A share as a reader meets it: 37 %, 4.2 %, 0.013 %.
std::string percent(double share) {
  const double size = 100 * share;
  if (size < 0.095) {
    return fmt::format("{:.2g} %", size);
  }
  return fmt::format("{:.{}f} %", size, size < 9.95 ? 1 : 0);
}

/// The number between low and high at which a rising function passes `level`.
template <class Function>
double crossing(const Function& rising, double level, double low, double high) {
  for (double middle = 0.5 * (low + high); low < middle && middle < high;
       middle = 0.5 * (low + high)) {
    (rising(middle) < level ? low : high) = middle;
  }
  return high;
}

}  // namespace

double normal_quantile(double p) {
  EXPECT_CONTRACT(p > 0 && p < 1);
  return portable_normal_quantile(p);
}

double student_quantile(double p, double degrees) {
  EXPECT_CONTRACT(p > 0.5 && p < 1 && degrees >= 9);
  const double z = normal_quantile(p);
  const double y = z * z;
  const double g1 = z * (y + 1) / 4;
  const double g2 = z * ((5 * y + 16) * y + 3) / 96;
  const double g3 = z * (((3 * y + 19) * y + 17) * y - 15) / 384;
  const double g4 = z * ((((79 * y + 776) * y + 1482) * y - 1920) * y - 945) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees;
}

Interval wilson(std::uint64_t count, std::uint64_t n, double confidence) {
  EXPECT_CONTRACT(n >= 1 && count <= n);
  const double z = z_of(confidence);
  const auto trials = static_cast<double>(n);
  const double share = static_cast<double>(count) / trials;
  const double centre = share + z * z / (2 * trials);
  const double half = z * std::sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
  const double scale = 1 + z * z / trials;
  return {.low = std::max(0.0, (centre - half) / scale),
          .high = std::min(1.0, (centre + half) / scale)};
}

Interval clopper_pearson(std::uint64_t count, std::uint64_t n, double confidence) {
  EXPECT_CONTRACT(n >= 1 && count <= n && confidence > 0 && confidence < 1);
  const double tail = 0.5 * (1 - confidence);
  const double share = static_cast<double>(count) / static_cast<double>(n);
  const Binomial binomial(count, n);
  Interval interval{.low = 0, .high = 1};
  if (count > 0) {
    interval.low = crossing([&](double p) { return binomial.at_least(p); }, tail, 0.0, share);
  }
  if (count < n) {
    interval.high = crossing([&](double p) { return -binomial.at_most(p); }, -tail, share, 1.0);
  }
  return interval;
}

double none_of_n_bound(std::uint64_t n, double confidence) {
  EXPECT_CONTRACT(n >= 1 && confidence > 0 && confidence < 1);
  return -portable_expm1(portable_log1p(-confidence) / static_cast<double>(n));
}

Interval probability_interval(std::uint64_t count, std::uint64_t n, double confidence) {
  EXPECT_CONTRACT(n >= 1 && count <= n);
  if (count == 0) {
    return {.low = 0, .high = none_of_n_bound(n, confidence)};
  }
  if (count == n) {
    return {.low = 1 - none_of_n_bound(n, confidence), .high = 1};
  }
  return std::min(count, n - count) <= kFewCounts
             ? clopper_pearson(count, n, 1 - 0.8 * (1 - confidence))
             : wilson(count, n, confidence);
}

Interval paired_difference_interval(std::uint64_t only_first, std::uint64_t only_second,
                                    std::uint64_t n, double confidence) {
  EXPECT_CONTRACT(n >= 1 && only_first + only_second <= n);
  const double total = static_cast<double>(n) + 2;
  const double first = (static_cast<double>(only_first) + 1) / total;
  const double second = (static_cast<double>(only_second) + 1) / total;
  const double centre = first - second;
  const double half = z_of(confidence) * std::sqrt((first + second - centre * centre) / total);
  return {.low = std::max(-1.0, centre - half), .high = std::min(1.0, centre + half)};
}

void Moments::add(double x) {
  EXPECT_CONTRACT(std::isfinite(x));
  const auto before = static_cast<double>(n);
  n += 1;
  const auto now = static_cast<double>(n);
  const double step = (x - mean) / now;
  const double square = (x - mean) * step * before;
  m3 += square * step * (now - 2) - 3 * step * m2;
  m2 += square;
  mean += step;
}

double Moments::standard_error() const {
  if (n < 2) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto values = static_cast<double>(n);
  return std::sqrt(m2 / (values - 1) / values);
}

Interval mean_interval(const Moments& values, double confidence) {
  constexpr std::uint64_t kFewest = 10;
  if (values.n < kFewest || !(values.m2 > 0)) {
    return {};
  }
  const double t = student_quantile(0.5 + 0.5 * confidence, static_cast<double>(values.n - 1));
  const double half = t * values.standard_error();
  return {.low = values.mean - half, .high = values.mean + half};
}

bool mean_is_approximate(const Moments& values, double confidence) {
  constexpr std::uint64_t kFew = 30;
  const double z = z_of(confidence) / z_of(0.95);
  // G1² = n m3² / m2³
  return values.n < kFew || 25 * z * z * values.m3 * values.m3 >= values.m2 * values.m2 * values.m2;
}

double probability_standard_error(std::uint64_t count, std::uint64_t n) {
  EXPECT_CONTRACT(n >= 1 && count <= n);
  const auto trials = static_cast<double>(n);
  const auto happened = static_cast<double>(count);
  const bool certain = count == 0 || count == n;
  const double share = certain ? (happened + 0.5) / (trials + 1) : happened / trials;
  return std::sqrt(share * (1 - share) / trials);
}

double paired_difference_standard_error(std::uint64_t only_first, std::uint64_t only_second,
                                        std::uint64_t n) {
  EXPECT_CONTRACT(n >= 1 && only_first + only_second <= n);
  const auto pairs = static_cast<double>(n);
  const bool none = only_first + only_second == 0;
  const double first = none ? 0.5 / (pairs + 1) : static_cast<double>(only_first) / pairs;
  const double second = none ? 0.5 / (pairs + 1) : static_cast<double>(only_second) / pairs;
  const double difference = first - second;
  return std::sqrt((first + second - difference * difference) / pairs);
}

std::string probability_text(std::uint64_t count, std::uint64_t n, const Interval& interval) {
  const std::string stem = fmt::format("{} of {}: ", count, n);
  if (count == 0) {
    return stem + "at most " + percent(interval.high);
  }
  if (count == n) {
    return stem + "at least " + percent(interval.low);
  }
  return stem + percent(static_cast<double>(count) / static_cast<double>(n)) + " (" +
         percent(interval.low) + " to " + percent(interval.high) + ")";
}

}  // namespace fingers
