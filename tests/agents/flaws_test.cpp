// Births of flaws, what passes to the next model, and the state of fixes in a copy (M6.1, M6.5).
#include "agents/flaws.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A world with many base models of no parent.
World many_models(const std::string& flaws, std::uint64_t count) {
  World world = world_with(R"({"mechanisms": {"flaws": {)" + flaws + "}}}", "closed", kIdleLab);
  for (std::uint64_t i = 0; i < count; ++i) {
    release_model(world, 26, Form::hosted, i);
  }
  return world;
}

std::uint32_t number_of_flaws(const World& world, ModelId m) {
  return world.flaw_tables.instance_offset[m + 1] - world.flaw_tables.instance_offset[m];
}

/// A second model of the same maker after the first.
ModelId release_successor(World& world, ModelId previous) {
  return add_model(world,
                   {.identity = birth_identity(99, 2, 0, previous),
                    .maker = 0,
                    .capability_oom = 27,
                    .visible_oom = 27,
                    .alignment = 0,
                    .release_year = world.year(),
                    .form = Form::hosted,
                    .licence = {},
                    .given = true,
                    .monitored = false},
                   previous);
}

/// Publishes a fix of a flaw by hand, as search.cpp does.
void add_fix(World& world, std::uint32_t flaw, double year) {
  FlawTables& tables = world.flaw_tables;
  tables.fixes.year.push_back(year);
  tables.fixes.previous.push_back(tables.flaws.last_fix[flaw]);
  tables.flaws.last_fix[flaw] = tables.fixes.count() - 1;
  ++tables.flaws.n_fixes[flaw];
}

}  // namespace

TEST_CASE("a base model is born with Poisson numbers of each kind of flaw") {
  constexpr std::uint32_t kModels = 1000;
  const World world = many_models(
      R"("mean": {"safeguard": 3, "security": 0, "diffuse": 8, "control": 5})", kModels);
  std::array<double, kFlawKinds> n{};
  for (const FlawKind kind : world.flaw_tables.flaws.kind) {
    n[static_cast<std::size_t>(kind)] += 1;
  }
  const std::array<double, kFlawKinds> mean = {3, 0, 8, 5};
  for (std::size_t kind = 0; kind < kFlawKinds; ++kind) {
    CHECK(std::fabs(n[kind] / kModels - mean[kind]) <= 4 * std::sqrt(mean[kind] / kModels));
  }
}

TEST_CASE(
    "virulence is log-uniform between its ends at index 1, depth and warning by their shares") {
  const World world =
      many_models(R"("mean": {"control": 20}, "virulence_low": 1e-4, "virulence_high": 1)", 500);
  const Flaws& flaws = world.flaw_tables.flaws;
  double sum_log10 = 0;
  double deep = 0;
  double unwarned = 0;
  double control = 0;
  for (std::uint32_t f = 0; f < flaws.count(); ++f) {
    CHECK(flaws.virulence[f] >= 1e-4);
    CHECK(flaws.virulence[f] <= 1);
    sum_log10 += std::log10(flaws.virulence[f]);
    deep += flaws.deep[f];
    control += flaws.kind[f] == FlawKind::control ? 1 : 0;
    unwarned += flaws.unwarned[f];
    CHECK((flaws.unwarned[f] == 0 || flaws.kind[f] == FlawKind::control));
  }
  const double n = flaws.count();
  CHECK(std::fabs(sum_log10 / n + 2) < 4 * 4 / std::sqrt(12 * n));
  CHECK(std::fabs(deep / n - 0.3) < 4 * std::sqrt(0.21 / n));
  CHECK(std::fabs(unwarned / control - 0.3) < 4 * std::sqrt(0.21 / control));
}

