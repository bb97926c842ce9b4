// What a loss of control is exposed to, and what follows (M5.3).
#include "agents/loss_of_control.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kDangerous = R"({"mechanisms": {
    "fingers": {"critical_oom": 20, "press_scale": 1e-3, "x_min_musd": 1e3, "cap_musd": 1e9},
    "catastrophe": {"musd": 1e5}}})";

/// An event of this harm, judged by the reporting of a config.
Event noted(double severity_musd, double report_share, std::uint64_t identity = 1) {
  const World world = world_with("{}");
  Event event{.year = 2025};
  event.severity_musd = severity_musd;
  note_harm(world, event, identity, report_share);
  return event;
}

}  // namespace

TEST_CASE("exposure is half at the critical capability, less what holds it back") {
  World world = world_with("{}", "closed", kIdleLab);
  const ModelId m = release_model(world, 31.5, Form::open_weights, 1);
  CHECK(press_exposure(world, m, 0, 0, 0) == Approx(0.5));
  CHECK(press_exposure(world, m, 0.7, 0, 0) == Approx(1 / (1 + std::exp(-1.0))));
  CHECK(press_exposure(world, m, 0, 0.5, 0) == Approx(0.5 * (1 - 0.5 * 0.7)));
  CHECK(press_exposure(world, m, 0, 0, 0.4) == Approx(0.5 * 0.6));
  world.models.alignment[m] = 0.8;
  CHECK(press_exposure(world, m, 0, 0.5, 0.4) == Approx(0.5 * 0.2 * 0.65 * 0.6));
}

TEST_CASE("a catastrophe always becomes known, other harm by its share") {
  const Event small = noted(10, 0);
  CHECK(small.seen_year == kNever);
  CHECK(small.flags == 0);
  const Event known = noted(10, 1);
  CHECK(known.seen_year == 2025);
  const Event large = noted(1e5, 0);
  CHECK(large.seen_year == 2025);
  CHECK(large.flags == kCatastrophic);
}

TEST_CASE("the share that is reported is the share that becomes known") {
  const World world = world_with("{}");
  int seen = 0;
  constexpr int kEvents = 20000;
  for (int i = 0; i < kEvents; ++i) {
    Event event{.year = 2025};
    note_harm(world, event, static_cast<std::uint64_t>(i), 0.2);
    seen += event.seen_year != kNever ? 1 : 0;
  }
  CHECK(std::fabs(seen / double{kEvents} - 0.2) < 4 * std::sqrt(0.16 / kEvents));
}

TEST_CASE("the flaw that fires is a control flaw of the model, drawn by its virulence") {
  World world = world_with(R"({"mechanisms": {"flaws": {"mean": {"control": 5}},
      "catastrophe": {"absorbing": false}, "fingers": {"x_min_musd": 1, "cap_musd": 2}}})",
                           "closed", kIdleLab);
  const ModelId m = release_model(world, 26, Form::open_weights, 4);
  constexpr std::uint64_t kPresses = 20000;
  for (std::uint64_t i = 0; i < kPresses; ++i) {
    lose_control(world, {.year = 2025, .identity = i, .agent = 0, .model = m, .copy = {}});
  }
  const FlawTables& tables = world.flaw_tables;
  std::vector<double> fired(tables.flaws.count(), 0.0);
  for (const Event& event : world.month.events) {
    REQUIRE(tables.flaws.kind.at(event.flaw) == FlawKind::control);
    fired[event.flaw] += 1;
  }
  for (std::uint32_t i = 0; i < tables.instances.count(); ++i) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    if (tables.flaws.kind[flaw] == FlawKind::control) {
      const double p = tables.flaws.virulence[flaw] / world.models.control_virulence[m];
      CHECK(std::fabs(fired[flaw] / kPresses - p) < 4 * std::sqrt(p * (1 - p) / kPresses) + 1e-12);
      CHECK((fired[flaw] == 0 || tables.flaws.found_year[flaw] == 2025));  // known from then on
    }
  }
}

TEST_CASE("a catastrophic loss of control ends the replicate, and nothing comes after it") {
  int ended = 0;
  for (std::uint32_t replicate = 0; replicate < 12; ++replicate) {
    World world = world_of(scenario_with(kDangerous, "open-weights-permissive"), replicate);
    const std::uint32_t months = live(world, 36);
    std::size_t endings = 0;
    for (std::size_t row = 0; row < world.events.count(); ++row) {
      const bool ends = (world.events.flags[row] & kEnding) != 0;
      endings += ends ? 1 : 0;
      if (ends) {
        CHECK(world.events.time[row] == world.events.time.back());
        CHECK(world.events.severity_musd[row] >= 1e5F);
      }
    }
    CHECK(endings == (world.ended ? 1 : 0));
    CHECK((world.ended || months == 36));
    ended += world.ended ? 1 : 0;
  }
  CHECK(ended > 3);
}

TEST_CASE("without absorption the same catastrophes end nothing") {
  std::string config = kDangerous;
  config.replace(config.find("{\"musd\": 1e5}"), 13, R"({"musd": 1e5, "absorbing": false})");
  World world = world_with(config);
  CHECK(live(world, 36) == 36);
  CHECK_FALSE(world.ended);
  int catastrophes = 0;
  for (const std::uint8_t flags : world.events.flags) {
    CHECK((flags & kEnding) == 0);
    catastrophes += (flags & kCatastrophic) != 0 ? 1 : 0;
  }
  CHECK(catastrophes > 1);
}
