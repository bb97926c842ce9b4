// Community developers: who they are, how often they act, and what presses the button (M5).
#include "agents/developers.hpp"

#include <cmath>
#include <numeric>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// People who act often on one model with flaws; losses of control are small and end nothing.
std::string pressing(const std::string& fingers, const std::string& more = "") {
  return R"({"population": {"developers": {"count": 200, "weight": 1, "activity_mean": 12}},
    "mechanisms": {"catastrophe": {"absorbing": false}, "scrutiny": {"enabled": false},
      "patches": {"enabled": false}, "flaws": {"mean": {"control": 40}},
      "fingers": {"x_min_musd": 1, "cap_musd": 2, "critical_oom": 26)" +
         fingers + "}" + more + "}}";
}

World pressed(const std::string& config, Form form = Form::open_weights,
              std::uint32_t months = 12) {
  World world = world_with(config, "closed", kIdleLab);
  release_model(world, 26, form, 1);
  live(world, months);
  return world;
}

}  // namespace

TEST_CASE("shares of those who can afford a sum count budgets from it upwards") {
  Developers developers;
  CHECK(share_who_afford(developers, 1) == 0);
  developers.sorted_budget_usd = {10, 20, 20, 100};
  developers.mean_acts.resize(4);
  CHECK(share_who_afford(developers, 0) == 1);
  CHECK(share_who_afford(developers, 10) == 1);
  CHECK(share_who_afford(developers, 10.01) == 0.75);
  CHECK(share_who_afford(developers, 20) == 0.75);
  CHECK(share_who_afford(developers, 100) == 0.25);
  CHECK(share_who_afford(developers, 101) == 0);
}

TEST_CASE("developers have the traits that the config says") {
  const World world = world_with(R"({"population": {"developers": {"count": 20000, "weight": 4,
      "activity_mean": 3, "activity_shape": 2}}})");
  const Developers& d = *world.developers;
  const double n = d.count();
  const auto mean = [n](const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / n;
  };
  // bounds: four standard errors
  CHECK(std::fabs(mean(d.mean_acts) - 1) < 4 * std::sqrt(0.5 / n));  // 4 · 3 / 12, variance 1/2
  CHECK(std::fabs(mean(d.recklessness) - 1) < 4 * std::sqrt(1.718 / n));  // e^1 − 1
  CHECK(std::fabs(mean(d.diligence) - 0.4) < 4 * std::sqrt(0.04 / n));    // Beta(2, 3)
  CHECK(std::fabs(share_who_afford(d, 3162.28) - 0.5) < 4 * 0.5 / std::sqrt(n));
  const auto granted = std::ranges::count(d.granted, 1);
  CHECK(std::fabs(static_cast<double>(granted) / n - 0.3) < 4 * std::sqrt(0.21 / n));
  const auto elsewhere = std::ranges::count(d.third_party, 1);
  CHECK(std::fabs(static_cast<double>(elsewhere) / n - 0.6) < 4 * std::sqrt(0.24 / n));
}

TEST_CASE("with equal activity the number of acts is Poisson with its mean") {
  const World world = pressed(R"({"population": {"developers": {"count": 3000, "weight": 2,
      "activity_mean": 4, "activity_shape": "infinite", "budget_mean_log10_usd": 9}}})");
  const double mean = 3000 * 2 * 4;  // people × acts a year
  CHECK(std::fabs(sum_of(series_of(world, "actions")) - mean) < 4 * std::sqrt(mean));
}

TEST_CASE("nobody acts where no model can be used") {
  const World world = pressed(pressing(""), Form::internal);
  CHECK(sum_of(series_of(world, "actions")) == 0);
  CHECK(world.events.count() == 0);
}

TEST_CASE("gated weights are used by those who were accepted") {
  const World world = pressed(pressing(R"(, "press_scale": 1)"), Form::gated_weights);
  REQUIRE(world.events.count() > 10);
  for (const std::uint32_t developer : world.events.agent) {
    CHECK(world.developers->granted[developer] == 1);
  }
}

TEST_CASE("presses happen as often as their hazard says") {
  // No diligence, no recklessness spread, one flaw state: every act has the same chance.
  const std::string plain =
      R"({"population": {"developers": {"count": 2000, "weight": 1, "activity_mean": 12,
            "activity_shape": "infinite", "recklessness_sd_ln": 0}},
          "mechanisms": {"catastrophe": {"absorbing": false}, "scrutiny": {"enabled": false},
            "patches": {"enabled": false}, "flaws": {"mean": {"control": 40}},
            "training": {"evaluation_quality": 0},
            "fingers": {"x_min_musd": 1, "cap_musd": 2, "critical_oom": 26, "press_scale": 1e-2,
              "elicitation_oom": {"hosted": 0, "tune": 0}, "stop": 0}}})";
  const World world = pressed(plain);
  const double p = chance_of_hazard(1e-2 * world.models.control_virulence[0] * 0.5);
  const double acts = sum_of(series_of(world, "actions"));
  const double events = static_cast<double>(world.events.count());
  CHECK(acts > 15000);
  CHECK(std::fabs(events - p * acts) < 4 * std::sqrt(p * acts));
}

