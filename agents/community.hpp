// What worlds with the same people and the same draws have in common: developers and bad actors,
// and who of them acts how often in each month. None of it depends on a regime, so the worlds of
// one replicate share it. Built by whoever needs it first.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "agents/acts_by_place.hpp"
#include "agents/bad_actors.hpp"
#include "agents/developers.hpp"
#include "engine/model.hpp"
#include "engine/shared_values.hpp"

namespace fingers {

struct Scenario;

/// Developers whose acts are drawn and passed over together: these from 64 k on.
inline constexpr std::uint32_t kActBlock = 64;

/// What developers do in one month, as far as it is looked at in every world. Who of a block acts,
/// and how often, is drawn again where it matters.
struct MonthActs {
  ActsByPlace by_place;
  /// Of each block, the least press_uniform / (acts × recklessness) of who acts; infinity where
  /// nobody does.
  std::vector<double> least_press;
};

/// A developer in a month in which it acts.
struct Acting {
  std::uint32_t developer;
  double acts;           ///< a whole number of at least 1
  double press_uniform;  ///< decides whether its acts come near a press (M5.3)
};

/// Who of a block of developers acts in a month (M5.1), ascending.
class ActingBlock {
 public:
  ActingBlock(const Developers& developers, const StreamKey& dynamics, std::uint32_t step,
              std::uint32_t block);

  [[nodiscard]] const Acting* begin() const { return acting_.data(); }
  [[nodiscard]] const Acting* end() const { return acting_.data() + n_; }

 private:
  std::array<Acting, kActBlock> acting_;  ///< the first n_ act
  std::uint32_t n_ = 0;
};

/// Fills `acts` with a month of developers (M5.1), reusing its memory, and answers it.
const MonthActs& draw_acts(const Developers& developers, const StreamKey& dynamics,
                           std::uint32_t step, MonthActs& acts);

/// Acts that one developer begins in a month, whatever comes of them: the same draw as
/// in its ActingBlock, and so the same number under every regime.
std::uint64_t acts_in_month(const Developers& developers, const StreamKey& dynamics,
                            std::uint32_t step, std::uint32_t developer);

/// People of one replicate and their acts, for worlds that differ in neither.
class Community {
 public:
  explicit Community(std::uint32_t n_steps) : acts_(n_steps), attempts_(n_steps) {}

  /// Who would have to wait for another that makes them makes bad actors and attempts meanwhile.
  std::shared_ptr<const Developers> developers(const Scenario& scenario, const WorldKeys& keys);
  const MonthActs& acts(const Developers& developers, const StreamKey& dynamics,
                        std::uint32_t step);

  const BadActors& bad_actors(const Scenario& scenario, const StreamKey& population);
  const MonthAttempts& attempts(const BadActors& actors, const StreamKey& dynamics,
                                std::uint32_t step);

 private:
  MadeOnce<std::shared_ptr<const Developers>> developers_;
  MadeInOrder<MonthActs> acts_;  ///< of each month
  MadeOnce<BadActors> bad_actors_;
  MadeInOrder<MonthAttempts> attempts_;  ///< of each month
};

/// Hands the worlds of a batch their communities.
class Communities {
 public:
  explicit Communities(const std::vector<std::shared_ptr<const Scenario>>& points);

  /// The community of a point in a replicate; null where no other point has the same people, or
  /// where they are too many to keep.
  std::shared_ptr<Community> of(std::uint32_t point, const WorldKeys& keys);

 private:
  struct Key {
    std::uint32_t alike = 0;  ///< first point that has the same people
    WorldKeys keys;
    bool operator==(const Key&) const = default;
  };
  std::vector<std::uint32_t> alike_;     ///< of each point
  std::vector<std::uint8_t> is_shared_;  ///< of each point
  std::uint32_t n_steps_ = 0;
  RecentValues<Key, Community> recent_;
};

}  // namespace fingers
