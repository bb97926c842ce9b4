// Tested by tests/engine/precision_test.cpp.
#include "engine/precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<std::uint32_t> look_schedule(std::uint32_t minimum, std::uint32_t maximum) {
  EXPECT_CONTRACT(minimum >= 1 && maximum >= 1);
  std::vector<std::uint32_t> looks;
  for (std::uint64_t n = minimum; n < maximum; n += std::max<std::uint64_t>(1, n / 2)) {
    looks.push_back(static_cast<std::uint32_t>(n));
  }
  looks.push_back(maximum);
  return looks;
}

double confidence_per_look(double confidence, std::size_t n_looks) {
  EXPECT_CONTRACT(confidence > 0 && confidence < 1 && n_looks >= 1);
  return 1 - (1 - confidence) / static_cast<double>(n_looks);
}

PrecisionRule::PrecisionRule(const PrecisionTarget& target, std::uint32_t n_settings,
                             std::uint32_t n_combinations)
    : target_(target),
      n_settings_(n_settings),
      n_combinations_(n_combinations),
      looks_(look_schedule(target.minimum, target.maximum)),
      look_confidence_(confidence_per_look(target.confidence, looks_.size())),
      sums_(target.contrast ? n_combinations : std::size_t{n_settings} * n_combinations) {
  EXPECT_CONTRACT(target.half_width > 0 && n_settings >= 1 && n_combinations >= 1);
  EXPECT_CONTRACT(!target.contrast || (target.first < n_settings && target.second < n_settings &&
                                       target.first != target.second));
}

/// NaN: says nothing.
double PrecisionRule::value_of(const OutcomeValue& outcome) const {
  if (!outcome.finished) {
    return kNoValue;
  }
  if (target_.event) {
    return std::isnan(outcome.value) ? 0.0 : 1.0;
  }
  return std::isfinite(outcome.value) ? outcome.value : kNoValue;
}

void PrecisionRule::add_value(Sum& sum, double value) const {
  if (std::isnan(value)) {
    return;
  }
  sum.values.add(value);
  sum.plus += value == 1 ? 1 : 0;
  sum.minus += value == -1 ? 1 : 0;
  sum.other += value != 0 && value != 1 && value != -1 ? 1 : 0;
}

void PrecisionRule::add(std::span<const OutcomeValue> of_points) {
  EXPECT_CONTRACT(of_points.size() == std::size_t{n_settings_} * n_combinations_);
  EXPECT_CONTRACT(!stopped_ && replicates_ < wanted());
  if (target_.contrast) {
    const std::size_t first = std::size_t{target_.first} * n_combinations_;
    const std::size_t second = std::size_t{target_.second} * n_combinations_;
    for (std::size_t c = 0; c < n_combinations_; ++c) {
      add_value(sums_[c], value_of(of_points[first + c]) - value_of(of_points[second + c]));
    }
  } else {
    for (std::size_t p = 0; p < of_points.size(); ++p) {
      add_value(sums_[p], value_of(of_points[p]));
    }
  }
  ++replicates_;
}

/// Of an outcome that has been 0 or 1 throughout, and both, the mean is a probability too: no
/// interval that treats it as normal is used for one (Wald's covers 26 % at p = .001, n = 300).
void PrecisionRule::set_interval(const Sum& sum, PrecisionEstimate& estimate) const {
  const std::uint64_t n = sum.values.n;
  const bool two_kinds = sum.other == 0 && sum.plus + sum.minus > 0 && sum.plus + sum.minus < n;
  if (n == 0) {
    return;
  }
  if (target_.contrast && (target_.event || two_kinds)) {
    estimate.kind = IntervalKind::paired_probabilities;
    estimate.standard_error = paired_difference_standard_error(sum.plus, sum.minus, n);
    estimate.interval = paired_difference_interval(sum.plus, sum.minus, n, look_confidence_);
  } else if (!target_.contrast && (target_.event || (two_kinds && sum.minus == 0))) {
    estimate.kind = IntervalKind::probability;
    estimate.count = sum.plus;
    estimate.standard_error = probability_standard_error(sum.plus, n);
    estimate.interval = probability_interval(sum.plus, n, look_confidence_);
  } else {
    estimate.kind = IntervalKind::mean;
    estimate.interval = mean_interval(sum.values, look_confidence_);
    estimate.approximate = mean_is_approximate(sum.values, look_confidence_);
  }
}

PrecisionEstimate PrecisionRule::estimate(const Sum& sum) const {
  PrecisionEstimate found;
  found.n = sum.values.n;
  found.value = found.n == 0 ? kNoValue : sum.values.mean;
  found.standard_error = sum.values.standard_error();
  set_interval(sum, found);
  found.precise = !found.approximate && found.interval.half_width() <= target_.half_width;
  return found;
}

Look PrecisionRule::look() {
  EXPECT_CONTRACT(!stopped_ && replicates_ == wanted());
  Look seen{.number = static_cast<std::uint32_t>(look_ + 1),
            .n_looks = static_cast<std::uint32_t>(looks_.size()),
            .replicates = replicates_,
            .verdict = Verdict::goes_on,
            .confidence = target_.confidence,
            .estimates = {}};
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    PrecisionEstimate found = estimate(sums_[i]);
    found.setting =
        target_.contrast ? target_.first : static_cast<std::uint32_t>(i / n_combinations_);
    found.combination = static_cast<std::uint32_t>(i % n_combinations_);
    seen.estimates.push_back(found);
  }
  if (std::ranges::all_of(seen.estimates, &PrecisionEstimate::precise)) {
    seen.verdict = Verdict::precise;
  } else if (look_ + 1 == looks_.size()) {
    seen.verdict = Verdict::maximum_reached;
  } else {
    ++look_;
  }
  stopped_ = seen.verdict != Verdict::goes_on;
  return seen;
}

std::string look_text(const PrecisionTarget& target, const Look& look) {
  std::size_t narrow = 0;
  double widest = 0;
  for (const PrecisionEstimate& estimate : look.estimates) {
    narrow += estimate.precise ? 1 : 0;
    widest = std::max(widest, estimate.interval.half_width());  // a NaN leaves it as it is
  }
  const char* const verdict = look.verdict == Verdict::goes_on   ? "goes on"
                              : look.verdict == Verdict::precise ? "precise enough"
                                                                 : "stops at the maximum";
  return fmt::format(
      "look {} of {}, {} replicates: {} of {} intervals of {} are narrow enough (half-width {:.3g} "
      "asked for, widest {:.3g}); {}",
      look.number, look.n_looks, look.replicates, narrow, look.estimates.size(), target.outcome,
      target.half_width, widest, verdict);
}

std::string estimate_text(const PrecisionEstimate& estimate) {
  if (estimate.n == 0) {
    return "no replicate has a value";
  }
  const std::string doubt = estimate.approximate ? ", approximate" : "";
  if (estimate.kind == IntervalKind::probability) {
    return probability_text(estimate.count, estimate.n, estimate.interval) + doubt;
  }
  const std::string text = fmt::format("{:.3g}", estimate.value);
  if (std::isnan(estimate.interval.low)) {
    return text + fmt::format(", n = {}, without an interval: {}", estimate.n,
                              estimate.standard_error == 0 ? "all values are equal"
                                                           : "fewer than 10 values");
  }
  return text + fmt::format(" ({:.3g} to {:.3g}{}), standard error {:.2g}, n = {}",
                            estimate.interval.low, estimate.interval.high, doubt,
                            estimate.standard_error, estimate.n);
}

}  // namespace fingers
