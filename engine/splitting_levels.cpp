#include "engine/splitting_levels.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/contract.hpp"

namespace fingers {

double next_level(std::span<const double> peaks, double below) {
  std::vector<double> sorted(peaks.begin(), peaks.end());
  std::ranges::sort(sorted, std::greater<>());
  const auto above = std::ranges::lower_bound(sorted, below, std::greater<>());
  const auto n_above = static_cast<std::size_t>(above - sorted.begin());
  if (n_above == 0) {
    return std::numeric_limits<double>::infinity();
  }
  const auto wanted = static_cast<std::size_t>(
      std::max(1.0, std::floor(kShareOfNextLevel * static_cast<double>(sorted.size()))));
  double level = sorted[std::min(wanted, n_above) - 1];
  if (level == sorted.back() && level < sorted.front()) {
    // all are at the lowest score or above: a level there would part nobody from anybody
    level = *(std::ranges::lower_bound(sorted, level, std::greater<>()) - 1);
  }
  return level;
}

bool is_needless(std::span<const double> peaks, double threshold) {
  const auto reached =
      std::ranges::count_if(peaks, [threshold](double peak) { return peak >= threshold; });
  return 2 * static_cast<std::size_t>(reached) > peaks.size();
}

std::size_t levels_between(std::span<const double> levels, double from, double to) {
  const auto first = std::ranges::upper_bound(levels, from);
  const auto last = std::ranges::upper_bound(levels, to);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, last - first));
}

bool is_leap(std::size_t levels_at_once, std::size_t n_levels) {
  return levels_at_once >= 3 && 2 * levels_at_once >= n_levels;
}

std::vector<std::uint32_t> spread_evenly(std::uint32_t n_from, std::uint32_t n,
                                         const StreamKey& key) {
  EXPECT_CONTRACT(n_from >= 1);
  std::vector<std::uint64_t> lot(n_from);
  for (std::uint32_t i = 0; i < n_from; ++i) {
    lot[i] = random_block(key, {.identity = i, .step = 0, .process = 0, .draw = 0})[0];
  }
  std::vector<std::uint32_t> order(n_from);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&lot](std::uint32_t i) { return lot[i]; });
  std::vector<std::uint32_t> begins(n);
  for (std::uint32_t t = 0; t < n; ++t) {
    begins[t] = order[t % n_from];
  }
  return begins;
}

}  // namespace fingers
