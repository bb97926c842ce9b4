// The kernels in vector lanes against what they repeat one by one, bit for bit, for every set of
// instructions that this processor has.
#include "engine/lanes.hpp"

#include <Random123/threefry.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/arithmetic.hpp"
#include "engine/threefry.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

std::vector<InstructionSet> sets() {
  std::vector<InstructionSet> there;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (has_instructions(set)) {
      there.push_back(set);
    }
  }
  return there;
}

LaneAddress address_of(std::uint32_t i) {
  return {.key = {i * 77U, 3, ~i, 0x80000000U + i}, .counter = {i * i, i, 5, i << 20U}};
}

/// n numbers from low to high, by addressed draws.
std::vector<double> numbers(std::size_t n, double low, double high) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream(make_key(3, StreamKind::design, 0), {.identity = i});
    x[i] = low + (high - low) * uniform(stream);
  }
  return x;
}

/// Places where a row function and the function of one number give other bits.
template <class Row, class One>
std::size_t differences(Row row, One one, const std::vector<double>& x) {
  std::vector<double> made = x;
  row(made.data(), static_cast<std::uint32_t>(made.size()));
  std::size_t n = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool is_equal =
        std::bit_cast<std::uint64_t>(made[i]) == std::bit_cast<std::uint64_t>(one(x[i]));
    n += is_equal ? 0 : 1;
  }
  return n;
}

}  // namespace

TEST_CASE("Threefry gives the words of Random123") {
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const LaneAddress a = address_of(i);
    const threefry4x32_ctr_t counter = {{a.counter[0], a.counter[1], a.counter[2], a.counter[3]}};
    const threefry4x32_key_t key = {{a.key[0], a.key[1], a.key[2], a.key[3]}};
    const threefry4x32_ctr_t theirs = threefry4x32_R(12, counter, key);
    const ThreefryWords ours = threefry_block(a.key, a.counter);
    for (std::size_t w = 0; w < 4; ++w) {
      REQUIRE(ours[w] == theirs.v[w]);
    }
  }
}

TEST_CASE("rows of random words are the blocks one by one, on every set of instructions") {
  for (const InstructionSet set : sets()) {
    INFO(lane_kernels(set).name);
    for (const std::uint32_t n : {1U, 15U, 16U, 100U, 256U}) {
      LaneAddress at = address_of(n);
      at.counter[0] = 0xFFFFFFF0U;  // the counter may wrap
      std::vector<std::uint32_t> row(std::size_t{4} * n);
      std::vector<std::uint32_t> listed = row;
      std::vector<std::uint32_t> index(n);
      std::iota(index.begin(), index.end(), at.counter[0]);
      lane_kernels(set).random_row(at, n, row.data());
      lane_kernels(set).random_at(at, index.data(), n, listed.data());
      for (std::uint32_t i = 0; i < n; ++i) {
        const ThreefryWords words =
            threefry_block(at.key, {index[i], at.counter[1], 5, at.counter[3]});
        for (std::uint32_t w = 0; w < 4; ++w) {
          REQUIRE(row[w * n + i] == words[w]);
          REQUIRE(listed[w * n + i] == words[w]);
        }
      }
    }
  }
}

TEST_CASE("exp and log in lanes have the bits of engine arithmetic") {
  constexpr std::size_t kMany = 200001;
  for (const InstructionSet set : sets()) {
    const LaneKernels& kernels = lane_kernels(set);
    INFO(kernels.name);
    CHECK(differences(kernels.exp_row, portable_exp, numbers(kMany, -5, 5)) == 0);
    CHECK(differences(kernels.exp_row, portable_exp, numbers(kMany, -699, 699)) == 0);
    CHECK(differences(kernels.exp_row, portable_exp, numbers(1000, -800, 800)) == 0);
    CHECK(differences(kernels.log_row, portable_log, numbers(kMany, 1e-12, 1)) == 0);
    CHECK(differences(kernels.log_row, portable_log, numbers(kMany, 1, 1e300)) == 0);
    CHECK(differences(kernels.log1p_row, portable_log1p, numbers(kMany, -1, 1)) == 0);
    CHECK(differences(kernels.log1p_row, portable_log1p, numbers(kMany, -1e-9, 1e-9)) == 0);
    CHECK(differences(kernels.log1p_row, portable_log1p, {-2, -1, -0.0, 0, 0.5, 1e300}) == 0);
  }
}

