// Holds each variate to SciPy's distribution function at some twenty points, with a wrong variant
// beside it that the same check must refuse; then the properties that the model relies on, and the
// first values of each, pinned to the bit.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/arithmetic.hpp"
#include "engine/random.hpp"
#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/reference_values.hpp"

namespace fingers {
namespace {

using reference::Quantile;

constexpr std::uint64_t kDraws = 1'000'000;
constexpr std::uint64_t kFew = 200'000;  // enough to refuse a wrong variant
/// Standard errors that a share may be off. The seed is fixed: a check that holds once holds
/// always.
constexpr double kBound = 4.5;

const StreamKey kVariatesKey = make_key(20240726, StreamKind::dynamics, 0);

Stream stream_at(std::uint64_t i) {
  return Stream(kVariatesKey, {.identity = i, .step = 1, .process = 2});
}

/// Draws one variate; a whole number counts as a double.
using Draw = std::function<double(Stream&)>;

/// The largest distance of an empirical from an exact distribution function, in standard errors.
double worst_share(const Draw& draw, std::span<const Quantile> law, std::uint64_t n = kDraws) {
  std::vector<std::uint64_t> first_at(law.size() + 1, 0);  // draws whose first x not below is this
  for (std::uint64_t i = 0; i < n; ++i) {
    Stream stream = stream_at(i);
    const double x = draw(stream);
    const auto place = std::ranges::lower_bound(law, x, {}, &Quantile::x);
    ++first_at[static_cast<std::size_t>(place - law.begin())];
  }
  double worst = 0;
  std::uint64_t below = 0;
  const auto total = static_cast<double>(n);
  for (std::size_t k = 0; k < law.size(); ++k) {
    below += first_at[k];
    const double p = law[k].p;
    const double error = std::fabs(static_cast<double>(below) - total * p);
    worst = std::max(worst, error / std::sqrt(total * p * (1 - p) + 1));
  }
  return worst;
}

/// P(X <= k) of a whole number that is 0, 1, … with these probabilities.
std::vector<Quantile> law_of(std::span<const double> probabilities) {
  std::vector<Quantile> law;
  double p = 0;
  for (std::size_t k = 0; k + 1 < probabilities.size(); ++k) {
    p += probabilities[k];
    law.push_back({.x = static_cast<double>(k), .p = p});
  }
  return law;
}

// ---- Distributions
// -------------------------------------------------------------------------------

TEST_CASE("uniform draws are uniform", "[variates]") {
  std::vector<Quantile> law;
  for (int k = 1; k < 20; ++k) {
    law.push_back({.x = k / 20.0, .p = k / 20.0});
  }
  CHECK(worst_share([](Stream& s) { return uniform(s); }, law) < kBound);
  CHECK(worst_share([](Stream& s) { return uniform(s) * 0.99; }, law, kFew) > kBound);
}

TEST_CASE("Bernoulli draws have their chance", "[variates]") {
  for (const double p : {0.001, 0.3, 0.97}) {
    const std::array<double, 2> chances = {1 - p, p};
    const auto law = law_of(chances);
    CHECK(worst_share([p](Stream& s) { return bernoulli(p, s) ? 1 : 0; }, law) < kBound);
    CHECK(worst_share([p](Stream& s) { return bernoulli(p > 0.5 ? 0.96 : p * 1.5, s) ? 1 : 0; },
                      law, kFew) > kBound);
  }
}

TEST_CASE("whole numbers are equally likely", "[variates]") {
  const std::vector<double> chances(7, 1.0 / 7);
  const auto law = law_of(chances);
  CHECK(worst_share([](Stream& s) { return uniform_index(7, s); }, law) < kBound);
  CHECK(worst_share([](Stream& s) { return (s() >> 56) % 7; }, law, kFew) >
        kBound);  // 256 = 36 * 7 + 4
}

TEST_CASE("choices follow their weights", "[variates]") {
  const std::array<double, 5> weights = {3, 0, 1, 4, 2};
  const std::array<double, 5> chances = {0.3, 0, 0.1, 0.4, 0.2};
  const std::array<double, 5> wrong = {3, 0, 1.15, 4, 2};
  const auto law = law_of(chances);
  CHECK(worst_share([&](Stream& s) { return discrete(weights, s); }, law) < kBound);
  CHECK(worst_share([&](Stream& s) { return discrete(wrong, s); }, law, kFew) > kBound);
}

TEST_CASE("normal draws are normal", "[variates]") {
  CHECK(worst_share(normal, reference::kNormal) < kBound);
  CHECK(worst_share([](Stream& s) { return normal(s) * 1.03; }, reference::kNormal, kFew) > kBound);
}

TEST_CASE("exponential draws are exponential", "[variates]") {
  CHECK(worst_share(exponential, reference::kExponential) < kBound);
  CHECK(worst_share([](Stream& s) { return exponential(s) * 1.03; }, reference::kExponential,
                    kFew) > kBound);
}

TEST_CASE("Poisson counts have their distribution at every size of mean", "[variates]") {
  const auto worst = [](double mean, std::span<const Quantile> law, std::uint64_t n) {
    return worst_share([mean](Stream& s) { return poisson(mean, s); }, law, n);
  };
  CHECK(worst(0.05, reference::kPoisson0_05, kDraws) < kBound);
  CHECK(worst(0.055, reference::kPoisson0_05, kFew) > kBound);
  CHECK(worst(1, reference::kPoisson1, kDraws) < kBound);
  CHECK(worst(1.03, reference::kPoisson1, kFew) > kBound);
  CHECK(worst(7.5, reference::kPoisson7_5, kDraws) < kBound);
  CHECK(worst(7.6, reference::kPoisson7_5, kFew) > kBound);
  CHECK(worst(120, reference::kPoisson120, kDraws) < kBound);
  CHECK(worst(120.5, reference::kPoisson120, kFew) > kBound);
  CHECK(worst(499, reference::kPoisson499, kDraws) < kBound);
  CHECK(worst(500, reference::kPoisson499, kFew) > kBound);
  // Sums of three pieces; the pieces themselves are held above.
  CHECK(worst(1300, reference::kPoisson1300, kFew) < kBound);
  CHECK(worst(1302, reference::kPoisson1300, kFew) > kBound);
}

TEST_CASE("gamma draws have shape and mean", "[variates]") {
  const auto with = [](double shape, double mean) {
    return [=](Stream& s) { return gamma_with_mean(shape, mean, s); };
  };
  CHECK(worst_share(with(2.5, 3), reference::kGamma2_5) < kBound);
  CHECK(worst_share(with(2.65, 3), reference::kGamma2_5, kFew) > kBound);
  CHECK(worst_share(with(0.3, 3), reference::kGamma0_3) < kBound);
  CHECK(worst_share(with(0.31, 3), reference::kGamma0_3, kFew) > kBound);
}

TEST_CASE("beta draws have their distribution, also for small shapes", "[variates]") {
  const auto with = [](double a, double b) { return [=](Stream& s) { return beta(a, b, s); }; };
  CHECK(worst_share(with(2, 5), reference::kBeta2_5) < kBound);
  CHECK(worst_share(with(2.06, 5), reference::kBeta2_5, kFew) > kBound);
  CHECK(worst_share(with(0.5, 0.3), reference::kBeta0_5) < kBound);
  CHECK(worst_share(with(0.5, 0.31), reference::kBeta0_5, kFew) > kBound);
}

TEST_CASE("lognormal and Weibull draws have their distribution", "[variates]") {
  CHECK(worst_share([](Stream& s) { return lognormal(0.4, 1.3, s); }, reference::kLognormal) <
        kBound);
  CHECK(worst_share([](Stream& s) { return lognormal(0.4, 1.35, s); }, reference::kLognormal,
                    kFew) > kBound);
  CHECK(worst_share([](Stream& s) { return weibull(1.7, 2.5, s); }, reference::kWeibull) < kBound);
  CHECK(worst_share([](Stream& s) { return weibull(1.75, 2.5, s); }, reference::kWeibull, kFew) >
        kBound);
}

TEST_CASE("truncated Pareto and power draws have their distribution", "[variates]") {
  const auto pareto = [](double alpha) {
    return [=](Stream& s) { return truncated_pareto(alpha, 0.5, 5000, s); };
  };
  CHECK(worst_share(pareto(1.1), reference::kPareto) < kBound);
  CHECK(worst_share(pareto(1.13), reference::kPareto, kFew) > kBound);
  const auto power = [](double index, double low, double high) {
    return [=](Stream& s) { return truncated_power(index, low, high, s); };
  };
  CHECK(worst_share(power(2.1, 0.5, 5000), reference::kPareto) < kBound);  // index = alpha + 1
  CHECK(worst_share(power(1, 2, 300), reference::kLogUniform) < kBound);
  CHECK(worst_share(power(1 + 1e-12, 2, 300), reference::kLogUniform) < kBound);
  CHECK(worst_share(power(1 - 1e-12, 2, 300), reference::kLogUniform) < kBound);
  CHECK(worst_share(power(1.03, 2, 300), reference::kLogUniform, kFew) > kBound);
  const std::array<Quantile, 3> square = {{{1.5, 0.25}, {2, 0.5}, {2.5, 0.75}}};  // uniform
  CHECK(worst_share(power(0, 1, 3), square) < kBound);
  CHECK(worst_share(power(0.08, 1, 3), square, kFew) > kBound);
}

// ---- Properties
// ----------------------------------------------------------------------------------

TEST_CASE("a larger mean never gives a smaller Poisson count at the same address", "[variates]") {
  int falls = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::uint64_t last = 0;
    for (double mean = 1e-12; mean < 1600; mean = mean * 1.17 + 1e-3) {
      Stream stream = stream_at(i);
      const std::uint64_t count = poisson(mean, stream);
      falls += count < last ? 1 : 0;
      last = count;
    }
  }
  CHECK(falls == 0);
}

TEST_CASE("Poisson counts are right and monotone up to the last uniform", "[variates]") {
  const double last = 1 - 0x1p-53;
  CHECK(poisson_of_uniform(0, last) == 0);
  CHECK(poisson_of_uniform(1e-300, last) == 0);
  CHECK(poisson_of_uniform(1e-16, last) == 0);
  CHECK(poisson_of_uniform(1e-15, last) == 1);
  CHECK(poisson_of_uniform(1e-9, last) == 1);
  CHECK(poisson_of_uniform(1e-6, last) == 2);
  // SciPy: the smallest k with poisson.sf(k, mean) < 2^-53.
  CHECK(poisson_of_uniform(1, last) == 17);
  CHECK(poisson_of_uniform(50, last) == 118);
  CHECK(poisson_of_uniform(500, last) == 694);
  CHECK(poisson_of_uniform(500, 0) == 0);
  for (const double mean : {1e-3, 0.4, 3.0, 80.0, 500.0}) {
    std::uint64_t before = 0;
    bool is_monotone = true;
    for (double above = 1; above >= 0x1p-53; above *= 0.93) {
      const std::uint64_t count = poisson_of_uniform(mean, std::min(1 - above, last));
      is_monotone = is_monotone && count >= before;
      before = count;
    }
    CHECK(is_monotone);
  }
}

TEST_CASE("the comparison that spares an exponential changes no count", "[variates]") {
  int differing = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    Stream stream = stream_at(i);
    const double u = uniform(stream);
    const double mean = std::exp2(-56 * uniform(stream));
    const double near_edge = i % 2 == 0 ? u : std::clamp(1 - mean * (0.5 + u), 0.0, 1 - 0x1p-53);
    differing +=
        poisson_of_uniform(mean, near_edge) != poisson_beyond_zero(mean, near_edge) ? 1 : 0;
  }
  CHECK(differing == 0);
}

