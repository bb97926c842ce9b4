// What makers do to those who depend on them (M13), on worlds in which shocks are put by hand.
#include "agents/shocks.hpp"

#include <cmath>

#include "agents/concentration.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::size_t kTerms = 0;
constexpr std::size_t kWithdraw = 1;
constexpr std::size_t kStop = 2;

/// One lab that trains nothing, as many users every month, and no shock of its own accord.
const std::string kQuiet = R"({
    "labs": {"frontier": {"count": 2}},
    "population": {"users": {"most": 1e6, "middle_years": -50}},
    "mechanisms": {"access": {"hosted_preference": 1}, "concentration": {"enabled": false},
      "shocks": {"migration_months": 2,
                 "shock_per_year": {"terms": 0, "withdraw": 0, "stop_release": 0}}}})";

World two_models(Form first, Form second, const std::string& config = kQuiet) {
  World world = world_with(config, "closed", kIdleLab);
  release_model(world, 27, first, 1);
  world.models.maker[release_model(world, 27, second, 2)] = 1;
  live(world, 1);
  return world;
}

/// The first lab's shock of a kind at the end of the first month.
void shock_now(World& world, std::size_t kind) {
  world.shocks.due_year[0][kind] = world.end_of_step();
}

}  // namespace

TEST_CASE("a service that is withdrawn is gone, and its users are out until they have moved") {
  World world = two_models(Form::hosted, Form::open_weights);
  CHECK(world.models.use_users[0] == Approx(0.5));
  shock_now(world, kWithdraw);
  live(world, 1);
  CHECK(world.models.form[0] == Form::internal);
  live(world, 3);  // the shock fell at the beginning of the second month
  const double left = 0.5 * std::exp(-3.0 / 2.0);
  CHECK(world.models.use_users[0] == 0);
  CHECK(world.models.use_users[1] == Approx(1 - left));
  live(world, 30);
  CHECK(world.models.use_users[1] == Approx(1));
  CHECK(world.models.form[0] == Form::internal);
  // every displaced user is out for two months on average
  CHECK(sum_of(series_of(world, "lost_user_months")) == Approx(0.5 * 1e6 * 2).epsilon(1e-3));
  CHECK(sum_of(series_of(world, "shocks")) == 1);
}

TEST_CASE("who is without a model is not put out again in the same month") {
  World world = two_models(Form::hosted, Form::hosted);
  for (const std::size_t kind : {kTerms, kWithdraw}) {
    world.shocks.due_year[0][kind] = world.end_of_step();
    world.shocks.due_year[1][kind] = world.end_of_step();
  }
  live(world, 1);
  double users = 0;
  for (const Displaced& displaced : world.shocks.displaced) {
    users += displaced.users;
  }
  CHECK(users == Approx(1));
  live(world, 1);
  CHECK(world.shocks.users_without_access <= 1);
}

TEST_CASE("holders of irrevocable weights do not notice that a service ends") {
  World world = two_models(Form::open_weights, Form::open_weights);
  shock_now(world, kWithdraw);
  live(world, 2);
  CHECK(world.models.form[0] == Form::open_weights);
  CHECK(world.models.use_users[0] == Approx(0.5));
  CHECK(sum_of(series_of(world, "lost_user_months")) == 0);
}

TEST_CASE("revocable weights may not be used any more, but they stay out") {
  World world = two_models(Form::open_weights, Form::open_weights);
  world.models.licence[0].revocable = true;
  shock_now(world, kWithdraw);
  live(world, 2);
  CHECK(world.models.form[0] == Form::open_weights);  // whoever minds no licence keeps them
  CHECK(world.models.use_users[0] == 0);
  CHECK(std::ranges::count(world.access.others.by_cost, ModelId{0}) == 0);
}

TEST_CASE("new terms bind those whose licence refers to them, and people come back") {
  for (const bool by_reference : {false, true}) {
    World world = two_models(Form::open_weights, Form::open_weights);
    world.models.licence[0].terms_by_reference = by_reference;
    shock_now(world, kTerms);
    live(world, 3);
    const double away = by_reference ? std::exp(-2.0 / 2.0) : 0.0;
    const double weight = 1.0 - away;
    CHECK(share_in_reach(world, 0) == Approx(weight));
    CHECK(world.models.use_users[0] == Approx((1 - 0.5 * away) * weight / (1 + weight)));
    live(world, 40);
    CHECK(world.models.use_users[0] == Approx(0.5));
  }
}

