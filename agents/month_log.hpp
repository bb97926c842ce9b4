// A month of one run written down to the last bit: every block that was drawn in it, by address,
// and the state at its end; and where two such logs part. A run that is watched has the same draws
// as one that is not.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/digests.hpp"
#include "agents/world.hpp"
#include "engine/draw_tap.hpp"

namespace fingers {

/// One block that was drawn.
struct LoggedDraw {
  bool is_population = false;  ///< of the population stream, else of the dynamics
  Address address;
  std::array<std::uint64_t, 2> words{};
};

/// Writes down what is drawn while it is the tap; a tap that was there before goes first.
class DrawRecorder : public DrawTap {
 public:
  explicit DrawRecorder(const WorldKeys& keys) : keys_(keys), before_(draw_tap()) {}
  void drawn(const StreamKey& key, const Address& address,
             std::array<std::uint64_t, 2>& words) override;

  /// In the order of being made, each address once.
  [[nodiscard]] std::vector<LoggedDraw> draws() const;
  /// Independent of their order, and of how often each was made.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  WorldKeys keys_;
  DrawTap* before_;
  std::vector<LoggedDraw> draws_;
};

/// Makes a world of its own (without a community, whose draws others might have made), and notes
/// the digest of the draws.
World make_digested_world(std::shared_ptr<const Scenario> scenario, const WorldKeys& keys);
/// `month`, and its digests.
bool digested_month(World& world);

/// One replicate of one point, to be lived again.
struct RunToLive {
  std::shared_ptr<const Scenario> scenario;
  WorldKeys keys;
};

/// Lives a run to its end for its digests.
MonthDigests digests_of(const RunToLive& run);

/// A draw as it is told.
struct ToldDraw {
  std::string stream;   ///< "population" or "dynamics"
  std::string process;  ///< as in draw_declarations
  std::string agent;    ///< kind and number: "developer 17", "model 3"
  std::uint64_t identity = 0;
  std::uint32_t step = 0;  ///< of the address; 0 for what is drawn once
  std::uint32_t draw = 0;  ///< which block, from 0
  std::array<std::uint64_t, 2> words{};

  bool operator==(const ToldDraw&) const = default;
};

/// A column of the state as it is told.
struct ToldField {
  std::string part;
  std::string name;
  std::vector<std::string> values;  ///< equal where the bits are

  bool operator==(const ToldField&) const = default;
};

struct MonthLog {
  std::uint32_t month = 0;      ///< from 0
  double year = 0;              ///< calendar year of its beginning
  std::vector<ToldDraw> draws;  ///< in the order of being made; the first month's with the world's
  std::vector<ToldField> state;

  bool operator==(const MonthLog&) const = default;
};

/// Lives a run up to the end of the month that is wanted; nothing where it ends before.
std::optional<MonthLog> log_of_month(const RunToLive& run, std::uint32_t wanted);

/// A draw that is not the same in both logs; empty on the side that does not make it.
struct PartedDraw {
  std::optional<ToldDraw> a;
  std::optional<ToldDraw> b;
};

/// A column that is not the same in both.
struct PartedField {
  std::string part;
  std::string name;
  std::size_t row = 0;     ///< the first that differs
  std::size_t n_rows = 0;  ///< how many differ, with those that only one has
  std::string a;           ///< empty: there is no such row
  std::string b;
};

struct Parting {
  std::optional<PartedDraw> draw;  ///< the first, in the order of being made
  std::size_t n_other_bits = 0;    ///< draws of both, with other bits
  std::size_t n_only_a = 0;
  std::size_t n_only_b = 0;
  std::vector<PartedField> fields;  ///< in the order of kStateParts

  [[nodiscard]] bool empty() const { return !draw && fields.empty(); }
};

Parting parting_of(const MonthLog& a, const MonthLog& b);

}  // namespace fingers
