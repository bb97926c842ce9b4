// The stopping rule: with outcomes made up for the purpose, and with coin tosses in thousands of
// batches, for the promise that its intervals make.
#include "engine/precision.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The outcomes of all points in one replicate.
using Outcomes = std::function<std::vector<OutcomeValue>(std::uint32_t replicate)>;

PrecisionTarget target(double half_width, std::uint32_t minimum, std::uint32_t maximum) {
  PrecisionTarget asked;
  asked.outcome = "p_hit";
  asked.event = true;
  asked.half_width = half_width;
  asked.minimum = minimum;
  asked.maximum = maximum;
  return asked;
}

PrecisionTarget contrast(double half_width, std::uint32_t minimum, std::uint32_t maximum) {
  PrecisionTarget asked = target(half_width, minimum, maximum);
  asked.contrast = true;
  asked.first = 1;
  asked.second = 0;
  return asked;
}

/// Adds replicates and looks until the rule stops; all looks.
std::vector<Look> run(PrecisionRule rule, const Outcomes& outcomes) {
  std::vector<Look> looks;
  do {
    while (rule.replicates() < rule.wanted()) {
      rule.add(outcomes(rule.replicates()));
    }
    looks.push_back(rule.look());
  } while (looks.back().verdict == Verdict::goes_on);
  return looks;
}

std::vector<OutcomeValue> values(const std::vector<double>& numbers) {
  std::vector<OutcomeValue> list;
  for (const double number : numbers) {
    list.push_back({.value = number, .finished = true});
  }
  return list;
}

}  // namespace

