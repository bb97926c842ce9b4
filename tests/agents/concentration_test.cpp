// Who controls use, and what follows when that is abused (M12.1), on worlds of one or two models.
#include "agents/concentration.hpp"

#include <cmath>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Two labs that train nothing; half of the use of weights runs at five other hosts.
constexpr const char* kTwoLabs = R"({
    "labs": {"frontier": {"count": 2}},
    "mechanisms": {"access": {"third_party_host": 0.5, "third_party_hosts": 5, "hosted_preference": 1},
                   "concentration": {"enabled": false}, "shocks": {"enabled": false}}})";

double index_of(Form first, Form second, bool revocable = false) {
  World world = world_with(kTwoLabs, "closed", kIdleLab);
  const ModelId a = release_model(world, 27, first, 1);
  const ModelId b = release_model(world, 27, second, 2);
  world.models.maker[b] = 1;
  world.models.licence[a].revocable = revocable;
  world.models.licence[b].revocable = revocable;
  live(world, 1);
  CHECK(series_of(world, "concentration").front() ==
        Approx(concentration_index(world)).epsilon(1e-3));
  return concentration_index(world);
}

/// The baseline's labs, and power that is abused within the year.
constexpr const char* kAbused = R"({
    "mechanisms": {"concentration": {"capture_per_year": 1000, "index_reference": 0,
                                     "capture_oom": 20}}})";

}  // namespace

TEST_CASE("services belong to their makers, copies of irrevocable weights to nobody") {
  CHECK(index_of(Form::hosted, Form::internal) == Approx(1));
  CHECK(index_of(Form::hosted, Form::hosted_finetune) == Approx(0.5));
  CHECK(index_of(Form::internal, Form::internal) == 0);
  // half of the use of weights at five equal hosts: 5 · 0.1²
  CHECK(index_of(Form::open_weights, Form::open_weights) == Approx(0.05));
  // a service, and weights of the same share: 0.5² + 5 · 0.05²
  CHECK(index_of(Form::hosted, Form::full_source) == Approx(0.2625));
}

TEST_CASE("a licence that can be ended leaves control with the licensor") {
  CHECK(index_of(Form::open_weights, Form::open_weights, true) == Approx(0.5));
}

TEST_CASE("abuse happens once, in the name of the largest controller, and everybody sees it") {
  const auto scenario = scenario_with(kAbused, "open-weights-permissive");
  const RunRecord record = run_of(scenario);
  CHECK(outcome_of(*scenario, record, "events_capture") == 1);
  CHECK(outcome_of(*scenario, record, "reported_capture") == 1);
  CHECK(outcome_of(*scenario, record, "harm_capture_musd") >= 1e4);
  const double year = outcome_of(*scenario, record, "captured_year");
  CHECK((year >= 2024.5 && year < 2025.5));
}

TEST_CASE("after a capture no more weights come out of the captor's camp") {
  World world = lived(kAbused, "open-weights-permissive", 24);
  REQUIRE(world.concentration.captured_year < 2026);
  REQUIRE(world.events.kind.back() < kEventKindNames.size());
  bool follows_seen = false;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const LabId maker = world.models.maker[m];
    const bool later = world.models.release_year[m] > world.concentration.captured_year;
    const bool out = weights_are_out(world.models.form[m]);
    if (later && world.models.given[m] == 0) {
      CHECK(out != is_captured(world, maker));  // the other camp goes on
      follows_seen |= is_captured(world, maker);
    }
  }
  CHECK(follows_seen);
  for (const Form form : {Form::gated_weights, Form::open_weights, Form::full_source}) {
    CHECK(permitted_form(world, 0, form) == (is_captured(world, 0) ? Form::hosted : form));
  }
  CHECK(permitted_form(world, 0, Form::internal) == Form::internal);
}

TEST_CASE("without the mechanism nothing is captured, however concentrated use is") {
  const auto scenario = scenario_with(
      R"({"mechanisms": {"concentration": {"enabled": false, "capture_per_year": 1000,
                                           "index_reference": 0, "capture_oom": 20}}})",
      "closed");
  const auto never =
      scenario_with(R"({"mechanisms": {"concentration": {"capture_per_year": 0}}})", "closed");
  const RunRecord off = run_of(scenario);
  CHECK(std::isnan(outcome_of(*scenario, off, "captured_year")));
  CHECK(outcome_of(*scenario, off, "concentration") > 0);
  const RunRecord without = run_of(never);
  CHECK(off.tables[0][0] == without.tables[0][0]);  // times of events
  CHECK(outcome_of(*scenario, off, "harm_musd") == outcome_of(*never, without, "harm_musd"));
}
