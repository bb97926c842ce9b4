// Tested by tests/agents/acts_by_place_test.cpp.
#include "agents/acts_by_place.hpp"

#include <algorithm>
#include <numeric>
#include <span>

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

void ActsByPlace::begin(std::uint32_t n_developers) {
  acts_.assign(n_developers, 0);
  many_.clear();
  elsewhere_ = {};
}

void ActsByPlace::finish() {
  std::ranges::sort(many_);
  up_to_.clear();
  double sum = 0;
  auto more = many_.begin();
  for (std::size_t first = 0; first < acts_.size(); first += kBlock) {
    up_to_.push_back(sum);
    const auto block = std::span(acts_).subspan(first, std::min(kBlock, acts_.size() - first));
    sum += std::accumulate(block.begin(), block.end(), std::uint32_t{0});
    for (; more != many_.end() && more->first < first + kBlock; ++more) {
      sum += more->second;
    }
  }
  up_to_.push_back(sum);
}

double ActsByPlace::below(std::uint32_t place) const {
  EXPECT_CONTRACT(place <= acts_.size());
  const std::size_t block = place / kBlock;
  std::uint32_t in_block = 0;
  for (std::size_t p = block * kBlock; p < place; ++p) {
    in_block += acts_[p];
  }
  double below = up_to_[block] + in_block;
  for (auto more = std::ranges::lower_bound(many_, block * kBlock, {}, &Many::first);
       more != many_.end() && more->first < place; ++more) {
    below += more->second;
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
