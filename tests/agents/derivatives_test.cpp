// What the community makes of weights and publishes (M5.5), how use spreads within families (M4),
// and how fixes come down a line (M6.5).
#include "agents/derivatives.hpp"

#include <cmath>

#include "agents/acts.hpp"
#include "agents/addresses.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A busy community around one model of a lab without a budget.
std::string busy(const std::string& derivatives = "", const std::string& more = "",
                 const std::string& fingers = "", const std::string& publish = "0.01") {
  return R"({"population": {"developers": {"count": 500, "weight": 10, "activity_mean": 4}},
    "mechanisms": {"scrutiny": {"enabled": false}, "fingers": {"enabled": false)" +
         fingers + R"(},
      "derivatives": {"enabled": true, "publish": )" +
         publish + derivatives + "}" + more + "}}";
}

World community(const std::string& config, Form form = Form::open_weights,
                std::uint32_t months = 12, const Licence& licence = {}) {
  World world = world_with(config, "closed", kIdleLab);
  const ModelId base = release_model(world, 26, form, 1);
  world.models.licence[base] = licence;
  live(world, months);
  return world;
}

/// Derivatives of one maker's base in a line, as if published one a month, with a fix of its first
/// flaw after that.
World line_of(std::uint32_t layers, const std::string& derivatives) {
  World world = world_with(R"({"population": {"developers": {"count": 400}},
      "mechanisms": {"scrutiny": {"enabled": false}, "flaws": {"mean": {"control": 40}, "deep_share": 0},
        "patches": {"latency_days": 0}, "derivatives": {"enabled": true, "publish": 0)" +
                               derivatives + "}}}",
                           "closed", kIdleLab);
  ModelId parent = release_model(world, 26, Form::open_weights, 1);
  for (std::uint32_t layer = 1; layer <= layers; ++layer) {
    live(world, 1);
    parent = add_model(world,
                       {.identity = birth_identity(99, 2, 0, layer),
                        .maker = 0,
                        .capability_oom = 26,
                        .visible_oom = 26,
                        .alignment = 0,
                        .release_year = world.end_of_step(),
                        .form = Form::open_weights,
                        .licence = {},
                        .given = true,
                        .monitored = false,
                        .parent = parent},
                       kNone);
  }
  return world;
}

}  // namespace

TEST_CASE("publications are acts on weights, each marked with its chance") {
  // Everybody can tune, so that every candidate on open weights becomes a derivative.
  const std::string rich = busy("", R"(, "access": {"third_party_host": 1})", R"(, "tune_usd": 0)");
  const World world = community(rich);
  const double mean = 0.01 * world.developers->cumulative_acts.back() * 12;
  CHECK(mean > 150);
  const double published = world.models.count() - 1.0;
  CHECK(std::fabs(published - mean) < 4 * std::sqrt(mean));
  const std::vector<float> series = series_of(world, "derivatives");
  CHECK(sum_of(series) == published);
}

TEST_CASE("nothing is published without weights, without licence, or at a chance of nought") {
  CHECK(community(busy(), Form::hosted_finetune).models.count() == 1);
  CHECK(community(busy(), Form::internal).models.count() == 1);
  CHECK(community(busy(), Form::open_weights, 12, {.derivatives = false}).models.count() == 1);
  CHECK(community(busy(), Form::open_weights, 12, {.redistribution = false}).models.count() == 1);
  CHECK(community(busy("", "", "", "0")).models.count() == 1);
  CHECK(community(busy()).models.count() > 50);
}

TEST_CASE("a loss of control that pauses nothing keeps nobody from publishing in its month") {
  const World world = community(
      R"({"population": {"developers": {"count": 500, "weight": 10, "activity_mean": 4}},
        "mechanisms": {"scrutiny": {"enabled": false}, "derivatives": {"enabled": true, "publish": 0.01},
          "fingers": {"press_scale": 1, "critical_oom": 20},
          "catastrophe": {"absorbing": false, "pause_months": 0}}})");
  CHECK(world.events.count() > 100);
  CHECK(world.models.count() > 50);
}

TEST_CASE("nobody uses a derivative before it is out") {
  const World world = lived(R"({"mechanisms": {"derivatives": {"enabled": true, "publish": 0.02}},
      "population": {"bad_actors": {"attempts_mean": 20}}})",
                            "open-weights-permissive", 24);
  std::size_t by_derivatives = 0;
  for (std::size_t row = 0; row < world.events.count(); ++row) {
    const ModelId model = world.events.model[row];
    if (model != kNone && world.models.layers[model] > 0) {
      ++by_derivatives;
      CHECK(world.events.time[row] >= world.models.release_year[model] - 1e-5);
    }
  }
  CHECK(by_derivatives > 10);
}

