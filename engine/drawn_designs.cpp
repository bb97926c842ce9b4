// Tested by tests/engine/drawn_designs_test.cpp and sobol_test.cpp.
#include "engine/drawn_designs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"
#include "engine/random.hpp"
#include "engine/random_sobol.hpp"
#include "engine/sampling.hpp"

namespace fingers {
namespace {

std::string after(const char* word, std::uint32_t number) {
  return std::string(" ") + word + " " + std::to_string(number);
}

/// A Sobol sequence whose coordinates are shifted one by one.
class SobolSample {
 public:
  SobolSample(std::uint32_t n, std::vector<std::uint64_t> shifts)
      : shifts_(std::move(shifts)),
        words_(sobol_words(static_cast<std::uint32_t>(shifts_.size()), n)) {}

  [[nodiscard]] double at(std::uint32_t draw, std::size_t dimension) const {
    return uniform_of_word(words_[draw * shifts_.size() + dimension] ^ shifts_[dimension]);
  }

 private:
  std::vector<std::uint64_t> shifts_;
  std::vector<std::uint64_t> words_;
};

/// The points of one row of Saltelli's blocks, from the values of samples A and B.
class SaltelliRow {
 public:
  SaltelliRow(std::uint32_t number, std::vector<double> a, std::vector<double> b)
      : number_(number), a_(std::move(a)), b_(std::move(b)) {}

  [[nodiscard]] Combination a() const { return named("A", a_); }
  [[nodiscard]] Combination b() const { return named("B", b_); }
  [[nodiscard]] Combination ab(std::size_t factor) const { return mixed("AB", a_, b_, factor); }
  [[nodiscard]] Combination ba(std::size_t factor) const { return mixed("BA", b_, a_, factor); }

 private:
  [[nodiscard]] Combination named(const std::string& block, std::vector<double> values) const {
    return {.values = std::move(values),
            .name = after(block.c_str(), number_),
            .block = {.base_row = number_, .step = 0, .name = block}};
  }
  [[nodiscard]] Combination mixed(const std::string& block, std::vector<double> values,
                                  const std::vector<double>& other, std::size_t factor) const {
    values[factor] = other[factor];
    return named(block + ":" + std::to_string(factor + 1), std::move(values));
  }

  std::uint32_t number_;
  std::vector<double> a_;
  std::vector<double> b_;
};

/// Values of all factors at levels of a grid.
std::vector<double> values_on_grid(const std::vector<Factor>& factors,
                                   const std::vector<std::uint32_t>& at, std::uint32_t levels) {
  std::vector<double> values;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    values.push_back(
        value_at(factors[k], static_cast<double>(at[k]) / static_cast<double>(levels - 1)));
  }
  return values;
}

/// One trajectory: its start, then each move.
void add_trajectory(const std::vector<Factor>& factors, const MorrisDraws& draws,
                    std::uint32_t number, std::vector<Combination>& combinations) {
  std::vector<std::uint32_t> at;
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const TrajectoryDraw draw =
        trajectory_draw(factors[k].pointer, number, draws.levels, draws.design_seed);
    at.push_back(draw.start);
    order.emplace_back(draw.order, k);
  }
  std::ranges::sort(order);
  const auto add = [&](std::uint32_t step, std::string block) {
    combinations.push_back({.values = values_on_grid(factors, at, draws.levels),
                            .name = after("trajectory", number) + after("step", step),
                            .block = {.base_row = number, .step = step, .name = std::move(block)}});
  };
  add(0, "start");
  const std::uint32_t half = draws.levels / 2;
  for (std::uint32_t step = 1; step <= order.size(); ++step) {
    const std::size_t factor = order[step - 1].second;
    const bool up = at[factor] < half;
    at[factor] = up ? at[factor] + half : at[factor] - half;
    add(step, (up ? "up:" : "down:") + std::to_string(factor + 1));
  }
}

}  // namespace

