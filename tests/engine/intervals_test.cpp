// Intervals against SciPy 1.17.1, Boost, hand-computed numbers, and their own promise: coverage.
#include "engine/intervals.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

void check_same(const Interval& found, double low, double high, double relative) {
  CHECK(found.low == Approx(low).epsilon(relative).margin(0));
  CHECK(found.high == Approx(high).epsilon(relative).margin(0));
}

// python -c "from scipy.stats import norm; print(*map(repr, norm.ppf([1e-300, 1e-10, …])))"
TEST_CASE("quantiles of the normal distribution are SciPy's", "[intervals]") {
  CHECK(normal_quantile(1e-300) == Approx(-37.0470962993612).epsilon(1e-14));
  CHECK(normal_quantile(1e-10) == Approx(-6.361340902404056).epsilon(1e-14));
  CHECK(normal_quantile(0.001) == Approx(-3.090232306167813).epsilon(1e-14));
  CHECK(normal_quantile(0.3) == Approx(-0.5244005127080409).epsilon(1e-14));
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.975) == Approx(1.9599639845400545).epsilon(1e-14));
  CHECK(normal_quantile(0.9995) == Approx(3.2905267314919255).epsilon(1e-13));
}

// python -c "from scipy.stats import t; print(repr(t.ppf(.975, 9)), …)"
TEST_CASE("quantiles of Student's distribution are SciPy's within the error stated",
          "[intervals]") {
  CHECK(student_quantile(0.975, 9) == Approx(2.262157162798205).epsilon(1e-5));
  CHECK(student_quantile(0.975, 29) == Approx(2.045229642132703).epsilon(1e-7));
  CHECK(student_quantile(0.975, 199) == Approx(1.9719565442517533).epsilon(1e-11));
  CHECK(student_quantile(0.9981, 199) == Approx(2.928773928264337).epsilon(1e-10));
  CHECK(student_quantile(0.99995, 29) == Approx(4.505511631211001).epsilon(1e-5));
  CHECK(student_quantile(0.99995, 1e5) == Approx(3.8907488453857835).epsilon(1e-13));
  CHECK(breaks_contract([] { student_quantile(0.975, 8); }));
}

// python -c "from scipy.stats import binomtest as b; print(b(1,
// 10).proportion_ci(method='wilson'))"
TEST_CASE("Wilson's and the exact interval are SciPy's", "[intervals]") {
  check_same(wilson(1, 10, 0.95), 0.017876213095072896, 0.4041500267952385, 1e-13);
  check_same(wilson(37, 100, 0.95), 0.28182360534324535, 0.4677947041905709, 1e-13);
  check_same(wilson(299, 300, 0.95), 0.9813633063054688, 0.9994113422781488, 1e-13);
  check_same(wilson(120, 4500, 0.99), 0.021142703505210914, 0.033584360536972176, 1e-13);
  check_same(clopper_pearson(1, 10, 0.95), 0.0025285785444625728, 0.44501611702819543, 1e-12);
  check_same(clopper_pearson(37, 100, 0.95), 0.2755665796145391, 0.4723516405516859, 1e-12);
  check_same(clopper_pearson(299, 300, 0.95), 0.9815687479519322, 0.9999156108676822, 1e-12);
  check_same(clopper_pearson(11, 20000, 0.95), 0.00027458897358044557, 0.0009838883291847132,
             1e-11);
  check_same(clopper_pearson(120, 4500, 0.99), 0.020872918236252556, 0.033484865361890465, 1e-11);
}

TEST_CASE("the exact interval is Boost's for every count", "[intervals]") {
  using boost::math::binomial_distribution;
  constexpr double kTail = 0.001;
  for (const std::uint64_t n : {1ULL, 2ULL, 7ULL, 40ULL, 1000ULL}) {
    for (std::uint64_t count = 0; count <= n; count += n > 100 ? 37 : 1) {
      const auto trials = static_cast<double>(n);
      const auto happened = static_cast<double>(count);
      const Interval found = clopper_pearson(count, n, 1 - 2 * kTail);
      CHECK(found.low ==
            Approx(binomial_distribution<>::find_lower_bound_on_p(trials, happened, kTail))
                .epsilon(1e-9));
      CHECK(found.high ==
            Approx(binomial_distribution<>::find_upper_bound_on_p(trials, happened, kTail))
                .epsilon(1e-9));
    }
  }
}

