// Freedoms, dependence and surveillance on worlds of one or two models (M14).
#include "agents/freedom.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Four developers with budgets of 100, 400, 600 and 10,000 $ a year, and a lone model.
World one_model(Form form, const Licence& licence = {}, const std::string& more = "") {
  World world =
      world_with(R"({"population": {"developers": {"count": 4}})" + more + "}", "closed", kIdleLab);
  world.models.licence[release_model(world, 25.58, form, 1)] = licence;
  set_budgets(world, {100, 400, 600, 10000});
  live(world, 1);
  return world;
}

void check(const FreedomShares& shares, double granted, double possible, double exercisable) {
  CHECK(shares.granted == Approx(granted));
  CHECK(shares.possible == Approx(possible));
  CHECK(shares.exercisable == Approx(exercisable));
}

}  // namespace

TEST_CASE("permissive weights give all freedoms but source, to those who can pay") {
  const World world = one_model(Form::open_weights);
  const auto& f = world.month.freedoms;
  check(f[0], 1, 1, 0.75);  // 300 $ to run it
  check(f[1], 1, 1, 0.5);   // 500 $ to tune it
  check(f[2], 1, 0, 0);     // the licence grants what no artefact makes possible
  check(f[3], 1, 1, 1);     // copies cost nothing
  check(f[4], 1, 1, 0.5);
}

TEST_CASE("source makes retraining possible, but 10^25.58 FLOP are beyond these budgets") {
  const World world = one_model(Form::full_source);
  check(world.month.freedoms[2], 1, 1, 0);
  CHECK(retrain_cost_usd(world, 25.58) == Approx(std::pow(10, 25.58) / 5e17));
  CHECK(retrain_cost_usd(world, 20) == Approx(200));
}

TEST_CASE("a compute commons divides the cost of retraining") {
  World world = world_with("{}", "full-source-compute-commons", kIdleLab);
  live(world, 1);
  CHECK(retrain_cost_usd(world, 22) == Approx(1e22 / 5e17 / 100));
}

TEST_CASE("algorithms and hardware bring the cost of retraining down") {
  World world = world_with("{}", "closed", kIdleLab);
  const double before = retrain_cost_usd(world, 25);
  world.trends.algorithms_oom[world.trends.home_bloc] = 1;
  CHECK(retrain_cost_usd(world, 25) == Approx(before / 10));
  world.step = 24;
  CHECK(retrain_cost_usd(world, 25) == Approx(before / 10 / std::pow(2, 2 / 1.94)));
}

TEST_CASE("with weights as source, tuning is modifying from the source up") {
  const World world = one_model(Form::open_weights, {},
                                R"(, "mechanisms": {"freedom": {"weights_are_source": true}})");
  check(world.month.freedoms[2], 1, 1, 0.5);
}

TEST_CASE("a service lets one run as far as it goes, and gives nothing to keep") {
  const World world = one_model(
      Form::hosted, {.forbidden_share = 0.2, .redistribution = false, .derivatives = false});
  const auto& f = world.month.freedoms;
  check(f[0], 0.8, 0.3, 0.24);  // free of charge
  check(f[1], 0, 0, 0);
  check(f[2], 0, 0, 0);
  check(f[3], 0, 0, 0);
  check(f[4], 0, 0, 0);
}

TEST_CASE("a fine-tuning service lets one modify as far as it goes") {
  const World world =
      one_model(Form::hosted_finetune,
                {.forbidden_share = 0.2, .redistribution = false, .derivatives = false});
  check(world.month.freedoms[1], 0.8, 0.3, 0.24 * 0.5);
}

TEST_CASE("gated weights make possible what the gate accepts") {
  const World world = one_model(Form::gated_weights);
  check(world.month.freedoms[0], 1, 0.3, 0.3 * 0.75);
  check(world.month.freedoms[3], 1, 0.3, 0.3);
}

TEST_CASE("a licence takes freedoms away that the artefacts would allow") {
  const World world = one_model(
      Form::open_weights, {.forbidden_share = 0.4, .redistribution = true, .derivatives = false});
  const auto& f = world.month.freedoms;
  check(f[0], 0.6, 1, 0.6 * 0.75);
  check(f[1], 0, 1, 0);
  check(f[3], 1, 1, 1);
  check(f[4], 0, 1, 0);
}

TEST_CASE("a model behind the frontier by more than the reach gives no freedom") {
  World world = world_with(R"({"population": {"developers": {"count": 4}}})", "closed", kIdleLab);
  release_model(world, 26, Form::open_weights, 1);
  const ModelId frontier = release_model(world, 26.4, Form::internal, 2);
  live(world, 1);
  CHECK(world.month.freedoms[3].granted == 1);
  world.models.capability_oom[frontier] = 26.6;
  live(world, 1);
  CHECK(world.month.freedoms[3].granted == 0);
}

TEST_CASE("a person takes the best model that the budget reaches") {
  World world = world_with(R"({"population": {"developers": {"count": 4}}})", "closed", kIdleLab);
  const ModelId bound = release_model(world, 25.58, Form::open_weights, 1);
  release_model(world, 25.98, Form::open_weights, 2);
  world.models.licence[bound].forbidden_share = 0.5;
  set_budgets(world, {100, 400, 600, 10000});
  live(world, 1);
  // 300 $ runs half of the purposes, 300 · 10^0.2 = 475 $ all of them
  check(world.month.freedoms[0], 1, 1, (0.5 + 1 + 1) / 4);
}

TEST_CASE("dependence is one on one maker and falls as use spreads") {
  World world = world_with(R"({"labs": {"frontier": {"count": 2}}})", "closed", kIdleLab);
  release_model(world, 26, Form::open_weights, 1);
  live(world, 1);
  CHECK(dependence(world) == Approx(1));
  world.models.maker[release_model(world, 26, Form::open_weights, 2)] = 1;
  live(world, 1);
  CHECK(dependence(world) == Approx(0.5));
  CHECK(dependence(world_with("{}", "closed", kIdleLab)) == 0);
}

TEST_CASE("a monitored service observes all its use, other hosts of weights a part") {
  World world = one_model(Form::hosted);
  CHECK(surveillance_share(world) == 0);
  world.models.monitored[0] = 1;
  CHECK(surveillance_share(world) == Approx(1));
  CHECK(surveillance_share(one_model(Form::open_weights)) == Approx(0.6 * 0.3));
  World off = one_model(Form::hosted, {}, R"(, "mechanisms": {"monitoring": {"enabled": false}})");
  off.models.monitored[0] = 1;
  CHECK(surveillance_share(off) == 0);
}

TEST_CASE("a naming duty costs freedom to distribute what one has changed") {
  Licence licence;
  licence.naming_duty = true;
  const World world = one_model(Form::open_weights, licence);
  check(world.month.freedoms[3], 1, 1, 1);
  check(world.month.freedoms[4], 0.9, 1, 0.45);
}

TEST_CASE("a cap on users costs the freedom of those who would serve more") {
  Licence licence;
  licence.user_cap = 2e6;
  const World world = one_model(Form::open_weights, licence,
                                R"(, "mechanisms": {"freedom": {"large_licensee_share": 0.2}})");
  const double users = world.access.users;
  REQUIRE(users > 2e6);
  CHECK(world.month.freedoms[0].granted == Approx(1 - 0.2 * (1 - 2e6 / users)));
  CHECK(world.month.freedoms[1].granted == 1);
}