TEST_CASE("switched off is as if there were no publications at all") {
  const std::string few = R"({"mechanisms": {"derivatives": {"publish": 0.01}}})";
  const std::string none = R"({"mechanisms": {"derivatives": {"enabled": true, "publish": 0}}})";
  const auto off = scenario_with(few, "open-weights-permissive");
  CHECK(content_hash(run_of(off)) ==
        content_hash(run_of(scenario_with(none, "open-weights-permissive"))));
}

TEST_CASE("who cannot pay for tuning publishes nothing, but with source out can pre-train") {
  const std::string poor = busy("", "", R"(, "tune_usd": 1e12)");
  CHECK(community(poor).models.count() == 1);
  CHECK(community(poor, Form::full_source).models.count() > 20);
}

TEST_CASE("a derivative gains what was elicited, never over the cap of its line, and loses care") {
  const World world =
      community(busy(R"(, "tune_erosion": 0.1)", "", R"(, "elicitation_cap_oom": 0.6)"));
  const Models& models = world.models;
  std::uint32_t deepest = 0;
  for (ModelId m = 1; m < models.count(); ++m) {
    const ModelId parent = models.parent[m];
    CHECK(models.root[m] == 0);
    CHECK(parent < m);
    CHECK(models.layers[m] == models.layers[parent] + 1);
    CHECK(models.capability_oom[m] >= models.capability_oom[parent]);
    CHECK(models.capability_oom[m] <= models.capability_oom[0] + 0.6 + 1e-12);
    CHECK(models.alignment[m] == Approx(0.9 * models.alignment[parent]));
    CHECK(models.maker[m] == 0);
    CHECK(models.strippable[m] == models.strippable[0]);
    CHECK(models.form[m] == Form::open_weights);
    deepest = std::max(deepest, models.layers[m]);
  }
  CHECK(deepest >= 3);
  CHECK(frontier_oom(world) == models.capability_oom[0]);  // tuning is not training
}

TEST_CASE("use within a family spreads by published children, and sums to that of the base") {
  World world = community(busy("", R"(, "access": {"third_party_host": 1})"));
  const Models& models = world.models;
  REQUIRE(models.count() > 50);
  share_access(world);
  CHECK(sum_of(models.use_users) == Approx(1));
  CHECK(sum_of(models.use_developers) == Approx(1));
  CHECK(sum_of(models.use_auditors) == Approx(1));
  std::vector<double> children(models.count(), 0.0);
  for (ModelId m = 1; m < models.count(); ++m) {
    children[models.parent[m]] += 1;
  }
  for (ModelId m = 0; m < models.count(); ++m) {
    CHECK(models.children[m] == children[m]);
    CHECK(models.use_users[m] == Approx((1 + children[m]) / (2.0 * models.count() - 1)));
    CHECK(family_factor(models, m) * models.use_users[m] ==
          Approx(m == 0 ? 1.0 : models.use_users[m]));
  }
}

TEST_CASE("an act falls on a member of the family in proportion to its attachment") {
  World world = community(busy(), Form::open_weights, 2);
  share_access(world);
  const Models& models = world.models;
  const Reach reach{.table = &world.access.others, .models = 1};
  std::vector<double> hits(models.count(), 0.0);
  constexpr int kActs = 20000;
  for (std::uint32_t act = 0; act < kActs; ++act) {
    hits[pick_model(world, reach, 0.5, actor_identity(Actor::developer, act))] += 1;
  }
  for (ModelId m = 0; m < models.count(); ++m) {
    const double share = (1.0 + models.children[m]) / models.family_attachment[0];
    CHECK(std::fabs(hits[m] / kActs - share) < 4.5 * std::sqrt(share * (1 - share) / kActs));
  }
}

TEST_CASE("no member of a family presses harder than the bound of its base") {
  const World world = community(busy(R"(, "layer_flaws": 0.5, "tune_erosion": 0.2)",
                                     R"(, "flaws": {"mean": {"control": 20}})"));
  const double cap = world.scenario->mechanisms.fingers.elicitation_cap_oom;
  const double bound = world.models.press_danger[0] * critical_share(world, 26 + cap);
  double most = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const double room = 26 + cap - world.models.capability_oom[m];
    const double v = world.models.control_virulence[m];
    const double danger = v * press_exposure(world, m, room, 0.0, 0.0);
    most = std::max(most, danger);
    CHECK(danger <= bound * (1 + 1e-12));
  }
  CHECK(most == Approx(bound));
}