Design latin_hypercube(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                       std::uint32_t draws, std::uint64_t design_seed, std::uint32_t replicates) {
  EXPECT_CONTRACT(!factors.empty() && draws >= 1);
  std::vector<Combination> combinations(draws);
  for (std::uint32_t i = 0; i < draws; ++i) {
    combinations[i].name = after("draw", i);
  }
  for (const Factor& factor : factors) {
    const std::vector<double> sample = latin_column(factor.pointer, draws, design_seed);
    for (std::uint32_t i = 0; i < draws; ++i) {
      combinations[i].values.push_back(value_at(factor, sample[i]));
    }
  }
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::latin_hypercube;
  return design;
}

Design sobol(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
             const SobolDraws& draws, std::uint32_t replicates) {
  EXPECT_CONTRACT(std::has_single_bit(draws.draws));
  std::vector<std::uint64_t> shifts;
  for (const Factor& factor : factors) {
    shifts.push_back(draws.scramble ? digital_shift(factor.pointer, 0, draws.design_seed) : 0);
  }
  const SobolSample sample(draws.draws, std::move(shifts));
  std::vector<Combination> combinations(draws.draws);
  for (std::uint32_t i = 0; i < draws.draws; ++i) {
    combinations[i].name = after("draw", i);
    for (std::size_t k = 0; k < factors.size(); ++k) {
      combinations[i].values.push_back(value_at(factors[k], sample.at(i, k)));
    }
  }
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::sobol;
  return design;
}

Design saltelli(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                const SaltelliDraws& draws, std::uint32_t replicates) {
  EXPECT_CONTRACT(std::has_single_bit(draws.base_rows));
  const std::size_t n_factors = factors.size();
  std::vector<std::uint64_t> shifts;
  for (const std::uint64_t half : {0U, 1U}) {
    for (const Factor& factor : factors) {
      shifts.push_back(digital_shift(factor.pointer, half, draws.design_seed));
    }
  }
  const SobolSample sample(draws.base_rows, std::move(shifts));
  std::vector<Combination> combinations;
  for (std::uint32_t i = 0; i < draws.base_rows; ++i) {
    std::vector<double> a;
    std::vector<double> b;
    for (std::size_t k = 0; k < n_factors; ++k) {
      a.push_back(value_at(factors[k], sample.at(i, k)));
      b.push_back(value_at(factors[k], sample.at(i, n_factors + k)));
    }
    const SaltelliRow row(i, std::move(a), std::move(b));
    combinations.push_back(row.a());
    for (std::size_t k = 0; k < n_factors; ++k) {
      combinations.push_back(row.ab(k));
    }
    for (std::size_t k = 0; draws.second_order && k < n_factors; ++k) {
      combinations.push_back(row.ba(k));
    }
    combinations.push_back(row.b());
  }
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::saltelli;
  return design;
}

Design morris(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              const MorrisDraws& draws, std::uint32_t replicates) {
  EXPECT_CONTRACT(!factors.empty() && draws.levels >= 2 && draws.levels % 2 == 0);
  std::vector<Combination> combinations;
  for (std::uint32_t i = 0; i < draws.trajectories; ++i) {
    add_trajectory(factors, draws, i, combinations);
  }
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::morris;
  return design;
}

double value_at(const Factor& factor, double u) {
  const Range& range = factor.range;
  const bool in_order =
      std::isfinite(range.low) && range.low <= range.high && std::isfinite(range.high);
  EXPECT_CONTRACT(in_order && (factor.scale == Scale::linear || range.low > 0));
  const auto within = [&](double low, double high) {
    return factor.scale == Scale::log ? low * portable_pow(high / low, u) : low + u * (high - low);
  };
  if (factor.wholes == Wholes::no) {
    return std::clamp(within(range.low, range.high), range.low, range.high);
  }
  const double least = std::ceil(range.low);
  const double most = std::floor(range.high);
  EXPECT_CONTRACT(least <= most);
  const double value = factor.wholes == Wholes::rounded
                           ? std::floor(within(range.low, range.high) + 0.5)
                           : std::floor(within(least, most + 1));
  return std::clamp(value, least, most);
}

}  // namespace fingers