TEST_CASE("the virulence of a model's control flaws is what its copies start with") {
  const World world = many_models("", 20);
  const FlawTables& tables = world.flaw_tables;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    double sum = 0;
    for (std::uint32_t i = tables.instance_offset[m]; i < tables.instance_offset[m + 1]; ++i) {
      CHECK(tables.instances.model[i] == m);
      const bool control = tables.flaws.kind[tables.instances.flaw[i]] == FlawKind::control;
      sum += control ? tables.instances.birth_virulence[i] : 0;
    }
    CHECK(world.models.control_virulence[m] == Approx(sum));
  }
}

TEST_CASE("unfound flaws pass on by the carry-over, and keep their identity") {
  const auto inherited = [](const std::string& carryover) {
    World world = many_models("\"carryover\": " + carryover, 1);
    const ModelId next = release_successor(world, 0);
    std::uint32_t n = 0;
    const FlawTables& tables = world.flaw_tables;
    for (std::uint32_t i = tables.instance_offset[next]; i < tables.instance_offset[next + 1];
         ++i) {
      n += tables.instances.flaw[i] < number_of_flaws(world, 0) ? 1 : 0;
    }
    return std::pair{n, number_of_flaws(world, 0)};
  };
  CHECK(inherited("0").first == 0);
  CHECK(inherited("1").first == inherited("1").second);
  CHECK(inherited("1").second > 10);
}

TEST_CASE(
    "a found shallow flaw is not in the next model, a found deep one as far as its fix fails") {
  const auto inherited = [](bool deep, const std::string& strength) {
    World world = world_with(R"({"mechanisms": {"flaws": {"carryover": 1, "mean": {"control": 30}},
        "patches": {"strength": )" +
                                 strength + "}}}",
                             "closed", kIdleLab);
    release_model(world, 26, Form::hosted);
    const std::uint32_t own = number_of_flaws(world, 0);
    for (std::uint32_t f = 0; f < own; ++f) {
      world.flaw_tables.flaws.found_year[f] = 2024.5;
      world.flaw_tables.flaws.deep[f] = deep ? 1 : 0;
    }
    const ModelId next = release_successor(world, 0);
    std::uint32_t n = 0;
    for (std::uint32_t i = world.flaw_tables.instance_offset[next];
         i < world.flaw_tables.instance_offset[next + 1]; ++i) {
      n += world.flaw_tables.instances.flaw[i] < own ? 1 : 0;
    }
    return std::pair{n, own};
  };
  CHECK(inherited(false, "0.5").first == 0);
  CHECK(inherited(true, "1").first == 0);
  CHECK(inherited(true, "0").first == inherited(true, "0").second);
}

TEST_CASE("a hosted copy takes a fix at once, a private one after its delay, some never") {
  World world = world_with(R"({"mechanisms": {"patches": {"strength": 0.75, "shape": 1,
      "scale_days": 100, "trait_share": 0, "never_update": 0}}})",
                           "closed", kIdleLab);
  release_model(world, 26, Form::open_weights);
  const double born = world.flaw_tables.instances.birth_virulence[0];
  const std::uint32_t flaw = world.flaw_tables.instances.flaw[0];
  add_fix(world, flaw, 2025);
  add_fix(world, flaw, 2026);
  const Deployment hosted{};
  CHECK(virulence_in_copy(world, 0, hosted, 2024.9) == born);
  CHECK(virulence_in_copy(world, 0, hosted, 2025) == Approx(born / 4));
  CHECK(virulence_in_copy(world, 0, hosted, 2026.5) == Approx(born / 16));
  const Deployment own{.developer = 3, .newest = false};
  const double first = 2025 + fix_delay_years(world, flaw, 0, 3);
  const double second = 2026 + fix_delay_years(world, flaw, 1, 3);
  CHECK(first - 2025 != second - 2026);
  const double between = (std::min(first, second) + std::max(first, second)) / 2;
  CHECK(virulence_in_copy(world, 0, own, std::min(first, second) - 1e-6) == born);
  CHECK(virulence_in_copy(world, 0, own, between) == Approx(born / 4));
  CHECK(virulence_in_copy(world, 0, own, std::max(first, second) + 1e-6) == Approx(born / 16));
}

