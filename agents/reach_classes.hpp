// What an act is worth to a developer (M14), by how many models the developer reaches (M4): looked
// up by the place of the developer, so that no act searches for its budget.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/access.hpp"

namespace fingers {

/// What decides whom a model reaches, as one number: the rank of a developer's budget (`n`, above
/// all ranks, at another's host), in the half of those whom makers accept for gated weights or in
/// the other.
std::uint32_t place_of(std::uint32_t rank, bool granted, std::uint32_t n);

/// What an act is worth to those who reach as many models: benefit / cumulative.
struct ReachClass {
  double usable = 0;  ///< 1, or 0 where nothing is in reach
  double benefit = 0;
  double cumulative = 1;
};

/// The classes of one month.
class ReachClasses {
 public:
  /// Of developers whom makers do not accept for gated weights, and of those whom they do.
  void set(std::uint32_t n_developers, const AccessTable& others, const AccessTable& accepted);

  [[nodiscard]] const ReachClass& at(std::uint32_t place) const {
    return classes_[of_place_[place]];
  }

 private:
  void add(const AccessTable& table, std::span<std::uint32_t> places);

  std::vector<ReachClass> classes_;
  std::vector<std::uint32_t> of_place_;
};

}  // namespace fingers
