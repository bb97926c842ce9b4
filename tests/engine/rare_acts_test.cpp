// Samplers of rare acts against the plain reference: the same distribution, and the same bits on
// every set of instructions. Seeds are fixed. Each count of a class of agents over all steps is a
// sum of independent Bernoulli draws, so z = (count - mean) / deviation is about standard normal;
// of the some 50 values of z here one beyond 4.5 has a chance of 3e-4. Sums of squares of 24 of
// them are held below 60 (chi-square with 24 degrees: 6e-5).
#include "engine/rare_acts.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "engine/act_calendar.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

constexpr std::uint32_t kSteps = 120;

/// Falling rates from 0.6 to some 1e-5, with some zeros at the end: twelve classes.
std::vector<float> some_rates(std::uint32_t per_class) {
  std::vector<float> rate;
  for (const float class_rate :
       {0.6F, 0.4999F, 0.25F, 0.12F, 0.09F, 0.04F, 0.039F, 0.01F, 1e-3F, 1e-4F, 1e-5F, 0.0F}) {
    rate.insert(rate.end(), per_class, class_rate);
  }
  return rate;
}

/// Another scale in every step, 1 among them.
float scale_of(std::uint32_t step) {
  return step % 10 == 0 ? 1.0F : 1.0F / (1 + 0.01F * static_cast<float>(step));
}

using Sampler = std::function<void(const ActStep&, std::vector<std::uint32_t>&)>;

/// Acts of all steps, one list a step.
std::vector<std::vector<std::uint32_t>> all_acts(
    const std::vector<float>& rate, const Sampler& sampler,
    std::span<const std::uint64_t> silent = {},
    const std::function<float(std::uint32_t)>& scale = scale_of) {
  const std::vector<RateBlock> blocks = rate_blocks(rate);
  std::vector<std::vector<std::uint32_t>> acts(kSteps);
  for (std::uint32_t s = 0; s < kSteps; ++s) {
    const ActStep step = {.key = make_key(11, StreamKind::dynamics, 5),
                          .step = s,
                          .scale = scale(s),
                          .rate = rate,
                          .blocks = blocks,
                          .silent = silent};
    sampler(step, acts[s]);
    std::sort(acts[s].begin(), acts[s].end());
  }
  return acts;
}

struct Named {
  const char* name;
  Sampler sampler;
};

Sampler blocks_by(ActSampler way, const LaneKernels& kernels) {
  return [way, &kernels](const ActStep& step, std::vector<std::uint32_t>& acts) {
    list_acts(kernels, step, way, acts);
  };
}

Sampler by_calendar(const std::vector<float>& rate, const LaneKernels& kernels) {
  const auto inverse = std::make_shared<std::vector<double>>(inverse_hazards(rate));
  const auto calendar = std::make_shared<ActCalendar>(kSteps, likely_most_acts(rate));
  return [inverse, calendar, &kernels](const ActStep& step, std::vector<std::uint32_t>& acts) {
    if (step.step == 0) {
      calendar->start(kernels, step.key, *inverse);
    }
    calendar->list_acts(kernels, step, *inverse, acts);
  };
}

std::vector<Named> samplers(const std::vector<float>& rate, const LaneKernels& kernels) {
  return {{"plain", plain_acts},
          {"block skips", blocks_by(ActSampler::block_skips, kernels)},
          {"dense blocks", blocks_by(ActSampler::dense_blocks, kernels)},
          {"by rate", blocks_by(ActSampler::by_rate, kernels)},
          {"calendar", by_calendar(rate, kernels)}};
}

/// (count - mean) / deviation of a sum of Bernoulli draws; 0 where nothing can come.
double z_of(double count, double mean, double variance) {
  return variance > 0 ? (count - mean) / std::sqrt(variance) : count;
}

}  // namespace

TEST_CASE("every sampler lets each class of agents act as often as the plain one would") {
  constexpr std::uint32_t kPerClass = 2500;  // not a multiple of 64
  const std::vector<float> rate = some_rates(kPerClass);
  for (const Named& way : samplers(rate, lane_kernels())) {
    INFO(way.name);
    const auto acts = all_acts(rate, way.sampler);
    std::vector<double> count(rate.size() / kPerClass);
    for (const auto& step : acts) {
      for (const std::uint32_t agent : step) {
        count[agent / kPerClass] += 1;
      }
    }
    for (std::size_t c = 0; c < count.size(); ++c) {
      double mean = 0;
      double variance = 0;
      for (std::uint32_t s = 0; s < kSteps; ++s) {
        const double p = double{rate[c * kPerClass]} * double{scale_of(s)};
        mean += kPerClass * p;
        variance += kPerClass * p * (1 - p);
      }
      INFO("rate " << rate[c * kPerClass]);
      CHECK(std::fabs(z_of(count[c], mean, variance)) < 4.5);
    }
  }
}

TEST_CASE("every sampler lets as many act in each step as its scale says") {
  const std::vector<float> rate = some_rates(3000);
  for (const Named& way : samplers(rate, lane_kernels())) {
    INFO(way.name);
    const auto acts = all_acts(rate, way.sampler);
    double squares = 0;
    for (std::uint32_t s = 0; s < 24; ++s) {
      double mean = 0;
      double variance = 0;
      for (const float r : rate) {
        const double p = double{r} * double{scale_of(s)};
        mean += p;
        variance += p * (1 - p);
      }
      const double z = z_of(static_cast<double>(acts[s].size()), mean, variance);
      squares += z * z;
    }
    CHECK(squares < 60);
    CHECK(squares > 5);  // 2e-5 below: too even is wrong as well
  }
}

