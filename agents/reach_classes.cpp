#include "agents/reach_classes.hpp"

#include <algorithm>

#include "agents/developers.hpp"

namespace fingers {

namespace {

/// Where the second half begins: at a block's start, after rank `n`.
std::uint32_t places_in_half(std::uint32_t n) {
  return (n / ReachClasses::kBlock + 1) * ReachClasses::kBlock;
}

}  // namespace

std::uint32_t place_of(std::uint32_t rank, bool granted, std::uint32_t n) {
  return rank + (granted ? places_in_half(n) : 0);
}

void ReachClasses::set(const Developers& developers, const AccessTable& others,
                       const AccessTable& accepted) {
  classes_.clear();
  first_place_.clear();
  of_block_.clear();
  add(developers, others);
  add(developers, accepted);
}

void ReachClasses::add(const Developers& developers, const AccessTable& table) {
  const auto& budgets = developers.sorted_budget_usd;
  const auto begin = static_cast<std::uint32_t>(of_block_.size()) * kBlock;
  const std::uint32_t end = begin + places_in_half(developers.count());
  std::size_t reached = classes_.size();
  classes_.emplace_back();
  first_place_.push_back(begin);
  for (std::size_t k = 0; k < table.by_cost.size(); ++k) {
    const auto poorer = std::ranges::lower_bound(budgets, table.cost_usd[k]) - budgets.begin();
    classes_.push_back(
        {.usable = 1, .benefit = table.benefit[k], .cumulative = table.cumulative[k]});
    first_place_.push_back(begin + static_cast<std::uint32_t>(poorer));
  }
  of_block_.resize(end / kBlock, kNone);
  for (; reached < classes_.size(); ++reached) {
    const std::uint32_t after = reached + 1 < classes_.size() ? first_place_[reached + 1] : end;
    const std::uint32_t first_block = (first_place_[reached] + kBlock - 1) / kBlock;
    if (first_block < after / kBlock) {
      std::fill(of_block_.begin() + first_block, of_block_.begin() + after / kBlock,
                static_cast<std::uint32_t>(reached));
    }
  }
}

std::uint32_t ReachClasses::within_block(std::uint32_t place) const {
  const auto above = std::ranges::upper_bound(first_place_, place);
  return static_cast<std::uint32_t>(above - first_place_.begin()) - 1;
}

}  // namespace fingers