TEST_CASE("a count of one or two that needs no branch is the Poisson count", "[variates]") {
  int differing = 0;
  int few = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    Stream stream = stream_at(i);
    const double mean = std::exp2(6 - 10 * uniform(stream));
    const double none = portable_exp(-mean);
    const double u = i % 100 == 0 ? 1 - 0x1p-11 : uniform(stream);
    const FewEvents found = few_events(mean, none, u);
    if (!found.more) {
      ++few;
      differing += poisson_beyond_zero(mean, none, u) != found.count ? 1 : 0;
    }
  }
  CHECK(few > 10'000);
  CHECK(differing == 0);
}

TEST_CASE("a row of Weibull draws is the draws one by one", "[variates]") {
  for (const auto& [shape, scale] : {std::pair{0.43, 84.0}, {1.0, 2.0}, {3.0, 1e-9}}) {
    std::vector<double> row;
    std::vector<double> singles;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      Stream stream = stream_at(i);
      Stream again = stream_at(i);
      row.push_back(uniform(stream));
      singles.push_back(weibull(shape, scale, again));
    }
    weibull_row(shape, scale, row);
    CHECK(row == singles);
  }
}

TEST_CASE("a truncated Pareto draw stays between its minimum and its cap", "[variates]") {
  for (const double alpha : {1e-9, 0.3, 1.1, 40.0}) {
    for (const double cap : {1.0000001, 3.0, 1e12}) {
      bool stays = true;
      for (std::uint64_t i = 0; i < 20'000; ++i) {
        Stream stream = stream_at(i);
        const double x = truncated_pareto(alpha, 1, cap, stream);
        stays = stays && x >= 1 && x <= cap;
      }
      CHECK(stays);
    }
  }
}