namespace {

/// Pairs of agents' steps that both acted, `later` steps and `further` agents apart.
double pairs(const std::vector<std::vector<bool>>& did, std::uint32_t later,
             std::uint32_t further) {
  double n = 0;
  for (std::uint32_t s = 0; s + 1 < did.size(); ++s) {
    for (std::uint32_t i = 0; i + 1 < did[s].size(); ++i) {
      n += did[s][i] && did[s + later][i + further] ? 1 : 0;
    }
  }
  return n;
}

}  // namespace

TEST_CASE("whether an agent acts says nothing of its next step or its neighbour") {
  // The number of pairs is about n p^2, with variance n p^2 (1 - p^2) + 2 n (p^3 - p^4), since
  // neighbouring pairs overlap.
  constexpr std::uint32_t kAgents = 4000;
  constexpr double kRate = 0.25;
  const std::vector<float> rate(kAgents, static_cast<float>(kRate));
  const double n = static_cast<double>(kAgents - 1) * (kSteps - 1);
  const double both = kRate * kRate;
  const double variance = n * (both * (1 - both) + 2 * both * (kRate - both));
  for (const Named& way : samplers(rate, lane_kernels())) {
    INFO(way.name);
    std::vector<std::vector<bool>> did(kSteps, std::vector<bool>(kAgents));
    const auto acts = all_acts(rate, way.sampler, {}, [](std::uint32_t) { return 1.0F; });
    for (std::uint32_t s = 0; s < kSteps; ++s) {
      for (const std::uint32_t agent : acts[s]) {
        did[s][agent] = true;
      }
    }
    CHECK(std::fabs(z_of(pairs(did, 1, 0), n * both, variance)) < 4.5);
    CHECK(std::fabs(z_of(pairs(did, 0, 1), n * both, variance)) < 4.5);
  }
}

TEST_CASE("who is silent never acts, and the others act as before") {
  const std::vector<float> rate = some_rates(640);
  std::vector<std::uint64_t> silent((rate.size() + 63) / 64, 0x00FF00FF00FF00FFULL);
  for (const Named& way : samplers(rate, lane_kernels())) {
    INFO(way.name);
    auto expected = all_acts(rate, way.sampler);
    for (auto& step : expected) {
      std::erase_if(step,
                    [&](std::uint32_t a) { return ((silent[a / 64] >> (a % 64)) & 1U) != 0; });
    }
    CHECK(all_acts(rate, way.sampler, silent) == expected);
  }
}

TEST_CASE("samplers give the same acts on every set of instructions") {
  const std::vector<float> rate = some_rates(7001);
  const auto base = samplers(rate, lane_kernels(InstructionSet::baseline));
  for (const auto set : {InstructionSet::avx2, InstructionSet::avx512}) {
    if (!has_instructions(set)) {
      continue;
    }
    const auto wide = samplers(rate, lane_kernels(set));
    for (std::size_t way = 0; way < base.size(); ++way) {
      INFO(base[way].name << " on " << lane_kernels(set).name);
      CHECK(all_acts(rate, wide[way].sampler) == all_acts(rate, base[way].sampler));
    }
  }
}

TEST_CASE("certain acts are certain and impossible ones do not happen") {
  const std::vector<float> rate = {1, 1, 1, 0, 0};
  const std::vector<std::uint32_t> sure = {0, 1, 2};
  for (const Named& way : samplers(rate, lane_kernels())) {
    INFO(way.name);
    CHECK(all_acts(rate, way.sampler)[0] == sure);  // scale 1
  }
}

TEST_CASE("blocks cover all agents, and none is too long or too mixed") {
  std::vector<float> rate(200000, 0.01F);
  std::fill(rate.begin() + 150000, rate.end(), 0.002F);
  const std::vector<RateBlock> blocks = rate_blocks(rate);
  std::uint32_t at = 0;
  for (const RateBlock& block : blocks) {
    CHECK(block.begin == at);
    CHECK(block.begin % 64 == 0);
    CHECK(block.end - block.begin <= kRateBlock);
    at = block.end;
  }
  CHECK(at == rate.size());
  CHECK(blocks.size() == 4);
  CHECK(rate_blocks({}).empty());
}

TEST_CASE("a list that was made room for does not grow") {
  const std::vector<float> rate = some_rates(5000);
  const std::vector<RateBlock> blocks = rate_blocks(rate);
  std::vector<std::uint32_t> acts;
  acts.reserve(likely_most_acts(rate));
  const std::size_t room = acts.capacity();
  for (std::uint32_t s = 0; s < kSteps; ++s) {
    acts.clear();
    list_acts(lane_kernels(),
              {.key = make_key(4, StreamKind::dynamics, 0),
               .step = s,
               .scale = 1,
               .rate = rate,
               .blocks = blocks,
               .silent = {}},
              ActSampler::by_rate, acts);
    CHECK(acts.capacity() == room);
  }
}

}  // namespace fingers