TEST_CASE("looks begin at the minimum, grow by half, and end at the maximum", "[precision]") {
  CHECK(look_schedule(200, 1000) == std::vector<std::uint32_t>{200, 300, 450, 675, 1000});
  CHECK(look_schedule(1, 4) == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(look_schedule(500, 500) == std::vector<std::uint32_t>{500});
  CHECK(look_schedule(500, 100) == std::vector<std::uint32_t>{100});
  CHECK(look_schedule(200, 4294967295U).back() == 4294967295U);
  CHECK(confidence_per_look(0.95, 5) == Approx(0.99));
}

TEST_CASE("it stops at the first look at which every point is precise enough", "[precision]") {
  // point 0: 1 of 2, point 1: 1 of 10; Wilson's half-width at 675, .99: z = 2.5758:
  // .0493 for the first (p = .5), which is the wider; at 450 .0602
  const auto looks = run(PrecisionRule(target(0.05, 200, 1000), 2, 1), [](std::uint32_t replicate) {
    return values({replicate % 2 == 0 ? kNan : 2030.5, replicate % 10 == 0 ? 2027.0 : kNan});
  });
  REQUIRE(looks.size() == 4);
  CHECK(looks.back().verdict == Verdict::precise);
  CHECK(looks.back().replicates == 675);
  CHECK(looks.back().n_looks == 5);
  REQUIRE(looks.back().estimates.size() == 2);
  const PrecisionEstimate& half = looks.back().estimates[0];
  CHECK(half.kind == IntervalKind::probability);
  CHECK(half.count == 337);
  CHECK(half.n == 675);
  CHECK(half.interval.low == wilson(337, 675, 0.99).low);
  CHECK(half.standard_error == Approx(0.5 / std::sqrt(675.0)).epsilon(1e-4));
  CHECK(looks[2].estimates[1].precise);
  CHECK_FALSE(looks[2].estimates[0].precise);
  CHECK(looks.back().estimates[1].setting == 1);
}

TEST_CASE("it stops at the maximum, and says so", "[precision]") {
  const auto looks =
      run(PrecisionRule(target(0.001, 200, 1000), 1, 1),
          [](std::uint32_t replicate) { return values({replicate % 2 == 0 ? kNan : 1.0}); });
  CHECK(looks.size() == 5);
  CHECK(looks.back().verdict == Verdict::maximum_reached);
  CHECK(looks.back().replicates == 1000);
}

TEST_CASE("what never happened is bounded, not certain", "[precision]") {
  const auto never = [](std::uint32_t) { return values({kNan}); };
  // 1 look: half of 1 - .05^(1/n) is .0074 at 200 and .0049 at 300
  const auto one = run(PrecisionRule(target(0.008, 200, 200), 1, 1), never);
  CHECK(one.back().verdict == Verdict::precise);
  CHECK(one.back().estimates[0].interval.low == 0);
  CHECK(one.back().estimates[0].interval.high == Approx(1 - std::pow(0.05, 1.0 / 200)));
  CHECK(one.back().estimates[0].standard_error > 0);
  const auto more = run(PrecisionRule(target(0.007, 200, 200), 1, 1), never);
  CHECK(more.back().verdict == Verdict::maximum_reached);
}

TEST_CASE("a contrast is paired at each combination of factors", "[precision]") {
  // 2 settings × 2 combinations. At the first combination the pairs differ in 1 of 4, at the second
  // never; whether the events of both settings move together does not matter.
  const auto looks =
      run(PrecisionRule(contrast(0.06, 100, 400), 2, 2), [](std::uint32_t replicate) {
        const double common = replicate % 3 == 0 ? 2026.0 : kNan;
        return values({kNan, common, replicate % 4 == 0 ? 2025.0 : kNan, common});
      });
  CHECK(looks.back().replicates == 400);
  CHECK(looks.back().verdict == Verdict::precise);
  REQUIRE(looks.back().estimates.size() == 2);
  const double each = confidence_per_look(0.95, looks.back().n_looks);
  const PrecisionEstimate& first = looks.back().estimates[0];
  CHECK(first.kind == IntervalKind::paired_probabilities);
  CHECK(first.value == Approx(0.25));
  CHECK(first.n == 400);
  CHECK(first.setting == 1);
  CHECK(first.interval.low == paired_difference_interval(100, 0, 400, each).low);
  const PrecisionEstimate& second = looks.back().estimates[1];
  CHECK(second.combination == 1);
  CHECK(second.value == 0);
  CHECK(second.interval.high == paired_difference_interval(0, 0, 400, each).high);
}

TEST_CASE("a number has Student's interval, of those that have a value", "[precision]") {
  PrecisionTarget asked = target(10, 100, 100);
  asked.event = false;
  Moments expected;
  const auto looks = run(PrecisionRule(asked, 1, 1), [&](std::uint32_t replicate) {
    const double x = replicate % 5 == 0 ? kNan : replicate % 7;
    if (!std::isnan(x)) {
      expected.add(x);
    }
    return values({x});
  });
  const PrecisionEstimate& found = looks.back().estimates[0];
  CHECK(found.kind == IntervalKind::mean);
  CHECK(found.n == 80);
  CHECK(found.value == expected.mean);
  CHECK(found.interval.low == mean_interval(expected, 0.95).low);
  CHECK_FALSE(found.approximate);
}

TEST_CASE("a replicate that failed is not one in which nothing happened", "[precision]") {
  const auto looks = run(PrecisionRule(target(0.5, 100, 100), 1, 1), [](std::uint32_t replicate) {
    return std::vector<OutcomeValue>{{.value = kNan, .finished = replicate >= 40}};
  });
  CHECK(looks.back().estimates[0].n == 60);
}

TEST_CASE("an outcome that does not apply anywhere is never precise", "[precision]") {
  PrecisionTarget asked = target(1, 100, 200);
  asked.event = false;
  const auto looks = run(PrecisionRule(asked, 1, 1), [](std::uint32_t) { return values({kNan}); });
  CHECK(looks.back().verdict == Verdict::maximum_reached);
  CHECK(std::isnan(looks.back().estimates[0].value));
  CHECK(estimate_text(looks.back().estimates[0]) == "no replicate has a value");
}

TEST_CASE("equal numbers have no interval, and do not stop it", "[precision]") {
  PrecisionTarget asked = target(1, 100, 200);
  asked.event = false;
  const auto looks = run(PrecisionRule(asked, 1, 1), [](std::uint32_t) { return values({0}); });
  CHECK(looks.back().verdict == Verdict::maximum_reached);
  CHECK(estimate_text(looks.back().estimates[0]) ==
        "0, n = 200, without an interval: all values are equal");
}

TEST_CASE("a heavy tail that may cover too seldom does not stop it", "[precision]") {
  PrecisionTarget asked = target(1000, 100, 200);
  asked.event = false;
  const auto looks = run(PrecisionRule(asked, 1, 1), [](std::uint32_t replicate) {
    return values({replicate == 50 ? 1000.0 : static_cast<double>(replicate % 3)});
  });
  const PrecisionEstimate& found = looks.back().estimates[0];
  CHECK(found.interval.half_width() < asked.half_width);
  CHECK(found.approximate);
  CHECK(looks.back().verdict == Verdict::maximum_reached);
  CHECK(estimate_text(found).find("approximate") != std::string::npos);
}

TEST_CASE("an outcome of zeros and ones is a probability without being declared one",
          "[precision]") {
  PrecisionTarget asked = target(0.05, 300, 300);
  asked.event = false;
  const auto rare = [](std::uint32_t replicate) { return values({replicate == 7 ? 1.0 : 0.0}); };
  const auto looks = run(PrecisionRule(asked, 1, 1), rare);
  CHECK(looks.back().estimates[0].kind == IntervalKind::probability);
  CHECK(looks.back().estimates[0].interval.high == probability_interval(1, 300, 0.95).high);
  const auto twice = [](std::uint32_t replicate) { return values({replicate == 7 ? 2.0 : 0.0}); };
  CHECK(run(PrecisionRule(asked, 1, 1), twice).back().estimates[0].kind == IntervalKind::mean);
}

TEST_CASE("the same outcomes give the same bits, however many are given at a time", "[precision]") {
  // an interrupted batch feeds the stored replicates anew
  const auto outcomes = [](std::uint32_t replicate) {
    return values({std::sqrt(static_cast<double>(replicate * 7919 % 1000))});
  };
  PrecisionTarget asked = target(1, 100, 2000);
  asked.event = false;
  const auto first = run(PrecisionRule(asked, 1, 1), outcomes);
  PrecisionRule again(asked, 1, 1);
  for (std::uint32_t replicate = 0; replicate < 60; ++replicate) {
    again.add(outcomes(replicate));
  }
  const auto second = run(again, outcomes);
  REQUIRE(first.size() == second.size());
  CHECK(first.back().estimates[0].interval.low == second.back().estimates[0].interval.low);
  CHECK(first.back().replicates == second.back().replicates);
}

TEST_CASE("the rule refuses what cannot be looked at", "[precision]") {
  CHECK(breaks_contract([] { PrecisionRule(target(0, 200, 1000), 1, 1); }));
  CHECK(breaks_contract([] { PrecisionRule(contrast(0.1, 200, 1000), 1, 1); }));
  CHECK(breaks_contract([] { PrecisionRule(target(0.1, 200, 1000), 1, 1).look(); }));
  CHECK(breaks_contract([] { PrecisionRule(target(0.1, 200, 1000), 2, 1).add(values({1})); }));
}

TEST_CASE("looks and estimates are said in a line", "[precision]") {
  const auto looks = run(PrecisionRule(target(0.05, 200, 1000), 1, 1), [](std::uint32_t replicate) {
    return values({replicate % 10 == 0 ? 1.0 : kNan});
  });
  CHECK(look_text(target(0.05, 200, 1000), looks[0]) ==
        "look 1 of 5, 200 replicates: 0 of 1 intervals of p_hit are narrow enough (half-width 0.05 "
        "asked for, widest 0.0553); goes on");
  CHECK(estimate_text(looks[0].estimates[0]) == "20 of 200: 10 % (5.8 % to 17 %)");
}

namespace {

struct Batches {
  double stopped_covered = 0;  ///< share of batches whose interval at the stop covered
  double all_covered = 0;      ///< share whose intervals covered at all looks up to the maximum
  double ordinary_missed = 0;  ///< share in which an ordinary 95 % interval missed at some look
};

constexpr std::uint32_t kMostTosses = 8000;

/// One batch of coin tosses: those of a second coin share half of their draws with the first.
class TossedBatch {
 public:
  TossedBatch(double p, double q, double half_width, std::uint64_t seed)
      : p_(p),
        q_(q),
        draws_(seed),
        rule_(contrast(half_width, 200, kMostTosses), 2, 1),
        all_(contrast(1e-9, 200, kMostTosses), 2, 1) {}

  void toss() {
    ++n_;
    const double u = static_cast<double>(draws_() >> 11U) * 0x1p-53;
    const double v = static_cast<double>(draws_() >> 11U) * 0x1p-53;
    const bool first = u < p_;
    const bool second = (n_ % 2 == 0 ? u : v) < q_;
    plus_ += second && !first ? 1 : 0;
    minus_ += first && !second ? 1 : 0;
    const auto outcomes = values({first ? 1 : kNan, second ? 1 : kNan});
    all_.add(outcomes);
    if (!stopped_) {
      rule_.add(outcomes);
    }
    look();
  }

  bool covered_at_stop = false;
  bool covered_always = true;
  bool ordinary_covered = true;

 private:
  [[nodiscard]] bool covers(const Interval& interval) const {
    return interval.low <= q_ - p_ && q_ - p_ <= interval.high;
  }
  void look() {
    if (!stopped_ && n_ == rule_.wanted()) {
      const Look look = rule_.look();
      stopped_ = look.verdict != Verdict::goes_on;
      covered_at_stop = stopped_ && covers(look.estimates[0].interval);
    }
    if (n_ == all_.wanted()) {
      covered_always = covers(all_.look().estimates[0].interval) && covered_always;
      ordinary_covered =
          covers(paired_difference_interval(plus_, minus_, n_, 0.95)) && ordinary_covered;
    }
  }

  double p_;
  double q_;
  std::mt19937_64 draws_;
  PrecisionRule rule_;
  PrecisionRule all_;
  bool stopped_ = false;
  std::uint32_t n_ = 0;
  std::uint64_t plus_ = 0;
  std::uint64_t minus_ = 0;
};

Batches toss(double p, double q, double half_width, int n_batches) {
  Batches found;
  for (int i = 0; i < n_batches; ++i) {
    TossedBatch batch(p, q, half_width, static_cast<std::uint64_t>(i) + 1);
    for (std::uint32_t n = 0; n < kMostTosses; ++n) {
      batch.toss();
    }
    found.stopped_covered += batch.covered_at_stop ? 1 : 0;
    found.all_covered += batch.covered_always ? 1 : 0;
    found.ordinary_missed += batch.ordinary_covered ? 0 : 1;
  }
  found.stopped_covered /= n_batches;
  found.all_covered /= n_batches;
  found.ordinary_missed /= n_batches;
  return found;
}

}  // namespace

TEST_CASE("its intervals cover at the stop and at all looks, where ordinary ones do not",
          "[precision][slow]") {
  // 1500 batches: a share of .95 has a standard error of .0056, so .95 - 4 of them is .928
  constexpr int kBatches = 1500;
  for (const auto& [p, q] : {std::pair{0.3, 0.3}, std::pair{0.05, 0.02}, std::pair{0.002, 0.01}}) {
    const Batches found = toss(p, q, 0.5 * std::max(p, q) / 3, kBatches);
    INFO(p << " and " << q << ": at the stop " << found.stopped_covered << ", at all looks "
           << found.all_covered << ", ordinary ones missed " << found.ordinary_missed);
    CHECK(found.stopped_covered >= 0.95);
    CHECK(found.all_covered >= 0.928);
    CHECK(found.ordinary_missed >= 0.15);
  }
}

}  // namespace fingers
