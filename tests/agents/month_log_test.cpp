// A bit that is turned in one draw of a run of ten years is found by its digests and named by the
// logs of its month; a run that is watched is the one that is not.
#include "agents/month_log.hpp"

#include <algorithm>

#include "agents/draws.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kTenYears = R"({"time": {"years": 10},
    "population": {"developers": {"count": 60}, "bad_actors": {"count": 60}}})";

RunToLive run_with(const std::string& changes,
                   const std::string& regime = "open-weights-permissive") {
  const auto scenario = scenario_with(changes, regime);
  return {.scenario = scenario, .keys = make_world_keys(scenario->seeds, 0)};
}

/// One bit of one draw.
struct Plant {
  ToldDraw draw;
  std::size_t word = 0;
  std::uint32_t bit = 0;
};

class Planted : public DrawTap {
 public:
  explicit Planted(Plant plant) : plant_(std::move(plant)) {}
  void drawn(const StreamKey& /*key*/, const Address& address,
             std::array<std::uint64_t, 2>& words) override {
    const bool is_it = address.identity == plant_.draw.identity &&
                       draw_declarations()[address.process].name == plant_.draw.process &&
                       address.step == plant_.draw.step && address.draw == plant_.draw.draw;
    words[plant_.word] ^= is_it ? std::uint64_t{1} << plant_.bit : 0;
  }

 private:
  Plant plant_;
};

/// The last draw of a process in a month.
ToldDraw draw_of(const MonthLog& log, std::string_view process) {
  const auto found = std::find_if(log.draws.rbegin(), log.draws.rend(),
                                  [&](const ToldDraw& draw) { return draw.process == process; });
  REQUIRE(found != log.draws.rend());
  return *found;
}

/// Plants, and looks for it: by digests first, then by the logs of the month.
void check_found(const RunToLive& run, const MonthDigests& plain, const MonthLog& log,
                 const Plant& plant) {
  INFO(plant.draw.process << " of " << plant.draw.agent << ", bit " << plant.bit);
  Planted tap(plant);
  const TapDraws scope(tap);
  const auto month = first_parted(plain, digests_of(run));
  REQUIRE(month);
  CHECK(month->month == log.month);
  CHECK(std::ranges::find(month->parts, "draws") != month->parts.end());
  const auto planted = log_of_month(run, month->month);
  REQUIRE(planted);
  const Parting parting = parting_of(log, *planted);
  REQUIRE(parting.draw);
  REQUIRE((parting.draw->a && parting.draw->b));
  CHECK(*parting.draw->a == plant.draw);
  CHECK(parting.draw->b->agent == plant.draw.agent);
  CHECK((parting.draw->a->words[plant.word] ^ parting.draw->b->words[plant.word]) ==
        std::uint64_t{1} << plant.bit);
  CHECK(parting.draw->a->words[1 - plant.word] == parting.draw->b->words[1 - plant.word]);
}

TEST_CASE("one bit of one draw in ten years is found and named, whether it decides or not") {
  const RunToLive run = run_with(kTenYears);
  const MonthDigests plain = digests_of(run);
  REQUIRE(plain.time.size() == 120);
  for (const std::uint32_t month : {3U, 77U, 119U}) {
    const auto log = log_of_month(run, month);
    REQUIRE(log);
    for (const char* process : {"act_count", "attempt_count"}) {
      const ToldDraw draw = draw_of(*log, process);
      CHECK(draw.step == month);
      check_found(run, plain, *log, {.draw = draw, .word = 0, .bit = 0});
      check_found(run, plain, *log, {.draw = draw, .word = 0, .bit = 63});
      check_found(run, plain, *log, {.draw = draw, .word = 1, .bit = 40});
    }
  }
}

TEST_CASE("a bit of a draw that makes the world is found in the first month") {
  const RunToLive run = run_with(R"({"time": {"years": 1}})");
  const auto log = log_of_month(run, 0);
  REQUIRE(log);
  const ToldDraw draw = draw_of(*log, "developer_budget");
  CHECK(draw.stream == "population");
  CHECK(draw.agent == "developer 299");
  check_found(run, digests_of(run), *log, {.draw = draw, .word = 0, .bit = 52});
}

TEST_CASE("the same run parts nowhere") {
  const RunToLive run = run_with(R"({"time": {"years": 1}})");
  CHECK_FALSE(first_parted(digests_of(run), digests_of(run)));
  CHECK(parting_of(*log_of_month(run, 5), *log_of_month(run, 5)).empty());
  CHECK_FALSE(log_of_month(run, 12));
}

TEST_CASE("two regimes part in the first quantities that follow the rules, not in others' draws") {
  const RunToLive closed = run_with(kTenYears, "closed");
  const RunToLive open = run_with(kTenYears, "open-weights-permissive");
  const auto month = first_parted(digests_of(closed), digests_of(open));
  REQUIRE(month);
  const Parting parting =
      parting_of(*log_of_month(closed, month->month), *log_of_month(open, month->month));
  CHECK_FALSE(parting.empty());
  CHECK(parting.n_other_bits == 0);  // common random numbers
}

TEST_CASE("a run that is recorded with digests is the run without them") {
  const std::string years = R"("time": {"years": 3}, "experiment": {"replicates": 2})";
  const Batch plain = batch_with("{" + years + "}");
  const Batch digested = batch_with("{" + years + R"(, "output": {"digests": true}})");
  REQUIRE(digested.mistakes.empty());
  const Simulation without(plain.points);
  const Simulation with(digested.points);
  CHECK(plain.model_text != digested.model_text);
  for (std::uint32_t point = 0; point < 2; ++point) {
    const RunRecord a = run_point(without, plain, point, 1);
    const RunRecord b = run_point(with, digested, point, 1);
    check_record(with.schema(), b, with.clock().n_steps);
    REQUIRE(b.tables.size() == a.tables.size() + 1);
    RunRecord rest = b;
    rest.tables.pop_back();
    CHECK(content_hash(rest) == content_hash(a));
    const auto stored = stored_digests(with.schema(), b);
    REQUIRE(stored);
    const StreamSeeds seeds = seeds_of_point(digested.design, digested.scenario.seeds, point);
    const MonthDigests lived =
        digests_of({.scenario = plain.points[point], .keys = make_world_keys(seeds, 1)});
    CHECK(stored->columns == lived.columns);
    CHECK_FALSE(first_parted(*stored, lived));
    CHECK_FALSE(stored_digests(without.schema(), a));
  }
}

}  // namespace
