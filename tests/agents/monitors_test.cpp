// Review load, tries, bans and returns at hosts, and what an attempt does (M8, M7.2).
#include <cmath>

#include "agents/bad_actors.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

TEST_CASE("a copy that leaked did its harm by the leak, though the model is served too") {
  World world = world_with("{}", "hosted", kIdleLab);
  const ModelId model = release_model(world, 26, Form::hosted_finetune, 1);
  CHECK(route_of(world, model, AgentKind::bad_actor) == Route::fine_tuning_service);
  CHECK(route_of_copy(world, model) == Route::leaked);
  world.models.form[model] = Form::gated_weights;
  CHECK(route_of_copy(world, model) == Route::leaked);
  CHECK(route_of(world, model, AgentKind::developer) == Route::weights);
  world.models.form[model] = Form::open_weights;
  CHECK(route_of_copy(world, model) == Route::weights);
}

namespace {

/// Bad actors who all go to one guarded host, whatever they perceive.
std::string at_a_host(const std::string& monitoring, const std::string& misuse = "") {
  return R"({"population": {"bad_actors": {"count": 2000, "attempts_mean": 12}},
      "mechanisms": {"flaws": {"enabled": false}, "leaks": {"enabled": false},
        "misuse": {"risk_aversion_oom": 0)" +
         misuse + R"(}, "monitoring": {"false_positive_rate": 2e-5, "nuisance_per_user_year": 0)" +
         monitoring + "}}}";
}

World guarded_host(const std::string& config) {
  World world = world_with(config, "closed", kIdleLab);
  world.models.monitored[release_model(world, 27, Form::hosted, 1)] = 1;
  return world;
}

}  // namespace

TEST_CASE("with reviewers enough every flag is reviewed") {
  World world = guarded_host(at_a_host(R"(, "analysts": 1e6)"));
  live(world, 1);
  CHECK(world.hosts.seen_per_try[0] == 0.4);
  CHECK(series_of(world, "flags")[0] == series_of(world, "reviewed_flags")[0]);
}

TEST_CASE("with too few reviewers the share of flags that is reviewed falls") {
  World world = guarded_host(at_a_host(R"(, "analysts": 10)"));
  live(world, 1);
  const double flags = world.hosts.flags[0];
  const double honest = world.access.users * 1.0 * 2e-5;
  const double mean = honest + 0.4 * world.hosts.planned_tries[0];
  CHECK(std::fabs(flags - mean) < 5 * std::sqrt(mean));
  CHECK(world.hosts.seen_per_try[0] == Approx(0.4 * 10 * 600 / flags));
}

TEST_CASE("an unguarded host, or a world without monitoring, sees nothing") {
  World plain = world_with(at_a_host(""), "closed", kIdleLab);
  release_model(plain, 27, Form::hosted, 1);
  live(plain, 6);
  CHECK(sum_of(series_of(plain, "hosted_attempts")) > 1000);
  CHECK(sum_of(series_of(plain, "seen_attempts")) == 0);
  CHECK(sum_of(series_of(plain, "bans")) == 0);
  World off = guarded_host(at_a_host(R"(, "enabled": false)"));
  live(off, 6);
  CHECK(sum_of(series_of(off, "seen_attempts")) == 0);
  CHECK(off.hosts.pass[0] == 0.3);
}

TEST_CASE("tries pass and are seen as the law of hosted tries says") {
  // q = 0.4 (reviewers enough), s = 0.044, at most 10 tries; nobody is banned for long
  World world = guarded_host(at_a_host(R"(, "analysts": 1e7, "arrest": 0, "reentry_months": 0)"));
  live(world, 12);
  const double n = sum_of(series_of(world, "hosted_attempts"));
  const double goes_on = (1 - 0.044) * (1 - 0.4);
  const double p_seen = 0.4 / (1 - goes_on) * (1 - std::pow(goes_on, 10));
  REQUIRE(n > 10000);
  CHECK(std::fabs(sum_of(series_of(world, "seen_attempts")) / n - p_seen) <
        4 * std::sqrt(p_seen * (1 - p_seen) / n));
}

TEST_CASE("who is seen is banned, and a ban binds from the next attempt of the same month") {
  World world = guarded_host(at_a_host(
      R"(, "true_positive_rate": 1, "analysts": 1e7, "arrest": 0, "reentry_months": 1e4)"));
  live(world, 1);
  std::vector<std::uint32_t> actors;
  for (const Plan& plan : world.misuse.plans) {
    actors.push_back(plan.actor);
  }
  std::ranges::sort(actors);
  const std::size_t planned = actors.size();
  actors.erase(std::ranges::unique(actors).begin(), actors.end());
  REQUIRE(planned > actors.size() + 100);  // many planned several attempts
  CHECK(series_of(world, "hosted_attempts")[0] == static_cast<float>(actors.size()));
  CHECK(series_of(world, "seen_attempts")[0] == static_cast<float>(actors.size()));
  live(world, 1);
  for (const Plan& plan : world.misuse.plans) {
    CHECK((plan.lab == kNone || !std::ranges::binary_search(actors, plan.actor)));
  }
}

TEST_CASE("a ban binds one host alone") {
  World world = world_with(R"({"labs": {"frontier": {"count": 2}},
      "population": {"bad_actors": {"count": 10}}})",
                           "closed", kIdleLab);
  world.bad_actors.ban(4, 1, 2, 2025);
  CHECK(world.bad_actors.is_banned(4, 1, 2, 2024.9));
  CHECK_FALSE(world.bad_actors.is_banned(4, 1, 2, 2025.1));
  CHECK_FALSE(world.bad_actors.is_banned(4, 0, 2, 2024.9));
  CHECK_FALSE(world.bad_actors.is_banned(5, 1, 2, 2024.9));
}

