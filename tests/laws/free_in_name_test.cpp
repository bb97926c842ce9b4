// Law: free in name only (M17, M1, M14). Let budgets of labs grow by h a year and the
// price of repeating a fixed run fall by g (hardware × algorithms). The years until a fixed budget
// repeats today's frontier then grow by ln h/ln g a year, and the age of what it affords today by
// ln h/ln(hg) a year: whoever's budget stands still falls ever further behind, unless h = 1.
// Setting: one lab that trains twice a month, no noise, jumps, bootstrap or spillover, pace 1,
// constant safety share, constant share of the largest run, budgets below their cap. Everything is
// read from recorded series: the frontier and the price of repeating it. Slopes over 15 years of
// months; the law has no noise, so a tolerance of 0.005 (recorded values are rounded to 12 bits,
// training to a month) takes the place of three standard errors. Wrong variants: only hardware gets
// cheaper; the lag is constant; the two slopes exchanged.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kTolerance = 0.005;
constexpr double kHardwareDoublingYears = 1.94;

struct Clocks {
  double until_slope = 0;  ///< of the years until a fixed budget repeats today's frontier
  double age_slope = 0;    ///< of the age of what it affords today
};

/// log10 of the price in month `then` of repeating the frontier of month `of`.
double price_oom(const RunView& run, std::size_t of, std::size_t then) {
  const auto frontier = run.series("frontier_oom");
  const auto price = run.series("retrain_cost_usd");
  return std::log10(static_cast<double>(price[then])) + static_cast<double>(frontier[of]) -
         static_cast<double>(frontier[then]);
}

/// Month, with a fraction, at which f crosses 0; f is monotone and must cross between the ends.
double crossing_month(std::size_t from, std::size_t to,
                      const std::function<double(std::size_t)>& f) {
  for (std::size_t month = from; month + 1 < to; ++month) {
    if ((f(month) > 0) != (f(month + 1) > 0)) {
      return static_cast<double>(month) + f(month) / (f(month) - f(month + 1));
    }
  }
  FAIL("the budget never reaches the frontier");
  return 0;
}

double slope(const std::vector<double>& values) {  // per step, by least squares
  const double n = static_cast<double>(values.size());
  double above = 0;
  double below = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) - 0.5 * (n - 1.0);
    above += x * values[i];
    below += x * x;
  }
  return above / below;
}

Clocks clocks_of(double growth, const char* algorithm_doubling_months) {
  constexpr std::size_t kFirst = 60;
  constexpr std::size_t kLast = 240;
  const LawRuns runs(
      LawConfig::quiet()
          .set("/time/years", 36)
          .set("/labs/lab/initial_models", "[]")
          .set("/labs/lab/budget_usd_per_year", 1e4)
          .set("/labs/lab/cap_usd_per_year", 1e15)
          .set("/labs/lab/growth", growth)
          .set("/labs/lab/cadence_months", 0.5)
          .set("/mechanisms/flaws/enabled", "false")
          .set("/mechanisms/training/run_growth", 1)
          .set("/mechanisms/trends/hardware_doubling_years", kHardwareDoublingYears)
          .set("/mechanisms/trends/algorithm_doubling_months", algorithm_doubling_months));
  Clocks clocks;
  runs.run(0, 0, [&](const RunView& run) {
    const std::size_t n = run.series("frontier_oom").size();
    const double budget_oom = price_oom(run, kFirst, kFirst) - 0.5;
    std::vector<double> until;
    std::vector<double> age;
    for (std::size_t month = kFirst; month < kLast; ++month) {
      const double repeats = crossing_month(
          month, n, [&](std::size_t then) { return budget_oom - price_oom(run, month, then); });
      const double affords = crossing_month(
          1, month + 1, [&](std::size_t of) { return budget_oom - price_oom(run, of, month); });
      until.push_back(repeats - static_cast<double>(month));
      age.push_back(static_cast<double>(month) - affords);
    }
    clocks = {.until_slope = slope(until), .age_slope = slope(age)};
  });
  return clocks;
}

void check_slope(const std::string& name, double value, const Law& law) {
  INFO(name << ": " << value << " (tolerance " << law.bound << "), expected " << law.expected
            << ", wrong variant " << law.wrong);
  CHECK(std::fabs(value - law.expected) <= law.bound);
  CHECK(std::fabs(value - law.wrong) > law.bound);
}

}  // namespace

TEST_CASE("a fixed budget falls ever further behind the frontier") {
  constexpr double kGrowth = 1.5;
  const double hardware = std::log(2.0) / kHardwareDoublingYears;
  const double algorithms = std::log(2.0) * 12.0 / 16.0;
  const Clocks both = clocks_of(kGrowth, "16");
  const double h = std::log(kGrowth);
  const double g = hardware + algorithms;
  check_slope("years until it repeats today's frontier", both.until_slope,
              {.expected = h / g, .bound = kTolerance, .wrong = h / hardware});
  check_slope("age of what it affords", both.age_slope,
              {.expected = h / (h + g), .bound = kTolerance, .wrong = h / g});
  const Clocks cheaper_hardware_only = clocks_of(1.2, "\"infinite\"");
  check_slope("years until, hardware only", cheaper_hardware_only.until_slope,
              {.expected = std::log(1.2) / hardware, .bound = kTolerance, .wrong = 0.0});
  check_slope("years until, budgets that stand still", clocks_of(1.0, "16").until_slope,
              {.expected = 0.0, .bound = kTolerance, .wrong = h / g});
}

}  // namespace fingers