TEST_CASE("powers in lanes have the bits of engine arithmetic") {
  constexpr std::size_t kMany = 50001;
  for (const InstructionSet set : sets()) {
    const LaneKernels& kernels = lane_kernels(set);
    INFO(kernels.name);
    for (const double exponent : {0.0, 0.3, 1.0, 1.7, -0.5, -3.0, 99.5, 1e4, 1e-300}) {
      const auto row = [&](double* x, std::uint32_t n) { kernels.pow_row(x, n, exponent); };
      const auto one = [&](double x) { return portable_pow(x, exponent); };
      CHECK(differences(row, one, numbers(kMany, 1e-9, 10)) == 0);
      CHECK(differences(row, one, numbers(kMany, 1, 1e300)) == 0);
      CHECK(differences(row, one, {-1, -0.0, 0, 1e-310, 0.5, 1, 1e308}) == 0);
    }
    constexpr double kEndless = std::numeric_limits<double>::infinity();
    const auto row = [&](double* x, std::uint32_t n) { kernels.pow_row(x, n, kEndless); };
    const auto one = [](double x) { return portable_pow(x, kEndless); };
    CHECK(differences(row, one, {0.5, 1, 2}) == 0);
  }
}

TEST_CASE("exp in single precision is exp, and the same bits on every set of instructions") {
  std::vector<float> x;
  for (const double y : numbers(100001, -87, 88)) {
    x.push_back(static_cast<float>(y));
  }
  x.insert(x.end(), {0.0F, -0.0F, -87, 88});
  std::vector<float> base = x;
  lane_kernels(InstructionSet::baseline)
      .exp_row_single(base.data(), static_cast<std::uint32_t>(base.size()));
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    largest = std::max(largest, std::abs(base[i] / portable_exp(double{x[i]}) - 1));
  }
  CHECK(largest < 1e-7);
  std::vector<float> beyond = {-1e30F, 1e30F};
  lane_kernels().exp_row_single(beyond.data(), 2);
  CHECK(beyond[0] == Approx(portable_exp(-87.0)));
  CHECK(beyond[1] == Approx(portable_exp(88.0)));
  for (const InstructionSet set : sets()) {
    std::vector<float> made = x;
    lane_kernels(set).exp_row_single(made.data(), static_cast<std::uint32_t>(made.size()));
    CHECK(made == base);
  }
}

TEST_CASE("normals in single precision are the quantiles of their words, on all instructions") {
  std::vector<std::uint32_t> words;
  for (std::uint32_t i = 0; i < 5000; ++i) {  // both rims of the tails and of the middle
    words.insert(words.end(), {i, 0xFFFFFFFFU - i, 0x26666666U - 5000 + 2 * i});
  }
  for (const double u : numbers(100001, 0, 0x1p32)) {
    words.push_back(static_cast<std::uint32_t>(u));
  }
  const auto n = static_cast<std::uint32_t>(words.size());
  std::vector<float> base(n);
  lane_kernels(InstructionSet::baseline).normal_row_single(words.data(), n, base.data());
  double largest = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double size = -portable_normal_quantile(((words[i] >> 1) + 0.5) * 0x1p-32);
    largest = std::max(largest, std::abs(base[i] - (words[i] % 2 == 1 ? -size : size)));
  }
  CHECK(largest < 2e-6);
  for (const InstructionSet set : sets()) {
    std::vector<float> made(n);
    lane_kernels(set).normal_row_single(words.data(), n, made.data());
    CHECK(made == base);
  }
}

