// How many acts of a month come from whom a model reaches (M4), and what they are worth (M14). Who
// acts how often does not depend on a regime, so the worlds of a replicate share it, and each asks
// for the sums between the budgets at which it offers models.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "agents/access.hpp"
#include "agents/developers.hpp"

namespace fingers {

/// Acts of a month in order of the places of who acts (Developers::place).
class ActsByPlace {
 public:
  /// Begins anew, with no acts of so many developers. Its memory is used again.
  void begin(std::uint32_t n_developers);
  /// `acts`, a whole number, of a developer of whom there are none yet.
  void add(const Developers& developers, std::uint32_t developer, double acts) {
    constexpr double kMost = std::numeric_limits<std::uint16_t>::max();
    const std::uint32_t place = developers.place[developer];
    if (place == kElsewhere) {
      elsewhere_[developers.granted[developer]] += acts;
    } else if (acts <= kMost) {
      acts_[place] = static_cast<std::uint16_t>(acts);
    } else {
      many_.emplace_back(place, acts);
    }
  }
  /// All acts are there.
  void finish();

  /// Acts from places below one: exact. Expects: `finish` was called.
  [[nodiscard]] double below(std::uint32_t place) const;

  /// Acts of who runs models at another's host, of those whom makers accept for gated weights or of
  /// the others.
  [[nodiscard]] double elsewhere(bool granted) const { return elsewhere_[granted ? 1 : 0]; }

 private:
  using Many = std::pair<std::uint32_t, double>;

  std::vector<std::uint16_t> acts_;  ///< by place; 0 where there are too many for 16 bits
  std::vector<Many> many_;           ///< places with too many, ascending, and how many
  std::vector<double> up_to_;        ///< by block of places: all below it
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