TEST_CASE("beta and gamma keep to their range at the smallest and largest shapes", "[variates]") {
  bool in_range = true;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    for (const double a : {1e-300, 1e-6, 0.02, 3.0, 1e12}) {
      for (const double b : {1e-300, 1e-6, 0.02, 3.0, 1e12}) {
        Stream stream = stream_at(i);
        const double x = beta(a, b, stream);
        in_range = in_range && x >= 0 && x <= 1;
      }
      Stream stream = stream_at(i);
      const double g = gamma_with_mean(a, 2, stream);
      in_range = in_range && g >= 0 && g < kInfinity;
    }
  }
  CHECK(in_range);
  Stream stream = stream_at(1);
  CHECK(gamma_with_mean(kInfinity, 2, stream) == 2);
  CHECK(gamma_with_mean(1e300, 2, stream) == Approx(2));
}

TEST_CASE("a choice never falls on a weight of zero, and never past the end", "[variates]") {
  const std::array<double, 4> weights = {0, 1e-300, 0.1, 0};
  std::array<int, 4> counts{};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    Stream stream = stream_at(i);
    ++counts.at(discrete(weights, stream));
  }
  CHECK(counts[0] + counts[3] == 0);
}

TEST_CASE("parameters outside the domain break a contract", "[variates]") {
  Stream s = stream_at(1);
  const std::array<double, 2> nothing = {0, 0};
  CHECK(breaks_contract([&] { bernoulli(1.5, s); }));
  CHECK(breaks_contract([&] { uniform_index(0, s); }));
  CHECK(breaks_contract([&] { discrete(nothing, s); }));
  CHECK(breaks_contract([&] { poisson(-1, s); }));
  CHECK(breaks_contract([&] { poisson(std::nan(""), s); }));
  CHECK(breaks_contract([&] { poisson_of_uniform(501, 0.5); }));
  CHECK(breaks_contract([&] { poisson_of_uniform(-1, 0.5); }));
  CHECK(breaks_contract([&] { gamma_with_mean(0, 1, s); }));
  CHECK(breaks_contract([&] { beta(0, 1, s); }));
  CHECK(breaks_contract([&] { weibull(0, 1, s); }));
  CHECK(breaks_contract([&] { truncated_pareto(1, 2, 2, s); }));
  CHECK(breaks_contract([&] { truncated_power(1, 0, 2, s); }));
}

