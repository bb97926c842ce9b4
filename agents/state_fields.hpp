// The state of a world as a plain list of named columns: what digests and comparisons of two worlds
// are made from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fingers {

struct World;

/// The parts of the state, in the order of `state_fields`.
inline constexpr std::array<std::string_view, 13> kStateParts = {
    "society",   "trends", "labs",    "models",        "flaws",  "developers", "bad_actors",
    "defenders", "states", "diffuse", "concentration", "shocks", "record"};

/// One column of the state.
struct StateField {
  std::size_t part = 0;  ///< number in kStateParts
  std::string name;      ///< unit last
  bool is_real = false;
  std::vector<std::uint64_t> bits;  ///< whole numbers; of reals the bits of a double, one NaN
};

/// All that moves in a world and is not a function of the rest, as it is at the end of a month.
/// Regimes are inputs: their numbers are left out, or two regimes would part before anything
/// happens. Values keep every bit; the order is fixed.
std::vector<StateField> state_fields(const World& world);

/// A value of a field as text: equal where the bits are.
std::string value_text(const StateField& field, std::size_t row);

}  // namespace fingers