TEST_CASE("a derivative has its parent's flaws and those of its own layer") {
  const World world = community(busy(R"(, "layer_flaws": 0.5)"));
  const FlawTables& tables = world.flaw_tables;
  double own = 0;
  for (ModelId m = 1; m < world.models.count(); ++m) {
    const ModelId parent = world.models.parent[m];
    const std::uint32_t from = tables.instance_offset[m];
    const std::uint32_t pointers = tables.own_offset[m] - from;
    REQUIRE(pointers == tables.instance_offset[parent + 1] - tables.instance_offset[parent]);
    for (std::uint32_t i = 0; i < pointers; ++i) {
      CHECK(tables.instances.flaw[from + i] ==
            tables.instances.flaw[tables.instance_offset[parent] + i]);
      CHECK(tables.instances.origin[from + i] != m);
    }
    for (std::uint32_t i = tables.own_offset[m]; i < tables.instance_offset[m + 1]; ++i) {
      CHECK(tables.instances.origin[i] == m);
    }
    own += tables.instance_offset[m + 1] - tables.own_offset[m];
  }
  const double mean = 0.5 * 23 * (world.models.count() - 1);
  CHECK(std::fabs(own - mean) < 4 * std::sqrt(mean));
}

TEST_CASE("a fix comes down a line when every maintainer merges it, after all their delays") {
  const World world =
      line_of(2, R"(, "merge": 1, "maintainer_shape": 100, "maintainer_scale_days": 50)");
  const PublishedFix fix{.flaw = 0, .ordinal = 0, .year = world.end_of_step() + 0.01};
  // a shape of 100 makes every delay 50 days to within 6 %
  CHECK(merged_year(world, fix, 0, 0) == fix.year);
  CHECK((merged_year(world, fix, 1, 0) - fix.year) * 365.25 == Approx(50).epsilon(0.06));
  CHECK((merged_year(world, fix, 2, 0) - fix.year) * 365.25 == Approx(100).epsilon(0.06));
  const World lazy = line_of(2, R"(, "merge": 0)");
  CHECK(merged_year(lazy, fix, 0, 0) == fix.year);
  CHECK(merged_year(lazy, fix, 1, 0) == kNever);
  CHECK(merged_year(lazy, fix, 2, 0) == kNever);
}

TEST_CASE("what is merged before a derivative is made comes with it") {
  const World world = line_of(2, R"(, "merge": 0)");
  const double before = world.models.release_year[1] - 0.01;
  const PublishedFix fix{.flaw = 0, .ordinal = 0, .year = before};
  CHECK(merged_year(world, fix, 1, 0) == before);
  CHECK(merged_year(world, fix, 2, 0) == before);
}

TEST_CASE("hosts that patch at once still wait for the maintainers of a derivative") {
  World world =
      line_of(1, R"(, "merge": 1, "maintainer_shape": 100, "maintainer_scale_days": 100)");
  const FlawTables& tables = world.flaw_tables;
  const std::uint32_t in_base = tables.instance_offset[0];
  const std::uint32_t in_derivative = tables.instance_offset[1];
  const std::uint32_t flaw = tables.instances.flaw[in_base];
  REQUIRE(tables.instances.flaw[in_derivative] == flaw);
  live(world, 1);
  reveal_flaw(world, flaw, world.end_of_step());
  live(world, 1);
  REQUIRE(tables.flaws.n_fixes[flaw] == 1);
  const double born = tables.instances.birth_virulence[in_base];
  const double fixed = tables.fixes.year[tables.flaws.last_fix[flaw]];
  const Deployment host{.developer = 0, .newest = true};
  CHECK(virulence_in_copy(world, in_base, host, fixed + 0.01) == Approx(0.5 * born));
  CHECK(virulence_in_copy(world, in_derivative, host, fixed + 90 / 365.25) == born);
  CHECK(virulence_in_copy(world, in_derivative, host, fixed + 110 / 365.25) == Approx(0.5 * born));
}

TEST_CASE("derivatives go where the weights of their root go") {
  World world = community(busy(), Form::gated_weights, 6);
  REQUIRE(world.models.count() > 5);
  world.models.form[0] = Form::open_weights;
  live(world, 1);
  CHECK(std::ranges::count(world.models.form, Form::gated_weights) <=
        static_cast<std::ptrdiff_t>(series_of(world, "derivatives").back()));
  for (ModelId m = 1; m < 6; ++m) {
    CHECK(world.models.form[m] == Form::open_weights);
    CHECK(world.models.leaked_year[m] == kNever);
  }
}