TEST_CASE("0 of n is bounded by about 3 in n, and n of n the other way round", "[intervals]") {
  // 1 - 0.05^(1/300) = 0.0099360
  CHECK(none_of_n_bound(300, 0.95) == Approx(0.0099360).epsilon(1e-5));
  CHECK(none_of_n_bound(1000000, 0.95) * 1e6 == Approx(-std::log(0.05)).epsilon(1e-5));
  check_same(probability_interval(0, 300, 0.95), 0, none_of_n_bound(300, 0.95), 1e-15);
  check_same(probability_interval(300, 300, 0.95), 1 - none_of_n_bound(300, 0.95), 1, 1e-15);
}

TEST_CASE("few counts get the exact interval with narrower tails, many Wilson's", "[intervals]") {
  // python -c "from scipy.stats import beta; print(beta.ppf(.02, 10, 491), beta.ppf(.98, 11, 490))"
  check_same(probability_interval(10, 500, 0.95), 0.009277502095735538, 0.03732738893098236, 1e-11);
  check_same(probability_interval(490, 500, 0.95), 1 - 0.03732738893098236,
             1 - 0.009277502095735538, 1e-11);
  CHECK(probability_interval(11, 500, 0.95).low == wilson(11, 500, 0.95).low);
  CHECK(probability_interval(489, 500, 0.95).high == wilson(489, 500, 0.95).high);
}

/// The chance that the interval of a count of n covers p.
double coverage_at(const std::vector<Interval>& intervals, double p) {
  const boost::math::binomial_distribution<> counts(static_cast<double>(intervals.size() - 1), p);
  double covered = 0;
  for (std::size_t count = 0; count < intervals.size(); ++count) {
    const bool inside = intervals[count].low <= p && p <= intervals[count].high;
    covered += inside ? boost::math::pdf(counts, static_cast<double>(count)) : 0.0;
  }
  return covered;
}

/// The least coverage over all probabilities up to `most`: it drops only at ends of intervals.
double least_coverage(std::uint64_t n, double most) {
  std::vector<Interval> intervals;
  std::vector<double> ends;
  for (std::uint64_t count = 0; count <= n; ++count) {
    intervals.push_back(probability_interval(count, n, 0.95));
    ends.push_back(intervals.back().low);
    ends.push_back(intervals.back().high);
  }
  double least = 1;
  for (const double end : ends) {
    for (const double p : {end * (1 - 1e-9), end * (1 + 1e-9)}) {
      if (p > 0 && p <= most) {
        least = std::min(least, coverage_at(intervals, p));
      }
    }
  }
  return least;
}

TEST_CASE("the interval of a probability covers at least .93 for any probability and n",
          "[intervals]") {
  // an exact sum over all counts, at both sides of each end: no sampling error
  for (const std::uint64_t n : {1ULL, 2ULL, 5ULL, 10ULL, 29ULL, 50ULL, 90ULL, 200ULL}) {
    INFO(n);
    CHECK(least_coverage(n, 0.5) >= 0.93);
  }
}

TEST_CASE("the paired difference of probabilities by hand", "[intervals]") {
  // 21 pairs, 1 and 7 of which differ: with one more of each, (2 - 8)/23 = -0.2608696, and
  // 1.959964 sqrt((10/23 - 0.2608696^2)/23) = 0.2474897
  check_same(paired_difference_interval(1, 7, 21, 0.95), -0.5083593, -0.0133798, 1e-5);
  // pairs that never differ: 1.959964 sqrt(2/102/102) = 0.0271746
  check_same(paired_difference_interval(0, 0, 100, 0.95), -0.0271746, 0.0271746, 1e-5);
  // 2 pairs that both differ: 3/4 - 1/4 - 1.959964 sqrt((1 - 1/4)/4) = -0.3486893, cut at 1
  check_same(paired_difference_interval(2, 0, 2, 0.95), -0.3486893, 1, 1e-5);
}

