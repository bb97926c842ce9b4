// Who may use what, and how use spreads (M4).
#include "agents/access.hpp"

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kFewDevelopers = R"({"population": {"developers": {"count": 1000}}})";

AccessTable table_of_three() {
  return {.by_cost = {7, 3, 5},
          .cost_usd = {0, 100, 1000},
          .poorer = {},
          .weight = {1, 2, 1},
          .cumulative = {1, 3, 4},
          .benefit = {1, 3, 4}};
}

}  // namespace

TEST_CASE("a budget reaches the models that cost no more") {
  const AccessTable table = table_of_three();
  CHECK(table.reach(-1) == 0);
  CHECK(table.reach(0) == 1);
  CHECK(table.reach(99.9) == 1);
  CHECK(table.reach(100) == 2);
  CHECK(table.reach(1e9) == 3);
  CHECK(AccessTable{}.reach(1e9) == 0);
}

TEST_CASE("a pick falls on a model in proportion to its weight among those in reach") {
  const AccessTable table = table_of_three();
  CHECK(table.pick(1, 0.999) == 7);
  CHECK(table.pick(2, 0.333) == 7);
  CHECK(table.pick(2, 0.334) == 3);
  CHECK(table.pick(3, 0.249) == 7);
  CHECK(table.pick(3, 0.25) == 3);
  CHECK(table.pick(3, 0.75) == 5);
  CHECK(table.pick(3, 0.9999999999999999) == 5);
}

TEST_CASE("shares of users and auditors sum to one in every month of every regime") {
  for (const std::string& regime : builtin_regime_names()) {
    INFO(regime);
    World world = world_with("{}", regime);
    for (int step = 0; step < 18; ++step) {
      live(world, 1);
      CHECK(sum_of(world.models.use_users) ==
            Approx(1 - world.shocks.users_without_access).epsilon(1e-12));
      CHECK(sum_of(world.models.use_auditors) == Approx(1).epsilon(1e-12));
      CHECK(sum_of(world.models.use_developers) <= 1 + 1e-12);
    }
  }
}

TEST_CASE("developers' use sums to one where a service is free, else to those who can pay") {
  World world = world_with(kFewDevelopers, "closed", kIdleLab);
  release_model(world, 26, Form::open_weights, 1);
  live(world, 1);
  const double cost = world.access.others.cost_usd.front();
  const double afford = share_who_afford(*world.developers, cost);
  CHECK(afford > 0.5);
  CHECK(afford < 0.999);
  CHECK(sum_of(world.models.use_developers) == Approx(0.6 + 0.4 * afford));
  release_model(world, 25, Form::hosted, 2);
  live(world, 1);
  CHECK(sum_of(world.models.use_developers) == Approx(1));
}

TEST_CASE("users spread by capability and prefer a service by its factor") {
  World world = world_with(R"({"mechanisms": {"access": {"hosted_preference": 3,
      "adoption_sharpness": 2}}})",
                           "closed", kIdleLab);
  const ModelId open = release_model(world, 26, Form::open_weights, 1);
  const ModelId hosted = release_model(world, 26, Form::hosted, 2);
  const ModelId older = release_model(world, 25, Form::open_weights, 3);
  const ModelId internal = release_model(world, 30, Form::internal, 4);
  live(world, 1);
  const auto& users = world.models.use_users;
  CHECK(users[hosted] / users[open] == Approx(3));
  CHECK(users[open] / users[older] == Approx(portable_exp(2)));
  CHECK(users[internal] == 0);
  CHECK(world.models.use_auditors[hosted] == Approx(world.models.use_auditors[open]));
}

TEST_CASE("forbidden purposes take their share of the attraction away") {
  World world = world_with("{}", "closed", kIdleLab);
  const ModelId free = release_model(world, 26, Form::open_weights, 1);
  const ModelId bound = release_model(world, 26, Form::open_weights, 2);
  world.models.licence[bound].forbidden_share = 0.25;
  live(world, 1);
  CHECK(world.models.use_users[bound] / world.models.use_users[free] == Approx(0.75));
}

TEST_CASE("gated weights are for those who are accepted") {
  World world = world_with(kFewDevelopers, "closed", kIdleLab);
  const ModelId gated = release_model(world, 26, Form::gated_weights, 1);
  const ModelId open = release_model(world, 26, Form::open_weights, 2);
  live(world, 1);
  CHECK(std::ranges::count(world.access.accepted.by_cost, gated) == 1);
  CHECK(std::ranges::count(world.access.others.by_cost, gated) == 0);
  CHECK(std::ranges::count(world.access.others.by_cost, open) == 1);
  CHECK(world.models.use_users[gated] / world.models.use_users[open] == Approx(0.3));
}

TEST_CASE("half of the users are there in the middle of their growth") {
  World world = world_with(R"({"population": {"users": {"middle_years": 1}}})", "closed");
  live(world, 13);
  CHECK(world.access.users == Approx(2.5e9));
  live(world, 18);
  CHECK(world.access.users == Approx(5e9 * logistic(1.0)));  // one width later
}

TEST_CASE("an act is worth its capability over the start, more where one can tune") {
  World world = world_with("{}", "closed", kIdleLab);
  release_model(world, 27.5, Form::hosted, 1);
  live(world, 1);
  // without models at the start the start is what equals no AI: 24.5 OOM
  CHECK(world.access.others.benefit.back() / world.access.others.cumulative.back() ==
        Approx(power_of_ten(0.3 * 3)));
  world = world_with("{}", "closed", kIdleLab);
  release_model(world, 27.5, Form::hosted_finetune, 1);
  live(world, 1);
  CHECK(world.access.others.benefit.back() / world.access.others.cumulative.back() ==
        Approx(1.5 * power_of_ten(0.3 * 3)));
}

TEST_CASE("a cap on users moves what other hosts may not serve to models that have room") {
  World world = world_with(R"({
      "population": {"users": {"most": 1e6, "middle_years": -50}},
      "mechanisms": {"access": {"third_party_host": 0.5, "third_party_hosts": 4}}})",
                           "closed", kIdleLab);
  const ModelId capped = release_model(world, 26, Form::open_weights, 1);
  const ModelId free = release_model(world, 26, Form::open_weights, 2);
  live(world, 1);
  CHECK(world.models.use_users[capped] == Approx(0.5));
  world.models.licence[capped].user_cap = 1e5;  // 4 hosts hold 400,000; 250,000 want to be there
  live(world, 1);
  CHECK(world.models.use_users[capped] == Approx(0.5));
  world.models.licence[capped].user_cap = 2.5e4;  // room for 100,000 of them
  live(world, 1);
  CHECK(world.models.use_users[capped] == Approx(0.35));
  CHECK(world.models.use_users[free] == Approx(0.65));
}