TEST_CASE("fixes from before a model's birth are in it already") {
  World world = many_models("", 1);
  world.models.release_year[0] = 2025.5;
  const double born = world.flaw_tables.instances.birth_virulence[0];
  add_fix(world, world.flaw_tables.instances.flaw[0], 2025);
  CHECK(virulence_in_copy(world, 0, {}, 2030) == born);
}

TEST_CASE("delays of private deployments are Weibull, and a share never updates") {
  constexpr std::uint32_t kDeployments = 20000;
  const World world = world_with(R"({"mechanisms": {"patches": {"shape": 0.43, "scale_days": 84,
      "never_update": 0.13}}})");
  std::array<double, 3> within{};
  double never = 0;
  const std::array<double, 3> days = {30, 84, 365};
  for (std::uint32_t d = 0; d < kDeployments; ++d) {
    const double delay = kDaysPerYear * fix_delay_years(world, 0, 0, d);
    for (std::size_t k = 0; k < days.size(); ++k) {
      within[k] += delay <= days[k] ? 1 : 0;
    }
    never += delay == kNever ? 1 : 0;
  }
  CHECK(std::fabs(never / kDeployments - 0.13) < 4 * std::sqrt(0.13 * 0.87 / kDeployments));
  for (std::size_t k = 0; k < days.size(); ++k) {
    const double p = 0.87 * (1 - std::exp(-std::pow(days[k] / 84, 0.43)));
    CHECK(std::fabs(within[k] / kDeployments - p) < 4 * std::sqrt(p * (1 - p) / kDeployments));
  }
}

TEST_CASE("a deployment's habit is the same for every fix, its other delays are not") {
  const auto delays = [](const std::string& trait) {
    const World world = world_with(
        R"({"mechanisms": {"patches": {"never_update": 0, "trait_share": )" + trait + "}}}");
    return std::pair{fix_delay_years(world, 0, 0, 5), fix_delay_years(world, 1, 3, 5)};
  };
  CHECK(delays("1").first == delays("1").second);
  CHECK(delays("0").first != delays("0").second);
}

TEST_CASE("delays of many deployments at once are those of each") {
  const World world = world_with(R"({"mechanisms": {"patches": {"never_update": 0.3}}})");
  std::vector<double> habits;
  for (std::uint32_t developer = 0; developer < 100; ++developer) {
    habits.push_back(habitual_delay_years(world, developer));
  }
  const std::vector<double> delays = fix_delays_years(world, 1, 2, habits);
  for (std::uint32_t developer = 0; developer < 100; ++developer) {
    CHECK(delays.at(developer) == fix_delay_years(world, 1, 2, developer));
  }
}

TEST_CASE("instances by kind are those that a search finds") {
  const World world =
      lived(R"({"mechanisms": {"derivatives": {"enabled": true}}})", "open-weights-permissive", 24);
  const FlawTables& tables = world.flaw_tables;
  REQUIRE(world.models.bases.size() < world.models.count());  // there are derivatives
  for (ModelId m = 0; m < world.models.count(); ++m) {
    for (std::size_t k = 0; k < kFlawKinds; ++k) {
      const auto kind = static_cast<FlawKind>(k);
      const auto found_from = [&](std::uint32_t from) {
        std::vector<std::uint32_t> found;
        for (std::uint32_t i = from; i < tables.instance_offset[m + 1]; ++i) {
          if (tables.flaws.kind[tables.instances.flaw[i]] == kind) {
            found.push_back(i);
          }
        }
        return found;
      };
      CHECK(
          std::ranges::equal(instances_of(tables, m, kind), found_from(tables.instance_offset[m])));
      CHECK(
          std::ranges::equal(own_instances_of(tables, m, kind), found_from(tables.own_offset[m])));
    }
  }
}

TEST_CASE("with flaws off no model has any") {
  CHECK(many_models(R"("enabled": false)", 3).flaw_tables.flaws.count() == 0);
}