TEST_CASE("moments that come one by one are those of all values at once", "[intervals]") {
  // python -c "from scipy import stats; x = [1, 2, 4, 8, 16, 32, 3, 5, 7, 11.]
  // print(stats.sem(x), stats.skew(x), stats.t.interval(.95, 9, sum(x) / 10, stats.sem(x)))"
  Moments values;
  for (const double x : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 3.0, 5.0, 7.0, 11.0}) {
    values.add(x);
  }
  CHECK(values.n == 10);
  CHECK(values.mean == Approx(8.9));
  CHECK(values.standard_error() == Approx(2.938064366589374));
  CHECK(values.m3 / 10 / std::pow(values.m2 / 10, 1.5) == Approx(1.6767676490525418));
  check_same(mean_interval(values, 0.95), 2.253636648357677, 15.546363351642324, 2e-5);
  CHECK(mean_is_approximate(values, 0.95));
}

TEST_CASE("too few values, or equal ones, have no interval of their mean", "[intervals]") {
  Moments values;
  CHECK(std::isnan(values.standard_error()));
  for (int i = 0; i < 9; ++i) {
    values.add(i);
  }
  CHECK(std::isnan(mean_interval(values, 0.95).low));
  values.add(9);
  CHECK(mean_interval(values, 0.95).half_width() > 0);
  Moments equal;
  for (int i = 0; i < 100; ++i) {
    equal.add(2.5);
  }
  CHECK(std::isnan(mean_interval(equal, 0.95).high));
  CHECK(mean_is_approximate(equal, 0.95));
}

TEST_CASE("a mean is approximate while n is at most 25 times its squared skewness", "[intervals]") {
  // k ones among n: G1^2 = (1 - 2p)^2 / (p (1 - p)), so 25 G1^2 passes n = 1000 between 24 and 25
  const auto ones = [](int k) {
    Moments values;
    for (int i = 0; i < 1000; ++i) {
      values.add(i < k ? 1 : 0);
    }
    return values;
  };
  CHECK(mean_is_approximate(ones(23), 0.95));
  CHECK_FALSE(mean_is_approximate(ones(25), 0.95));
  // at .99 it is 25 (2.5758/1.95996)^2 = 43.2, passed between 39 and 40
  CHECK(mean_is_approximate(ones(38), 0.99));
  CHECK_FALSE(mean_is_approximate(ones(41), 0.99));
}

TEST_CASE("a standard error is never nothing for a probability", "[intervals]") {
  CHECK(probability_standard_error(20, 100) == Approx(0.04));
  // (1/2)/101 instead of 0
  CHECK(probability_standard_error(0, 100) == Approx(std::sqrt(0.5 / 101 * 100.5 / 101 / 100)));
  CHECK(probability_standard_error(100, 100) == Approx(probability_standard_error(0, 100)));
  CHECK(paired_difference_standard_error(3, 1, 100) == Approx(std::sqrt((0.04 - 0.0004) / 100)));
  CHECK(paired_difference_standard_error(0, 0, 100) == Approx(std::sqrt(1.0 / 101 / 100)));
}

TEST_CASE("a probability is said with its counts, and never as nothing", "[intervals]") {
  const auto said = [](std::uint64_t count, std::uint64_t n) {
    return probability_text(count, n, probability_interval(count, n, 0.95));
  };
  CHECK(said(0, 300) == "0 of 300: at most 1.0 %");
  CHECK(said(300, 300) == "300 of 300: at least 99 %");
  CHECK(said(37, 100) == "37 of 100: 37 % (28 % to 47 %)");
  CHECK(said(12, 20000) == "12 of 20000: 0.06 % (0.034 % to 0.1 %)");
}

}  // namespace
}  // namespace fingers