TEST_CASE("a model that comes after new terms has them from the start") {
  World world = two_models(Form::hosted, Form::open_weights);
  shock_now(world, kTerms);
  live(world, 1);
  const ModelId later = release_model(world, 27, Form::hosted, 3);
  world.models.release_year[later] = world.end_of_step();
  CHECK(share_in_reach(world, later) == 1);
  CHECK(share_in_reach(world, 0) < 1);
}

TEST_CASE(
    "a maker that stops releasing keeps its later models, and weights that are out stay out") {
  for (const std::string form : {"hosted", "internal"}) {
    World world = world_with(
        R"({"mechanisms": {"shocks": {"after_stop": ")" + form +
            R"(", "shock_per_year": {"terms": 0, "withdraw": 0, "stop_release": 1000}}}})",
        "open-weights-permissive");
    live(world, 24);
    const Form expected = form == "hosted" ? Form::hosted : Form::internal;
    std::size_t later = 0;
    for (ModelId m = 0; m < world.models.count(); ++m) {
      const double stopped = world.shocks.stopped_year[world.models.maker[m]];
      if (world.models.given[m] == 0 && world.models.release_year[m] > stopped) {
        CHECK(world.models.form[m] == expected);
        ++later;
      } else {
        CHECK((world.models.given[m] != 0 || weights_are_out(world.models.form[m])));
      }
    }
    CHECK(later > 3);
    CHECK(permitted_form(world, 0, Form::hosted_finetune) == Form::hosted_finetune);
  }
}

TEST_CASE("orphans fall behind the frontier, unless somebody has the source and the money") {
  std::string retraining = kQuiet;  // has the switch of derivatives (M5.4)
  retraining.insert(retraining.find("\"access\""), R"("derivatives": {"enabled": true}, )");
  World world = two_models(Form::open_weights, Form::hosted, retraining);
  shock_now(world, kStop);
  live(world, 2);
  release_model(world, 29, Form::internal, 4);
  const Orphans orphans = measure_orphans(world);
  CHECK(orphans.users == Approx(0.5));
  CHECK(orphans.lag_oom == Approx(2));
  world.models.form[0] = Form::full_source;
  CHECK(measure_orphans(world).users == Approx(0.5));  // nobody can pay
  set_budgets(world, {100, 1e12});
  CHECK(measure_orphans(world).users == 0);
  CHECK(measure_orphans(world).lag_oom == 0);
}

TEST_CASE("developers do not act on what was withdrawn") {
  const std::string config = R"({
      "population": {"developers": {"count": 500, "activity_mean": 20}},
      "mechanisms": {"fingers": {"critical_oom": 20, "press_scale": 1, "x_min_musd": 1, "cap_musd": 10},
                     "catastrophe": {"absorbing": false},
                     "shocks": {"migration_months": 1200,
                       "shock_per_year": {"terms": 0, "withdraw": 0, "stop_release": 0}}}})";
  World world = world_with(config, "closed", kIdleLab);
  release_model(world, 27, Form::hosted, 1);
  live(world, 1);
  const std::size_t before = world.events.count();
  CHECK(before > 0);
  const double acts = series_of(world, "actions").front();
  shock_now(world, kWithdraw);
  live(world, 1);
  const std::size_t of_the_month = world.events.count();
  release_model(world, 27, Form::open_weights, 2);
  live(world, 2);  // all developers depended on the service, and none has moved
  CHECK(world.events.count() <= of_the_month + before / 10);  // one in a thousand has moved
  CHECK(series_of(world, "actions").back() < 0.01 * acts);
}

TEST_CASE("without the mechanism the rates do nothing") {
  const auto off = scenario_with(
      R"({"mechanisms": {"shocks": {"enabled": false,
            "shock_per_year": {"terms": 5, "withdraw": 5, "stop_release": 5}}}})",
      "hosted");
  const auto zero = scenario_with(
      R"({"mechanisms": {"shocks": {
            "shock_per_year": {"terms": 0, "withdraw": 0, "stop_release": 0}}}})",
      "hosted");
  const RunRecord a = run_of(off);
  const RunRecord b = run_of(zero);
  CHECK(a.tables[0][0] == b.tables[0][0]);  // times of events
  CHECK(outcome_of(*off, a, "harm_musd") == outcome_of(*zero, b, "harm_musd"));
  CHECK(outcome_of(*off, a, "shocks") == 0);
}
