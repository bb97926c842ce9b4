// Invariants of whole small worlds, in every month of every regime.
#include "agents/world.hpp"

#include <cmath>
#include <limits>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Small, and dangerous enough that everything happens within three years.
constexpr const char* kEventful = R"({
    "population": {"developers": {"count": 400, "activity_mean": 10},
                   "bad_actors": {"count": 400, "attempts_mean": 10}},
    "mechanisms": {"fingers": {"critical_oom": 26, "press_scale": 1e-4, "x_min_musd": 10},
                   "catastrophe": {"absorbing": false}}})";

template <class Table>
bool finite(const Table& column) {
  return std::ranges::all_of(column, [](double x) { return std::isfinite(x); });
}

bool shares(const std::vector<double>& column) {
  return std::ranges::all_of(column, [](double x) { return x >= 0 && x <= 1 + 1e-12; });
}

bool below(const std::vector<std::uint32_t>& ids, std::size_t n) {
  return std::ranges::all_of(ids, [n](std::uint32_t id) { return id == kNone || id < n; });
}

void check_models(const World& w) {
  const Models& m = w.models;
  const std::size_t n = m.count();
  for (const auto* column : {&m.capability_oom, &m.visible_oom, &m.alignment, &m.release_year,
                             &m.control_virulence, &m.leaked_year, &m.leak_hazard,
                             &m.leak_threshold, &m.use_users, &m.use_developers, &m.use_auditors}) {
    CHECK(column->size() == n);
  }
  CHECK((m.form.size() == n && m.licence.size() == n && m.given.size() == n &&
         m.withdrawn_year.size() == n && m.monitored.size() == n && m.strippable.size() == n &&
         m.root.size() == n && m.maker.size() == n));
  CHECK(below(m.maker, w.labs.count()));
  CHECK(below(m.root, n));
  CHECK((finite(m.capability_oom) && finite(m.visible_oom) && finite(m.control_virulence)));
  CHECK((shares(m.alignment) && shares(m.use_users) && shares(m.use_auditors) &&
         shares(m.use_developers)));
}

void check_flaws(const World& w) {
  const FlawTables& t = w.flaw_tables;
  const std::size_t n = t.flaws.count();
  CHECK((t.flaws.kind.size() == n && t.flaws.deep.size() == n && t.flaws.virulence.size() == n &&
         t.flaws.found_year.size() == n && t.flaws.known_year.size() == n &&
         t.flaws.bad_finder.size() == n && t.flaws.last_fix.size() == n));
  CHECK(t.instance_offset.size() == w.models.count() + 1);
  CHECK(t.instance_offset.front() == 0);
  CHECK(t.instance_offset.back() == t.instances.count());
  CHECK(std::ranges::is_sorted(t.instance_offset));
  CHECK(below(t.instances.flaw, n));
  CHECK(below(t.instances.model, w.models.count()));
  CHECK(below(t.flaws.bad_finder, w.bad_actors.count()));
  CHECK(below(t.flaws.last_fix, t.fixes.count()));
  CHECK(below(t.fixes.previous, t.fixes.count()));
  for (std::uint32_t f = 0; f < n; ++f) {
    CHECK((t.flaws.virulence[f] > 0 && t.flaws.virulence[f] <= 1));
    CHECK((t.flaws.unwarned[f] == 0 || t.flaws.kind[f] == FlawKind::control));
    CHECK((t.flaws.deep[f] == 0 || t.flaws.n_fixes[f] == 0));
  }
}