TEST_CASE("the arrested are gone, at once and for good") {
  World world =
      guarded_host(at_a_host(R"(, "true_positive_rate": 1, "analysts": 1e7, "arrest": 1)"));
  live(world, 1);
  const auto arrested = std::ranges::count(world.bad_actors.arrested, 1);
  CHECK(arrested > 500);
  CHECK(series_of(world, "seen_attempts")[0] == static_cast<float>(arrested));
  live(world, 1);
  std::vector<std::uint32_t> planned;
  for (const Plan& plan : world.misuse.plans) {
    planned.push_back(plan.actor);
  }
  std::ranges::sort(planned);
  planned.erase(std::ranges::unique(planned).begin(), planned.end());
  // all who planned in the second month were free at its beginning, and all were seen in it
  CHECK(std::ranges::count(world.bad_actors.arrested, 1) ==
        arrested + static_cast<std::ptrdiff_t>(planned.size()));
}

TEST_CASE("what is seen is averted: logged, known, attributed and without harm") {
  World world = guarded_host(
      at_a_host(R"(, "true_positive_rate": 1, "analysts": 1e7, "arrest": 0, "reentry_months": 0)"));
  live(world, 24);
  REQUIRE(world.events.count() > 20);
  for (std::size_t row = 0; row < world.events.count(); ++row) {
    CHECK(world.events.flags[row] == kAverted);
    CHECK(world.events.attributed[row] == 1);
    CHECK(std::fabs(static_cast<double>(world.events.seen_at[row]) - world.events.time[row]) <
          1e-3);
    CHECK(world.events.route[row] == static_cast<std::uint8_t>(Route::hosted));
  }
  CHECK(sum_of(series_of(world, "harm_musd")) == 0);
}

TEST_CASE("perceived detection moves to the share seen by its memory") {
  World world = guarded_host(at_a_host(R"(, "true_positive_rate": 1, "analysts": 1e7)"));
  live(world, 1);
  for (const double perceived : world.misuse.perceived) {
    CHECK(perceived == Approx(0.1));
  }
  live(world, 1);
  for (const double perceived : world.misuse.perceived) {
    CHECK(perceived == Approx(0.19));
  }
}

