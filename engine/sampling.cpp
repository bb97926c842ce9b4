// Tested by tests/engine/sampling_test.cpp.
#include "engine/sampling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/contract.hpp"
#include "engine/random.hpp"

namespace fingers {

namespace {

/// What a word is drawn for: each use has addresses of its own.
enum class Use : std::uint8_t { latin, shift, trajectory };

/// The two words of one draw in one dimension.
std::array<std::uint64_t, 2> words_of(const StreamKey& key, Use use, std::uint64_t dimension,
                                      std::uint64_t draw) {
  return random_block(
      key, {.identity = birth_identity(static_cast<std::uint64_t>(use), dimension, 0, draw)});
}

std::array<std::uint64_t, 2> words_of(std::uint64_t design_seed, Use use, const std::string& name,
                                      std::uint64_t draw) {
  return words_of(make_key(design_seed, StreamKind::design, 0), use,
                  name_identity(name.data(), name.size()), draw);
}

}  // namespace

std::vector<double> latin_column(const std::string& name, std::uint32_t n,
                                 std::uint64_t design_seed) {
  constexpr double kBelowOne = 1.0 - 0x1p-53;
  EXPECT_CONTRACT(n >= 1);
  const StreamKey key = make_key(design_seed, StreamKind::design, 0);
  const std::uint64_t dimension = name_identity(name.data(), name.size());
  // Of the two words of a draw one orders, the other places.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (std::uint32_t draw = 0; draw < n; ++draw) {
    order.emplace_back(words_of(key, Use::latin, dimension, draw)[0], draw);
  }
  std::ranges::sort(order);
  std::vector<double> column(n);
  for (std::uint32_t stratum = 0; stratum < n; ++stratum) {
    const std::uint32_t draw = order[stratum].second;
    const double within = uniform_of_word(words_of(key, Use::latin, dimension, draw)[1]);
    const double place = (static_cast<double>(stratum) + within) / static_cast<double>(n);
    column[draw] = std::min(place, kBelowOne);  // the last stratum may round up
  }
  return column;
}

std::uint64_t digital_shift(const std::string& name, std::uint64_t half,
                            std::uint64_t design_seed) {
  return words_of(design_seed, Use::shift, name, half)[0];
}

TrajectoryDraw trajectory_draw(const std::string& name, std::uint32_t trajectory,
                               std::uint32_t levels, std::uint64_t design_seed) {
  EXPECT_CONTRACT(levels >= 1);
  const auto words = words_of(design_seed, Use::trajectory, name, trajectory);
  const double level = uniform_of_word(words[1]) * static_cast<double>(levels);
  return {.order = words[0], .start = static_cast<std::uint32_t>(level)};
}

}  // namespace fingers
