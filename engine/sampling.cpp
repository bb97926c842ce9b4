// Tested by tests/engine/sampling_test.cpp.
#include "engine/sampling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/contract.hpp"
#include "engine/random.hpp"

namespace fingers {

namespace {

/// The two words of one draw in one dimension: one orders, the other places.
std::array<std::uint64_t, 2> words_of(const StreamKey& key, std::uint64_t dimension,
                                      std::uint32_t draw) {
  return random_block(key, {.identity = birth_identity(0, dimension, 0, draw)});
}

}  // namespace

std::vector<double> latin_column(const std::string& name, std::uint32_t n,
                                 std::uint64_t design_seed) {
  constexpr double kBelowOne = 1.0 - 0x1p-53;
  EXPECT_CONTRACT(n >= 1);
  const StreamKey key = make_key(design_seed, StreamKind::design, 0);
  const std::uint64_t dimension = name_identity(name.data(), name.size());
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (std::uint32_t draw = 0; draw < n; ++draw) {
    order.emplace_back(words_of(key, dimension, draw)[0], draw);
  }
  std::ranges::sort(order);
  std::vector<double> column(n);
  for (std::uint32_t stratum = 0; stratum < n; ++stratum) {
    const std::uint32_t draw = order[stratum].second;
    const double within = uniform_of_word(words_of(key, dimension, draw)[1]);
    const double place = (static_cast<double>(stratum) + within) / static_cast<double>(n);
    column[draw] = std::min(place, kBelowOne);  // the last stratum may round up
  }
  return column;
}

}  // namespace fingers
