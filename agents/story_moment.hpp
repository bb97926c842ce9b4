// The month of an event: the world as it was before and after it, and what was noted on the way of
// the flaw and of the regimes. For story*.cpp only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agents/story.hpp"

namespace fingers {

enum class NoteKind : std::uint8_t {
  found,         ///< by eyeballs
  fixed,         ///< a fix was published
  known_to_all,  ///< of bad actors
  known_to_one   ///< bad actor
};

/// Something that happened to the flaw of the story.
struct FlawNote {
  double year = 0;
  NoteKind kind = NoteKind::found;
  std::uint32_t agent = kNone;  ///< the bad actor who alone knows it
};

/// From when on a group of labs followed a regime.
struct RegimeNote {
  double year = 0;
  std::uint32_t group = 0;
  std::uint32_t regime = 0;
};

struct Moment {
  std::uint32_t step = 0;
  World before;                ///< at the end of the month before
  World after;                 ///< at the end of the month
  std::uint32_t flaw = kNone;  ///< its number in this world
  std::vector<FlawNote> flaw_notes;
  std::vector<RegimeNote> regime_notes;

  /// The number of the regime that a group followed at a time.
  [[nodiscard]] std::uint32_t regime_at(std::uint32_t group, double year) const;
};

/// The month to stop after, and the flaw to watch until then.
struct Watched {
  std::uint32_t step = 0;
  std::optional<std::uint64_t> flaw_identity;  ///< of birth
};

/// Lives a replicate up to the end of a step. Expects that it lives so long.
Moment moment_of(const Simulation& simulation, const Batch& batch, const LivedRun& run,
                 const Watched& look);

/// How far out a model was at a time [calendar year].
Form form_at(const World& world, ModelId model, double year);

}  // namespace fingers
