// How many acts of a month come from whom a model reaches (M4), and what they are worth (M14). Who
// acts how often does not depend on a regime, so the worlds of a replicate share it, and each asks
// for the sums between the budgets at which it offers models.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "agents/access.hpp"

namespace fingers {

struct Developers;

/// Acts of a month in order of the places of who acts (Developers::place).
class ActsByPlace {
 public:
  /// `acts[i]`, a whole number, of developer[i].
  void set(const Developers& developers, std::span<const std::uint32_t> developer,
           std::span<const double> acts);

  /// Acts from places below one: exact.
  [[nodiscard]] double below(std::uint32_t place) const;

  /// Acts of who runs models at another's host, of those whom makers accept for gated weights or of
  /// the others.
  [[nodiscard]] double elsewhere(bool granted) const { return elsewhere_[granted ? 1 : 0]; }

 private:
  std::vector<std::uint32_t> acts_;  ///< by place; 0 where there are too many for 32 bits
  std::vector<double> up_to_;        ///< by block of places: these below it
  std::vector<std::pair<std::uint32_t, double>> many_;  ///< places with too many, and how many
  std::array<double, 2> elsewhere_{};
};

struct ActsWorth {
  double actions = 0;  ///< of who reaches a model
  double benefit = 0;  ///< of these (M14)
};

/// The worth of all acts, each of which counts `share`.
ActsWorth worth_of(const ActsByPlace& acts, const Developers& developers, const Access& access,
                   double share);

}  // namespace fingers