TEST_CASE("a larger scale of presses never gives fewer of them") {
  std::size_t before = 0;
  for (const char* scale : {"1e-4", "1e-3", "1e-2", "1e-1", "1"}) {
    const World world = pressed(pressing(R"(, "press_scale": )" + std::string(scale)));
    CHECK(world.events.count() >= before);
    before = world.events.count();
  }
  CHECK(before > 100);
}

TEST_CASE("a host that stops everything lets nothing happen, and counts near misses") {
  const World stopped = pressed(pressing(R"(, "press_scale": 1e-1, "stop": 1)"), Form::hosted);
  CHECK(stopped.events.count() == 0);
  CHECK(sum_of(series_of(stopped, "near_misses")) > 10);
  const World alone = pressed(pressing(R"(, "press_scale": 1e-1, "stop": 1)",
                                       R"(, "monitoring": {"third_party_factor": 1})"));
  REQUIRE(alone.events.count() > 10);  // with private weights there is nobody to stop it
  for (const std::uint32_t developer : alone.events.agent) {
    CHECK(alone.developers->third_party[developer] == 0);
  }
}

TEST_CASE("with fingers off no act loses control, and acts go on") {
  const World world = pressed(pressing(R"(, "press_scale": 1, "enabled": false)"));
  CHECK(world.events.count() == 0);
  CHECK(sum_of(series_of(world, "actions")) > 1000);
}

TEST_CASE("losses of control make the community pause") {
  const World world = pressed(pressing(R"(, "press_scale": 1e-1)")
                                  .replace(pressing("").find("\"absorbing\": false"), 18,
                                           R"("absorbing": false, "pause_months": 3)"));
  const std::vector<float> actions = series_of(world, "actions");
  CHECK(actions[0] > 0);
  CHECK(actions[1] == 0);  // the pause is over within the fourth month, acts go on in the fifth
  CHECK(actions[2] == 0);
  CHECK(actions[3] == 0);
  CHECK(actions[4] > 0);
}

TEST_CASE("continued pre-training takes its fraction of the cost over the commons, once") {
  // The commons divide the cost by 100. A fraction of 1e-5 of 10^26 / 5e17 $ / 100 is 20 $.
  const auto elicited = [](const std::string& budget_log10) {
    World world = world_with(
        R"({"population": {"developers": {"count": 2000, "activity_mean": 12,
              "budget_mean_log10_usd": )" +
            budget_log10 + R"(, "budget_sd_log10_usd": 0}},
            "mechanisms": {"catastrophe": {"absorbing": false},
              "access": {"third_party_host": 1},
              "fingers": {"x_min_musd": 1, "cap_musd": 2, "critical_oom": 26, "press_scale": 1,
                "elicitation_oom": {"hosted": 0, "tune": 0, "source": 1}}}})",
        "full-source-compute-commons", kIdleLab);
    release_model(world, 26, Form::full_source, 1);
    live(world, 1);
    REQUIRE(world.events.count() > 10);
    double sum = 0;
    for (const float c : world.events.capability_oom) {
      sum += static_cast<double>(c) - 26;
    }
    return sum;
  };
  CHECK(elicited("1.25") == Approx(0).margin(1e-9));  // 17.8 $
  CHECK(elicited("1.35") > 1);                        // 22.4 $
}

TEST_CASE("more acts than an address can number break nothing") {
  World world = world_with(R"({"population": {"developers": {"count": 2, "weight": 1e6,
      "activity_mean": 1e6}}, "mechanisms": {"catastrophe": {"absorbing": false}}})",
                           "closed", kIdleLab);
  release_model(world, 26, Form::open_weights, 1);
  live(world, 1);
  CHECK(series_of(world, "actions")[0] > 1e9F);
}

TEST_CASE("auditors' skill adds up and has mean one") {
  const World world = world_with(R"({"population": {"auditors": {"count": 20000}}})");
  double sum = 0;
  for (const double skill : world.auditors.skill) {
    sum += skill;
  }
  CHECK(world.auditors.total_skill == Approx(sum));
  CHECK(std::fabs(sum / 20000 - 1) < 4 * std::sqrt(1.718 / 20000));
}

TEST_CASE("liability makes developers press less, never more, and on the same draws") {
  const auto presses = [](const std::string& factor) {
    const std::string config =
        R"({"regimes": {"liable": {"builds_on": "closed",
            "policies": [{"kind": "liability", "recklessness_factor": )" +
        factor + "}]}}, " + pressing(R"(, "press_scale": 0.2)").substr(1);
    World world = world_of(scenario_with(config, "liable", kIdleLab));
    release_model(world, 26, Form::open_weights, 1);
    live(world, 1);  // what is lost reveals flaws, so only the first month is the same
    return static_cast<double>(world.events.count()) +
           static_cast<double>(series_of(world, "near_misses")[0]);
  };
  const double all = presses("1");
  const double half = presses("0.5");
  CHECK(all > 10);
  CHECK(half <= all);
  CHECK(half > 0.2 * all);
  CHECK(presses("0") == 0);
}