TEST_CASE("a normal quantile is where the normal distribution has its argument") {
  // P(Z < z) = erfc(-z / sqrt 2) / 2; an error e of z changes it by e * density, in the tails by
  // about e * |z| of itself.
  for (const double u : {1e-300, 1e-20, 1e-12, 1e-5, 0.074, 0.0751, 0.3, 0.5, 0.9, 0.999}) {
    const double z = portable_normal_quantile(u);
    CHECK(0.5 * std::erfc(-z / std::sqrt(2.0)) == Approx(u).epsilon(4e-13));
  }
  CHECK(portable_normal_quantile(0.5) == 0);
}

TEST_CASE("gaps and waits have the same bits on every set of instructions") {
  const auto base = std::make_unique<GapRow>();
  const auto made = std::make_unique<GapRow>();
  std::vector<std::uint32_t> index(kGapRow);
  std::iota(index.begin(), index.end(), 1000);
  for (const double inverse : {0.0, 0.3, 7.5, 1e4, 1e300}) {
    const std::vector<double> hazards(kGapRow, inverse);
    LaneAddress at = address_of(9);
    at.counter[0] = 1000;
    lane_kernels(InstructionSet::baseline).draw_gaps(at, kGapRow, inverse, base.get());
    for (const InstructionSet set : sets()) {
      lane_kernels(set).draw_gaps(at, kGapRow, inverse, made.get());
      CHECK(made->gap == base->gap);
      CHECK(made->uniform == base->uniform);
      lane_kernels(set).draw_waits(at, index.data(), kGapRow, hazards.data(), made.get());
      CHECK(made->gap == base->gap);
      CHECK(made->uniform == base->uniform);
    }
  }
}

TEST_CASE("a gap is the geometric one of its words") {
  const auto row = std::make_unique<GapRow>();
  const LaneAddress at = lane_address(make_key(1, StreamKind::dynamics, 0), 2, 3, 4);
  lane_kernels().draw_gaps(at, 100, 12.5, row.get());
  for (std::uint32_t i = 0; i < 100; ++i) {
    const ThreefryWords words = threefry_block(at.key, {i, 4, 2, 0});
    const std::uint64_t word = words[0] | std::uint64_t{words[1]} << 32;
    const double u = 1 - static_cast<double>(word >> 12) * 0x1p-52;
    CHECK(row->gap[i] == static_cast<std::int32_t>(-portable_log(u) * 12.5));
  }
}

TEST_CASE("lanes compare each byte with the threshold of its agent") {
  std::vector<float> rate(kLaneTile);
  for (std::uint32_t i = 0; i < kLaneTile; ++i) {
    rate[i] = static_cast<float>(i) / static_cast<float>(kLaneTile - 1);
  }
  const auto tile = std::make_unique<LaneTile>();
  for (const InstructionSet set : sets()) {
    for (const std::uint32_t n : {1U, 63U, 64U, 700U, kLaneTile}) {
      const LaneAddress at = address_of(n);
      lane_kernels(set).compare_lanes(at, rate.data(), n, 0.9F, tile.get());
      for (std::uint32_t i = 0; i < kLaneTile; ++i) {
        const std::uint32_t word = i / 4;  // words in planes of 64 blocks
        const ThreefryWords words =
            threefry_block(at.key, {at.counter[0] + word % 64, at.counter[1], 5, at.counter[3]});
        const std::uint32_t byte = (words[word / 64] >> (8 * (i % 4))) & 0xFFU;
        const bool is_there =
            i < n && static_cast<float>(byte) <= std::floor(rate[i] * (256 * 0.9F));
        REQUIRE(((tile->mask[i / 64] >> (i % 64)) & 1U) == (is_there ? 1 : 0));
      }
    }
  }
}

}  // namespace fingers
