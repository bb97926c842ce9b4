// Trends, budgets, runs, race and the labs' own presses (M1), by hand.
#include "agents/labs.hpp"

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// One lab that trains every month, without luck; `more` goes into its group.
std::string steady_lab(const std::string& more = "", const std::string& mechanisms = "") {
  return R"({"labs": {"frontier": {"count": 1, "cadence_months": 1)" + more + R"(}},
    "mechanisms": {"training": {"capability_sd_oom": 0, "jump_probability": 0, "lab_presses": 0}
    )" + mechanisms +
         "}}";
}

/// Models by age of the group with this number.
std::vector<ModelId> models_of(const World& world, std::uint32_t group) {
  std::vector<ModelId> models;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    if (world.labs.group[world.models.maker[m]] == group) {
      models.push_back(m);
    }
  }
  return models;
}

}  // namespace

TEST_CASE("compute per dollar doubles in the doubling time of hardware") {
  const World world = world_with("{}");
  CHECK(flop_per_usd(world, 0) == Approx(5e17));
  CHECK(flop_per_usd(world, 1.94) == Approx(1e18));
  CHECK(flop_per_usd(world, -1.94) == Approx(2.5e17));
}

TEST_CASE("a run reaches the logarithm of what its money buys") {
  const World world = lived(steady_lab(), "closed", 1, kOneLab);
  REQUIRE(world.models.count() == 1);
  // (1 − 0.1) · 0.1 · 1e9 $ · 5e17 FLOP/$ = 4.5e25
  CHECK(world.models.capability_oom[0] == Approx(25.6532125).epsilon(1e-8));
  CHECK(world.models.visible_oom[0] == world.models.capability_oom[0]);
  // 0.9 · (1 − e^(−0.1/0.1))
  CHECK(world.models.alignment[0] == Approx(0.568908503).epsilon(1e-8));
}

TEST_CASE("a year later budget, share of the run, hardware and algorithms have grown") {
  const World world = lived(steady_lab(), "closed", 13, kOneLab);
  REQUIRE(world.models.count() == 13);
  const double grown = portable_log10(2.4) + portable_log10(1.34) + portable_log10(2) / 1.94 +
                       12 * portable_log10(2) / 8;
  CHECK(world.models.capability_oom[12] - world.models.capability_oom[0] ==
        Approx(grown).epsilon(1e-6));
  CHECK(home_algorithms_oom(world) == Approx(12 * portable_log10(2) / 8));
}

TEST_CASE("budgets and shares of runs stop where their caps are") {
  const std::string capped = steady_lab(R"(, "cap_usd_per_year": 1e9)",
                                        R"(, "trends": {"algorithm_doubling_months": "infinite"})");
  const World world = lived(capped, "closed", 37, kOneLab);
  const double y = world.clock.y(36);
  const double share = std::min(0.4, 0.1 * portable_pow(1.34, y));
  CHECK(world.models.capability_oom[36] ==
        Approx(portable_log10(0.9 * share * 1e9 * flop_per_usd(world, y))).epsilon(1e-9));
}

TEST_CASE("a brake of zero stops budgets and algorithms") {
  const std::string braked = R"({"regimes": {"halt": {"policies": [
      {"kind": "slow_down", "pace": 0, "safety_factor": 1}]}}, )" +
                             steady_lab().substr(1);
  const World world = lived(braked, "halt", 25, kOneLab);
  CHECK(home_algorithms_oom(world) == 0);
  CHECK(world.society.groups.pace_years[0] == 0);
  const double hardware_and_share = 2 * (portable_log10(2) / 1.94 + portable_log10(1.34));
  CHECK(world.models.capability_oom[24] - world.models.capability_oom[0] ==
        Approx(hardware_and_share).epsilon(1e-6));
}

TEST_CASE("openness speeds algorithms up by its share") {
  const auto gain = [](const std::string& regime) {
    return home_algorithms_oom(lived(steady_lab(), regime, 3, kOneLab));
  };
  // O is 0.5 for open weights, 1 for full source, and acts on the two steps after the first release
  CHECK(gain("open-weights-permissive") / gain("closed") == Approx(1 + 0.15 * 0.5));
  CHECK(gain("full-source") / gain("closed") == Approx(1 + 0.15));
}