// ---- Golden values
// -------------------------------------------------------------------------------

constexpr std::size_t kGolden = 8;
using Golden = std::array<double, kGolden>;

Golden first_values(const Draw& draw) {
  Golden values{};
  Stream stream(kVariatesKey, {.identity = 4711, .step = 12, .process = 3});
  for (double& value : values) {
    value = draw(stream);
  }
  return values;
}

/// Exact text, so that a failure shows what to pin.
std::string hex(const Golden& values) {
  std::string text;
  for (const double value : values) {
    std::array<char, 40> buffer{};
    static_cast<void>(std::snprintf(buffer.data(), buffer.size(), "%a, ", value));
    text += buffer.data();
  }
  return text;
}

TEST_CASE("the first values of every variate are pinned to the bit", "[variates]") {
  const std::array<double, 3> weights = {1, 2, 3};
  CHECK(hex(first_values(uniform)) ==
        hex({0x1.d9afa2bf97d93p-1, 0x1.b789363ceb206p-2, 0x1.20751498f52fcp-1, 0x1.9739f0fe4f4bfp-1,
             0x1.be06618964ee7p-1, 0x1.eaaadd495217ep-1, 0x1.8175608b9265cp-1,
             0x1.736072ffa487cp-2}));
  CHECK(hex(first_values([](Stream& s) { return bernoulli(0.6, s) ? 1 : 0; })) ==
        hex({0, 1, 1, 0, 0, 0, 0, 1}));
  CHECK(hex(first_values([](Stream& s) { return uniform_index(1000, s); })) ==
        hex({925, 429, 563, 795, 871, 958, 752, 362}));
  CHECK(hex(first_values([&](Stream& s) { return discrete(weights, s); })) ==
        hex({2, 1, 2, 2, 2, 2, 2, 1}));
  CHECK(hex(first_values(normal)) ==
        hex({0x1.a861f3f570967p-1, -0x1.b4e3cf6a05786p-1, -0x1.1240034883ap+0, 0x1.b04df349261bap+0,
             -0x1.1cc453e2de41bp+0, 0x1.5aa583c0a2287p-1, -0x1.45049bdb9b9d4p+0,
             0x1.bb5378f7a2cf5p-2}));
  CHECK(hex(first_values(exponential)) ==
        hex({0x1.408b88f41b447p-1, 0x1.1e417db34f1d2p+0, 0x1.5befd1806e846p+0, 0x1.26ce623f8e5fap+1,
             0x1.12318405aa27cp+0, 0x1.c05be6ec68593p-2, 0x1.7a738e16268d2p+0,
             0x1.94636f83d3bf7p-2}));
  CHECK(hex(first_values([](Stream& s) { return poisson(0.7, s); })) ==
        hex({2, 0, 1, 1, 2, 2, 1, 0}));
  CHECK(hex(first_values([](Stream& s) { return poisson(220, s); })) ==
        hex({242, 217, 222, 232, 237, 246, 230, 215}));
  CHECK(hex(first_values([](Stream& s) { return gamma_with_mean(2.5, 3, s); })) ==
        hex({0x1.16ca1ed38f7d2p+2, 0x1.2131dff1968f8p+0, 0x1.16ab2e9212beap+0, 0x1.e17c3c4a5437dp-1,
             0x1.70427e4e43d08p+1, 0x1.4b47a9af22976p+0, 0x1.a1bb2dce14319p-1,
             0x1.035fb74466f98p+2}));
  CHECK(hex(first_values([](Stream& s) { return gamma_with_mean(0.3, 3, s); })) ==
        hex({0x1.c07723ad62b52p-3, 0x1.177c952a1e3e7p+3, 0x1.79acd1edf695bp+0, 0x1.3ee54efb758d6p+0,
             0x1.1f5ca9c79b935p-3, 0x1.d14e8e030b266p-25, 0x1.5f6120729e88ep-2,
             0x1.58c5fa5fd9914p+0}));
  CHECK(hex(first_values([](Stream& s) { return beta(2, 5, s); })) ==
        hex({0x1.0c0db874ee344p-1, 0x1.97fc5c7bacf32p-3, 0x1.8cf98cb739437p-2, 0x1.012890b35a70bp-4,
             0x1.28b213bca6742p-3, 0x1.8a6e6a9879bc9p-2, 0x1.936fe2947cdb3p-2,
             0x1.3d2830d1e9b29p-2}));
  CHECK(hex(first_values([](Stream& s) { return lognormal(0.4, 1.3, s); })) ==
        hex({0x1.1874c10b42aeep+2, 0x1.f7cd05a39757dp-2, 0x1.7b7a48f6ed292p-2, 0x1.acd15c6dfb62p+3,
             0x1.67be34bdd1868p-2, 0x1.cc71390ad1aa2p+1, 0x1.253d51592f2b4p-2,
             0x1.4f3d6da4a3093p+1}));
  CHECK(
      hex(first_values([](Stream& s) { return weibull(1.7, 2.5, s); })) ==
      hex({0x1.1835ff91454a5p+2, 0x1.c76ac59fb8606p+0, 0x1.1e852eb7cccaep+1, 0x1.a3d10440742dcp+1,
           0x1.e7fede8052bbp+1, 0x1.3bdf5e53e01e4p+2, 0x1.85aba66257dabp+1, 0x1.905d304eb1f05p+0}));
  CHECK(
      hex(first_values([](Stream& s) { return truncated_pareto(1.1, 0.5, 5000, s); })) ==
      hex({0x1.51afa9570a759p+2, 0x1.aa37640348d2fp-1, 0x1.0fe1c00876cabp+0, 0x1.0eb4deccb2a3ep+1,
           0x1.9c28af05e5046p+1, 0x1.1f6a680dfbf6p+3, 0x1.c80d30a393082p+0, 0x1.818d5ef31affap-1}));
  CHECK(hex(first_values([](Stream& s) { return truncated_power(1, 2, 300, s); })) ==
        hex({0x1.9c645b2db4c2dp+7, 0x1.12eaff8c3ed67p+4, 0x1.0d398ea4c4d33p+5, 0x1.ae66f6f8c0452p+6,
             0x1.3a97228dc5c38p+7, 0x1.e6f31cb52ed69p+7, 0x1.5bd27da822c31p+6,
             0x1.89e7068acbbd8p+3}));
  CHECK(
      hex(first_values([](Stream& s) { return truncated_power(2.1, 0.5, 5000, s); })) ==
      hex({0x1.51afa9570a759p+2, 0x1.aa37640348d2fp-1, 0x1.0fe1c00876cabp+0, 0x1.0eb4deccb2a3ep+1,
           0x1.9c28af05e5046p+1, 0x1.1f6a680dfbf6p+3, 0x1.c80d30a393082p+0, 0x1.818d5ef31affap-1}));
  CHECK(hex(first_values([](Stream& s) { return truncated_power(0.5, 2, 300, s); })) ==
        hex({0x1.042f059a64b59p+8, 0x1.0fb4899b3c6e2p+6, 0x1.ae9f242869b59p+6, 0x1.8bad4c6beb083p+7,
             0x1.d265ffa6348aep+7, 0x1.157b36217aebdp+8, 0x1.668b36cd1c226p+7,
             0x1.9cc34b8268003p+5}));
}

}  // namespace
}  // namespace fingers
