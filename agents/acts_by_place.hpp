// How many acts of a month come from whom a model reaches (M4), and what they are worth (M14). Who
// acts how often does not depend on a regime, so the worlds of a replicate share it, and each asks
// for the sums between the budgets at which it offers models.
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

/// Number of places that n developers have.
constexpr std::uint64_t places_of(std::uint64_t n) { return 2 * (n + 1); }

/// Acts of a month in order of the places of who acts.
class ActsByPlace {
 public:
  /// `place` of every developer; `acts[i]`, a whole number, of developer[i].
  void set(std::span<const std::uint32_t> place, std::span<const std::uint32_t> developer,
           std::span<const double> acts);

  /// Acts from places below one: exact. Expects at most places_of(n).
  [[nodiscard]] double below(std::uint64_t place) const;

 private:
  std::vector<std::uint32_t> place_;  ///< where somebody acts, ascending
  std::vector<double> up_to_;         ///< acts at the first 0, 1, … of these
  std::vector<std::uint32_t> first_;  ///< by block of places: the first of these that is in it
};

struct ActsWorth {
  double actions = 0;  ///< of who reaches a model
  double benefit = 0;  ///< of these (M14)
};

/// The worth of all acts of n developers, each of which counts `share`.
ActsWorth worth_of(const ActsByPlace& acts, std::uint32_t n, const Access& access, double share);

}  // namespace fingers