TEST_CASE("a level rival halves the safety share, a distant one leaves it") {
  const auto alignment = [](const std::string& rival_oom) {
    const World world = lived(R"({"labs": {"frontier": {"count": 2, "cadence_months": 1,
        "initial_models": [
          {"name": "a", "rank": 1, "capability_oom": 25, "year": 2024, "form": "internal"},
          {"name": "b", "rank": 2, "capability_oom": )" +
                                  rival_oom + R"(, "year": 2024, "form": "internal"}]}}})",
                              "closed", 1, kOneLab);
    return world.models.alignment[2];
  };
  CHECK(alignment("25") == Approx(0.9 * (1 - portable_exp(-0.5))));
  CHECK(alignment("5") == Approx(0.9 * (1 - portable_exp(-1.0))));
}

TEST_CASE("training slots and luck do not shift with the regime") {
  const World closed = lived("{}", "closed", 30);
  const World gated = lived("{}", "gated-weights", 30);
  const std::vector<ModelId> a = models_of(closed, 0);
  REQUIRE(a == models_of(gated, 0));
  REQUIRE(a.size() > 10);
  for (const ModelId m : a) {
    CHECK(closed.models.identity[m] == gated.models.identity[m]);
    CHECK(closed.models.release_year[m] == gated.models.release_year[m]);
  }
}

TEST_CASE("no lab ever publishes less than it had") {
  const World world = lived("{}", "open-weights-permissive", 36);
  std::vector<double> best(world.labs.count(), 0.0);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    double& previous = best[world.models.maker[m]];
    CHECK(world.models.capability_oom[m] >= previous);
    previous = world.models.capability_oom[m];
  }
}

TEST_CASE("a group with a lag has what the frontier had that many months ago") {
  const std::string follower =
      R"({"labs": {"frontier": {"count": 1, "cadence_months": 1},
          "rest-of-the-world": {"regime": "closed", "count": 1, "cadence_months": 1,
            "initial_models": [], "displacement": 0, "lag_months": 6}},
          "mechanisms": {"training": {"lab_presses": 0, "capability_sd_oom": 0,
                                      "jump_probability": 0}}})";
  const World world = lived(follower, "closed", 20, kOneLab);
  const std::vector<ModelId> own = models_of(world, 0);
  const std::vector<ModelId> late = models_of(world, 1);
  REQUIRE(own.size() == 20);
  REQUIRE(late.size() == 13);  // the first when the frontier's first was six months old
  for (std::size_t i = 0; i < late.size(); ++i) {
    CHECK(world.models.capability_oom[late[i]] == world.models.capability_oom[own[i]]);
  }
}

TEST_CASE("a group with a lag publishes nothing when the frontier has not moved") {
  const World world = lived(R"({"labs": {
      "frontier": {"count": 1, "budget_usd_per_year": 0, "initial_models": [
        {"name": "a", "rank": 1, "capability_oom": 26, "year": 2024, "form": "internal"}]},
      "rest-of-the-world": {"regime": "hosted", "count": 1, "cadence_months": 1,
        "initial_models": [], "displacement": 0, "lag_months": 6}}})",
                            "closed", 20, kOneLab);
  CHECK(models_of(world, 0).size() == 1);
  CHECK(models_of(world, 1).size() == 1);
}

TEST_CASE("labs close the gap to a hosted model at the rate of distillation, not to an internal") {
  const auto learnt = [](const std::string& form, const std::string& copying) {
    const World world = lived(R"({"labs": {"frontier": {"count": 2, "budget_usd_per_year": 0,
        "initial_models": [
          {"name": "a", "rank": 1, "capability_oom": 27, "year": 2024, "form": ")" +
                                  form + R"("},
          {"name": "b", "rank": 2, "capability_oom": 25, "year": 2024, "form": "internal"}]}},
        "mechanisms": {"copying": {"copy_gap_oom": 0.5)" +
                                  copying + "}}}",
                              "closed", 12, kOneLab);
    return world.labs.learnt_oom;
  };
  const auto a_year = learnt("hosted", R"(, "distillation_per_year": 0.7)");
  CHECK(a_year[1] == Approx(25 + 1.5 * (1 - portable_exp(-0.7))));
  CHECK(a_year[0] == -kNever);  // there is nobody ahead of it to learn from
  CHECK(learnt("internal", "")[1] == -kNever);
  CHECK(learnt("open_weights", R"(, "distillation_per_year": 0)")[1] == 26.5);
  CHECK(learnt("open_weights", R"(, "enabled": false)")[1] == -kNever);
  CHECK(learnt("hosted", R"(, "distillation_per_year": 0)")[1] == -kNever);
}

