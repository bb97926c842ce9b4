#include "agents/reach_classes.hpp"

#include <algorithm>

#include "agents/developers.hpp"

namespace fingers {

std::uint32_t place_of(std::uint32_t rank, bool granted, std::uint32_t n) {
  return rank + (granted ? n + 1 : 0);
}

void ReachClasses::set(const Developers& developers, const AccessTable& others,
                       const AccessTable& accepted) {
  classes_.clear();
  of_place_.clear();
  add(developers, others);
  add(developers, accepted);
}

void ReachClasses::add(const Developers& developers, const AccessTable& table) {
  const auto& budgets = developers.sorted_budget_usd;
  const std::size_t begin = of_place_.size();
  const auto class_up_to = [&](std::size_t end, const ReachClass& of_them) {
    of_place_.resize(end, static_cast<std::uint32_t>(classes_.size()));
    classes_.push_back(of_them);
  };
  ReachClass reached;
  for (std::size_t k = 0; k < table.by_cost.size(); ++k) {
    const auto poorer = std::ranges::lower_bound(budgets, table.cost_usd[k]) - budgets.begin();
    class_up_to(begin + static_cast<std::size_t>(poorer), reached);
    reached = {.usable = 1, .benefit = table.benefit[k], .cumulative = table.cumulative[k]};
  }
  class_up_to(begin + developers.count() + 1, reached);
}

}  // namespace fingers