void check_events(const World& w) {
  const Events& e = w.events;
  CHECK(std::ranges::is_sorted(e.time));
  CHECK(below(e.model, w.models.count()));
  CHECK(below(e.root, w.models.count()));
  CHECK(below(e.flaw, w.flaw_tables.flaws.count()));
  for (std::size_t i = 0; i < e.count(); ++i) {
    CHECK((e.time[i] >= w.clock.start_year && e.time[i] <= w.end_of_step()));
    CHECK((e.severity_musd[i] > 0 && std::isfinite(e.severity_musd[i])));
    CHECK(e.domain[i] <= w.scenario->domains.size());
    CHECK(e.route[i] < kRouteNames.size());
    CHECK(e.maker[i] <= w.scenario->labs.size());
    const bool diffuse = e.kind[i] == static_cast<std::uint8_t>(EventKind::diffuse);
    if (diffuse) {
      CHECK(static_cast<double>(e.began_at[i]) <= e.time[i] + 1e-3);
      CHECK((std::isnan(e.seen_at[i]) || e.seen_at[i] >= e.began_at[i]));
      CHECK((std::isnan(e.attributed_at[i]) || e.attributed_at[i] >= e.seen_at[i]));
      CHECK((std::isnan(e.fixed_at[i]) || e.fixed_at[i] >= e.began_at[i]));
      CHECK((e.flaw[i] == kNone) == (e.model[i] == kNone));
      CHECK(e.maker[i] > 0);
      continue;
    }
    const bool misuse = e.kind[i] == static_cast<std::uint8_t>(EventKind::misuse);
    CHECK(misuse == (e.domain[i] > 0));
    CHECK(misuse == (e.flaw[i] == kNone));
    CHECK(misuse == !std::isnan(e.defence_oom[i]));
    CHECK((e.model[i] == kNone) == (e.maker[i] == 0));
    CHECK((e.model[i] == kNone) == (e.route[i] == static_cast<std::uint8_t>(Route::none)));
    CHECK(((e.flags[i] & kAverted) == 0 || e.flags[i] == kAverted));
    CHECK((std::isnan(e.seen_at[i]) ||
           std::fabs(static_cast<double>(e.seen_at[i]) - e.time[i]) < 1e-3));
  }
}

void check_world(const World& w) {
  check_models(w);
  check_flaws(w);
  CHECK(finite(w.defences.level_oom));
  CHECK(shares(w.misuse.perceived));
  CHECK(shares(w.hosts.seen_per_try));
  CHECK(shares(w.hosts.pass));
  CHECK(finite(w.defenders.adopted_oom));
  for (const std::vector<float>& quantity : w.series.quantity) {
    CHECK(quantity.size() == w.trends.frontier_oom.size());
  }
}

}  // namespace

TEST_CASE("worlds keep their invariants in every month of every regime") {
  for (const std::string& regime : builtin_regime_names()) {
    INFO(regime);
    World world = world_with(kEventful, regime);
    std::vector<Form> before;
    for (int step = 0; step < 36; ++step) {
      live(world, 1);
      check_world(world);
      for (ModelId m = 0; m < before.size(); ++m) {  // M2.4
        CHECK((!weights_are_out(before[m]) || world.models.form[m] >= before[m]));
      }
      before = world.models.form;
    }
    check_events(world);
    CHECK(world.events.count() > 50);
  }
}

TEST_CASE("recorded shares lie within 0 and 1, counts and harm are not negative, all is finite") {
  for (const std::string regime : {"closed", "hosted-monitored", "full-source"}) {
    const World world = lived(kEventful, regime, 36);
    const auto columns = series_columns(*world.scenario);
    for (std::size_t q = 0; q < columns.size(); ++q) {
      INFO(columns[q].name);
      for (const float x : world.series.quantity[q]) {
        CHECK(std::isfinite(x));
        CHECK((columns[q].unit == "OOM" || x >= 0));
        CHECK((columns[q].unit != "share" || x <= 1));
      }
    }
  }
}

TEST_CASE("subsets of counts are no larger than what they are of") {
  for (const std::string regime : {"closed", "hosted-monitored", "staged-release"}) {
    const World world = lived(kEventful, regime, 36);
    for (const auto& [part, whole] : {std::pair{"hosted_attempts", "attempts"},
                                      {"seen_attempts", "hosted_attempts"},
                                      {"reviewed_flags", "flags"},
                                      {"wrongful_bans", "bans"}}) {
      const std::vector<float> a = series_of(world, part);
      const std::vector<float> b = series_of(world, whole);
      for (std::size_t t = 0; t < a.size(); ++t) {
        CHECK(a[t] <= b[t]);
      }
    }
  }
}

TEST_CASE("a world without labs, developers, bad actors or domains lives quietly") {
  const std::string empty = R"({"labs": {"frontier": {"count": 0, "initial_models": []}},
      "domains": {"bio": null, "cyber": null, "fraud": null}})";
  World world = world_with(empty, "closed", kIdleLab);
  CHECK(live(world, 36) == 36);
  CHECK(world.events.count() == 0);
  CHECK(world.models.count() == 0);
}

TEST_CASE("a year can be one step, or 365") {
  for (const std::string steps : {"1", "52", "365"}) {
    World world = world_with(R"({"time": {"years": 2, "steps_per_year": )" + steps + "}}");
    check_world(world);
    const auto n = world.clock.n_steps;
    CHECK(n == 2 * std::stoul(steps));
    live(world, n);
    check_world(world);
  }
}