TEST_CASE("what a lab learnt from others is the least that its next run reaches") {
  const World world = lived(R"({"labs": {"frontier": {"count": 2, "budget_usd_per_year": 1,
      "cadence_months": 1, "initial_models": [
        {"name": "a", "rank": 1, "capability_oom": 27, "year": 2024, "form": "open_weights"}]}},
      "mechanisms": {"training": {"lab_presses": 0}, "copying": {"copy_gap_oom": 0.5}}})",
                            "closed", 3, kOneLab);
  CHECK(world.labs.best_oom[1] == 26.5);
}

TEST_CASE("a displaced lab publishes nothing where it can use others' weights") {
  const std::string displaced = R"({"labs": {"rest-of-the-world": {"displacement": 1,
      "displacement_oom": 50}}})";
  const World open = lived(displaced, "open-weights-permissive", 30);
  CHECK(models_of(open, 1).size() == 1);  // the initial one
  const World never = lived(R"({"labs": {"rest-of-the-world": {"displacement": 0}}})",
                            "open-weights-permissive", 30);
  CHECK(models_of(never, 1).size() > 5);
}

TEST_CASE("near weights that are out bootstrap a run by their gain") {
  const auto second = [](const std::string& gain) {
    const World world = lived(R"({"labs": {"frontier": {"count": 1, "cadence_months": 1}},
        "mechanisms": {"training": {"capability_sd_oom": 0, "jump_probability": 0,
                                    "lab_presses": 0, "bootstrap_oom": )" +
                                  gain + "}}}",
                              "open-weights-permissive", 2, kOneLab);
    return world.models.capability_oom[1];
  };
  CHECK(second("0.25") - second("0") == Approx(0.25).epsilon(1e-9));
}

TEST_CASE("evaluations see a jump with their quality") {
  const auto jumpy = [](const std::string& quality) {
    return lived(R"({"labs": {"frontier": {"cadence_months": 1}}, "mechanisms": {"training": {
        "capability_sd_oom": 0, "jump_probability": 1, "jump_mean_oom": 1, "lab_presses": 0,
        "evaluation_quality": )" +
                     quality + "}}}",
                 "closed", 1, kOneLab);
  };
  const World unseen = jumpy("0");
  CHECK(unseen.models.visible_oom[0] == Approx(25.6532125).epsilon(1e-8));
  CHECK(unseen.models.capability_oom[0] > unseen.models.visible_oom[0]);
  const World seen = jumpy("1");
  CHECK(seen.models.visible_oom[0] == seen.models.capability_oom[0]);
  CHECK(seen.models.capability_oom[0] == unseen.models.capability_oom[0]);
}

TEST_CASE("a lab's own presses lose control inside the lab, and never without flaws") {
  const std::string pressing = R"({"labs": {"frontier": {"cadence_months": 1}}, "mechanisms": {
      "training": {"lab_presses": 1e9},
      "fingers": {"press_scale": 1, "critical_oom": 20, "x_min_musd": 1, "cap_musd": 2}
      FLAWS}})";
  const auto with_flaws = [&](const std::string& flaws) {
    std::string text = pressing;
    return lived(text.replace(text.find("FLAWS"), 5, flaws), "closed", 6, kOneLab);
  };
  const World world = with_flaws("");
  REQUIRE(world.events.count() > 3);
  for (std::size_t row = 0; row < world.events.count(); ++row) {
    CHECK(world.events.kind[row] == static_cast<std::uint8_t>(EventKind::loss_of_control));
    CHECK(world.events.route[row] == static_cast<std::uint8_t>(Route::internal));
    CHECK(world.events.agent_kind[row] == static_cast<std::uint8_t>(AgentKind::lab));
    CHECK(world.events.maker[row] == 1);
  }
  CHECK(with_flaws(R"(, "flaws": {"enabled": false})").events.count() == 0);
}