TEST_CASE("honest users who are flagged and reviewed are banned by mistake") {
  World world = guarded_host(at_a_host(R"(, "analysts": 1e7, "true_positive_rate": 0)"));
  live(world, 1);
  const float honest = round_recorded(world.access.users * 2e-5);
  CHECK(series_of(world, "wrongful_bans")[0] == honest);
  CHECK(series_of(world, "bans")[0] == honest);
}

TEST_CASE("success follows the gap between capability and defence") {
  const auto events = [](const std::string& domain) {
    World world = world_with(R"({"population": {"bad_actors": {"count": 1000, "attempts_mean": 12}},
        "domains": {"bio": null, "cyber": null, "fraud": {"base_logit": 0)" +
                                 domain + R"(}},
        "mechanisms": {"defence": {"learning_oom": 0},
            "misuse": {"skill_slope": 0, "no_ai_oom": 25.6}}})",
                             "closed", kIdleLab);
    live(world, 12);
    return static_cast<double>(world.events.count()) / sum_of(series_of(world, "attempts"));
  };
  const double bound = 4 * 0.5 / std::sqrt(11000);
  CHECK(std::fabs(events(R"(, "defence_drift_oom_per_year": 0)") - 0.5) < bound);
  CHECK(std::fabs(events(R"(, "defence_drift_oom_per_year": 0, "defence_start_oom": 24.6)") -
                  logistic(1)) < bound);
  CHECK(std::fabs(events(R"(, "defence_drift_oom_per_year": 0, "balance_per_oom": 0.5,
                           "defence_start_oom": 27.6)") -
                  logistic(-1)) < bound);
}

TEST_CASE("the least harm grows with the gap, up to half the cap") {
  const auto least = [](const std::string& scale) {
    World world = world_with(R"({"population": {"bad_actors": {"count": 1000, "attempts_mean": 12}},
        "domains": {"bio": null, "cyber": null, "fraud": {"base_logit": 5, "x_min_musd": 1,
          "cap_musd": 1000, "defence_start_oom": 23.6, "defence_drift_oom_per_year": 0,
          "scale_per_oom": )" + scale +
                                 R"(}},
        "mechanisms": {"misuse": {"no_ai_oom": 24.6}}})",
                             "closed", kIdleLab);
    live(world, 1);
    REQUIRE(world.events.count() > 500);
    return static_cast<double>(*std::ranges::min_element(world.events.severity_musd));
  };
  CHECK(least("0") == Approx(1).epsilon(0.02));
  CHECK(least("1") == Approx(10).epsilon(0.02));
  CHECK(least("9") == Approx(500).epsilon(0.02));
}

TEST_CASE("appeals lift some wrongful bans and shorten the time out of service") {
  const auto bans = [](const std::string& appeals) {
    World world = guarded_host(
        at_a_host(R"(, "analysts": 1e6, "reentry_months": 4)")
            .insert(at_a_host("").find(R"("misuse")"), R"("appeals": )" + appeals + ", "));
    live(world, 1);
    return std::array{static_cast<double>(series_of(world, "wrongful_bans")[0]),
                      static_cast<double>(series_of(world, "standing_wrongful_bans")[0]),
                      static_cast<double>(series_of(world, "ban_user_months")[0])};
  };
  const auto off = bans(R"({"enabled": false, "share": 0.5, "success": 0.8})");
  CHECK(off[1] == off[0]);
  CHECK(off[2] == Approx(4 * off[0]).epsilon(1e-3));
  const auto on = bans(R"({"share": 0.5, "success": 0.8, "months": 1})");
  CHECK(on[0] == off[0]);
  CHECK(on[1] == Approx(0.6 * on[0]).epsilon(1e-3));
  CHECK(on[2] == Approx((0.4 * 1 + 0.6 * 4) * on[0]).epsilon(1e-3));
  const auto slow = bans(R"({"share": 0.5, "success": 0.8, "months": 50})");
  CHECK(slow[2] == Approx(off[2]).epsilon(1e-3));  // a new account is there sooner
}
