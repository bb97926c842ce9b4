// Tested by tests/agents/acts_by_place_test.cpp.
#include "agents/acts_by_place.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "agents/developers.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::size_t kBlock = 64;  ///< places that are summed up one by one

/// Adds what the developers of one half do with the models of their table.
void add(ActsWorth& worth, const ActsByPlace& acts, const Developers& developers,
         const Access& access, bool granted) {
  const AccessTable& table = granted ? access.accepted : access.others;
  const std::vector<std::uint32_t>& place = developers.place_of_rank[granted ? 1 : 0];
  const std::size_t n = table.by_cost.size();
  double before = n > 0 ? acts.below(place[table.poorer[0]]) : 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const bool last = k + 1 == n;
    const double up_to = acts.below(last ? place.back() : place[table.poorer[k + 1]]);
    const double reach_so_many = up_to - before + (last ? acts.elsewhere(granted) : 0.0);
    worth.actions += reach_so_many;
    worth.benefit += reach_so_many * table.benefit[k] / table.cumulative[k];
    before = up_to;
  }
}

}  // namespace

void ActsByPlace::set(const Developers& developers, std::span<const std::uint32_t> developer,
                      std::span<const double> acts) {
  constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
  acts_.assign(developers.count(), 0);
  many_.clear();
  elsewhere_ = {};
  for (std::size_t i = 0; i < developer.size(); ++i) {
    const std::uint32_t place = developers.place[developer[i]];
    if (place == kElsewhere) {
      elsewhere_[developers.granted[developer[i]]] += acts[i];
    } else if (acts[i] <= kMost) {
      acts_[place] = static_cast<std::uint32_t>(acts[i]);
    } else {
      many_.emplace_back(place, acts[i]);
    }
  }
  up_to_.clear();
  double sum = 0;
  for (std::size_t first = 0; first < acts_.size(); first += kBlock) {
    up_to_.push_back(sum);
    const auto block = std::span(acts_).subspan(first, std::min(kBlock, acts_.size() - first));
    sum += static_cast<double>(std::accumulate(block.begin(), block.end(), std::uint64_t{0}));
  }
  up_to_.push_back(sum);
}

double ActsByPlace::below(std::uint32_t place) const {
  EXPECT_CONTRACT(place <= acts_.size());
  const std::size_t block = place / kBlock;
  std::uint64_t in_block = 0;
  for (std::size_t p = block * kBlock; p < place; ++p) {
    in_block += acts_[p];
  }
  double below = up_to_[block] + static_cast<double>(in_block);
  for (const auto& [at, n] : many_) {
    below += at < place ? n : 0.0;
  }
  return below;
}

ActsWorth worth_of(const ActsByPlace& acts, const Developers& developers, const Access& access,
                   double share) {
  ActsWorth worth;
  add(worth, acts, developers, access, false);
  add(worth, acts, developers, access, true);
  worth.actions *= share;
  worth.benefit *= share;
  return worth;
}

}  // namespace fingers
