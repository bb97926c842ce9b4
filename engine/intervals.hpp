// Intervals for what replicates estimate: probabilities, means, and differences between settings
// that share their replicates. They decide how many replicates are run, so the same counts give the
// same bits on every machine: only + - * / sqrt and engine/arithmetic. How often each interval
// covers is measured in docs/intervals.md; analysis/enough_fingers/intervals.py has the same ones.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace fingers {

/// From low to high, both included; two NaN where no interval can be given.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] double half_width() const { return 0.5 * (high - low); }
};

/// z with P(Z <= z) = p for a standard normal Z, 0 < p < 1. Relative error below 1e-15 (Wichura
/// 1988, Applied Statistics 37: 477-484, algorithm AS 241, PPND16).
double normal_quantile(double p);

/// t with P(T <= t) = p for Student's T, 0.5 < p < 1. Expects degrees >= 9. Relative error below
/// 1e-5 at p = .975 and 1.4e-3 at .99995 with 9 degrees, below 1e-5 at both from 29 degrees on
/// (Abramowitz and Stegun 1964, 26.7.5).
double student_quantile(double p, double degrees);

/// Score interval for a probability (Wilson 1927, JASA 22: 209-212). Expects count <= n, n >= 1.
Interval wilson(std::uint64_t count, std::uint64_t n, double confidence);

/// Exact interval for a probability, which covers at least as often as it says (Clopper and Pearson
/// 1934, Biometrika 26: 404-413). Expects count <= n, n >= 1. Takes O(min(count, n - count)) steps.
Interval clopper_pearson(std::uint64_t count, std::uint64_t n, double confidence);

/// What a probability is at most, at this confidence, when it happened in 0 of n: 1 - alpha^(1/n),
/// about 3/n at 95 % (Hanley and Lippman-Hand 1983, JAMA 249: 1743-1745). Expects n >= 1.
double none_of_n_bound(std::uint64_t n, double confidence);

/// Up to how many of the rarer kind probability_interval is exact: beyond them Wilson's covers too.
inline constexpr std::uint64_t kFewCounts = 10;

/// The interval for a probability that is printed: of 0 or n of n a one-sided bound (above), of few
/// Clopper and Pearson's, else Wilson's. The exact one leaves 0.4 alpha at each end instead of
/// 0.5, for where it meets the bound of 0, which leaves alpha, both may miss. At 95 % it covers at
/// least .93 for any probability and n. Expects count <= n, n >= 1.
Interval probability_interval(std::uint64_t count, std::uint64_t n, double confidence);

/// Interval for P(first) - P(second) over n pairs, of which `only_first` had the first alone and
/// `only_second` the second alone: Wald's after one observation is added to each kind (Bonett and
/// Price 2012, J. Educ. Behav. Stat. 37: 479-488, equation 8). At 95 % it covers at least .93 where
/// Agresti and Min's has .86, and is narrower than Newcombe's of 1998. Expects n >= 1.
Interval paired_difference_interval(std::uint64_t only_first, std::uint64_t only_second,
                                    std::uint64_t n, double confidence);

/// Count, mean and central moments of values that come one by one (Pébay 2008, Sandia report
/// SAND2008-6212, equations 1.1 to 1.3). Their order decides the last bits.
struct Moments {
  std::uint64_t n = 0;
  double mean = 0;
  double m2 = 0;  ///< sum of squared distances from the mean
  double m3 = 0;  ///< sum of their cubes

  /// Expects a finite x.
  void add(double x);
  /// Monte-Carlo standard error of the mean; NaN for fewer than 2 values.
  [[nodiscard]] double standard_error() const;
};

/// Student's interval of a mean. None for fewer than 10 values, or when all are equal: no width
/// would be read as certainty.
Interval mean_interval(const Moments& values, double confidence);

/// Whether the interval of a mean may cover under 93 % at nominal 95 %: fewer than 30 values, or
/// n <= 25 G1², where G1 is the sample's skewness (Cochran 1977, Sampling Techniques, 2.15). At
/// another confidence the 25 goes with z², because skewness is felt further out.
bool mean_is_approximate(const Moments& values, double confidence);

/// sqrt(p (1 - p) / n), the Monte-Carlo standard error of a probability; of 0 or n of n that at
/// p = (count + 1/2) / (n + 1), because luck is never nothing.
double probability_standard_error(std::uint64_t count, std::uint64_t n);

/// Monte-Carlo standard error of a paired difference of probabilities; half a pair is added to each
/// kind when none differs.
double paired_difference_standard_error(std::uint64_t only_first, std::uint64_t only_second,
                                        std::uint64_t n);

/// "0 of 300: at most 1.0 %", "37 of 100: 37 % (28 % to 47 %)": never "0 %". Expects an interval of
/// probability_interval.
std::string probability_text(std::uint64_t count, std::uint64_t n, const Interval& interval);

}  // namespace fingers
