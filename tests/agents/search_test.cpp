// Who finds flaws when, what is fixed, and what bad actors come to know (M6.2 to M6.4).
#include <cmath>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A lab of which the newest model is looked at by its own reviewers alone.
World internal_search(const std::string& scrutiny, const std::string& patches = "",
                      std::uint32_t months = 24) {
  World world = world_with(R"({"mechanisms": {
      "scrutiny": {"returns_to_eyeballs": 1, "eyes_per_user": 0, "eyes_per_bad_actor": 0)" +
                               scrutiny + R"(},
      "patches": {"strength": 0.5)" +
                               patches + R"(}, "flaws": {"mean": {"control": 60}}}})",
                           "closed", kIdleLab);
  world.labs.newest[0] = release_model(world, 26, Form::internal, 3);
  live(world, months);
  return world;
}

std::size_t found(const World& world) {
  const Flaws& flaws = world.flaw_tables.flaws;
  std::size_t n = 0;
  for (std::uint32_t f = 0; f < flaws.count(); ++f) {
    n += flaws.found_year[f] != kNever || flaws.n_fixes[f] > 0 ? 1 : 0;
  }
  return n;
}

/// A hosted model that bad actors look at.
World bad_search(const std::string& share_exploit, std::uint32_t months) {
  World world = world_with(R"({"population": {"bad_actors": {"count": 500, "attempts_mean": 0}},
      "mechanisms": {"scrutiny": {"internal_eyes": 0, "eyes_per_user": 0, "share_exploit": )" +
                               share_exploit + "}}}",
                           "closed", kIdleLab);
  release_model(world, 26, Form::hosted, 3);
  live(world, months);
  return world;
}

}  // namespace

TEST_CASE("a flaw is found when the integral of scrutiny passes its threshold") {
  const World world = internal_search("", R"(, "enabled": false)");
  const Flaws& flaws = world.flaw_tables.flaws;
  int checked = 0;
  for (std::uint32_t f = 0; f < flaws.count(); ++f) {
    const double visibility = flaws.deep[f] != 0 ? 0.3 : 0.7;
    const double rate = 0.1 * flaws.virulence[f] * visibility * 200;  // find · E · v · I
    const double due = world.clock.start_year + flaws.eyes_threshold[f] / rate;
    if (flaws.unwarned[f] != 0 || due > world.end_of_step()) {
      CHECK(flaws.found_year[f] == kNever);
    } else {
      CHECK(flaws.found_year[f] == Approx(due).epsilon(1e-12));
      ++checked;
    }
  }
  CHECK(checked > 10);
}

TEST_CASE("more eyes never find later") {
  const World few = internal_search(R"(, "internal_eyes": 20)", R"(, "enabled": false)");
  const World many = internal_search(R"(, "internal_eyes": 2000)", R"(, "enabled": false)");
  REQUIRE(few.flaw_tables.flaws.identity == many.flaw_tables.flaws.identity);
  for (std::uint32_t f = 0; f < few.flaw_tables.flaws.count(); ++f) {
    CHECK(many.flaw_tables.flaws.found_year[f] <= few.flaw_tables.flaws.found_year[f]);
  }
  CHECK(found(many) > found(few));
}

TEST_CASE("returns to eyeballs bend the number of eyes, and nothing is found without eyes") {
  const World square_root = internal_search(R"(, "internal_eyes": 100)", "", 1);
  CHECK(square_root.flaw_tables.eyes[0][0] == Approx(0.7 * 100));
  World world = world_with(R"({"mechanisms": {"scrutiny": {"returns_to_eyeballs": 0.5,
      "internal_eyes": 100, "eyes_per_user": 0}}})",
                           "closed", kIdleLab);
  world.labs.newest[0] = release_model(world, 26, Form::internal, 3);
  live(world, 1);
  CHECK(world.flaw_tables.eyes[0][0] == Approx(0.7 * 10));
  CHECK(world.flaw_tables.eyes[0][1] == Approx(0.3 * 10));
  CHECK(found(internal_search(R"(, "internal_eyes": 0)")) == 0);
}

TEST_CASE("outside eyes add before the power, with the visibility of the form") {
  const auto eyes = [](Form form) {
    World world = world_with(R"({"population": {"auditors": {"count": 50, "skill_sd_ln": 0},
          "developers": {"count": 1000, "weight": 10, "budget_mean_log10_usd": 9}},
        "mechanisms": {"scrutiny": {"returns_to_eyeballs": 0.5, "internal_eyes": 0,
          "eyes_per_developer": 0.005, "eyes_per_user": 0}}})",
                             "closed", kIdleLab);
    release_model(world, 26, form, 3);
    live(world, 1);
    return world.flaw_tables.eyes[0];
  };
  // 50 auditors and 0.005 · 10000 developers, all on one model: 100 eyes
  CHECK(eyes(Form::hosted)[0] == Approx(0.15 * 10));
  CHECK(eyes(Form::open_weights)[0] == Approx(0.6 * 10));
  CHECK(eyes(Form::full_source)[1] == Approx(0.5 * 10));
  CHECK(eyes(Form::internal)[0] == 0);
}

TEST_CASE("a shallow flaw is fixed after the latency, a deep one is not") {
  const World world = internal_search("");
  const FlawTables& tables = world.flaw_tables;
  int fixed = 0;
  for (std::uint32_t f = 0; f < tables.flaws.count(); ++f) {
    if (tables.flaws.deep[f] != 0) {
      CHECK(tables.flaws.n_fixes[f] == 0);
      continue;
    }
    std::uint32_t fix = tables.flaws.last_fix[f];
    for (std::uint32_t n = tables.flaws.n_fixes[f]; n > 1; --n) {
      fix = tables.fixes.previous[fix];
    }
    if (fix != kNone) {  // its first
      ++fixed;
      const double virulence = tables.flaws.virulence[f] * std::pow(2, tables.flaws.n_fixes[f]);
      CHECK(virulence <= 1.0000001);
      CHECK(tables.fixes.year[fix] > world.clock.start_year + 7 / 365.25);
    }
  }
  CHECK(fixed > 10);
  CHECK(internal_search("", R"(, "enabled": false)").flaw_tables.fixes.count() == 0);
}

TEST_CASE("a fix comes its latency after the find") {
  World world = internal_search("", R"(, "latency_days": 100)", 1);
  std::vector<double> due;
  for (std::uint32_t f = 0; f < world.flaw_tables.flaws.count(); ++f) {
    if (world.flaw_tables.flaws.deep[f] == 0 && world.flaw_tables.flaws.found_year[f] != kNever) {
      due.push_back(world.flaw_tables.flaws.found_year[f] + 100 / 365.25);
    }
  }
  REQUIRE(due.size() > 3);
  live(world, 4);
  for (const double year : due) {
    CHECK(std::ranges::count(world.flaw_tables.fixes.year, year) == 1);
  }
}

TEST_CASE("without scrutiny nobody finds, but a flaw that has shown itself is fixed") {
  World world = internal_search(R"(, "enabled": false)");
  CHECK(found(world) == 0);
  std::uint32_t flaw = 0;
  while (world.flaw_tables.flaws.deep[flaw] != 0) {
    ++flaw;
  }
  reveal_flaw(world, flaw, world.year());
  live(world, 2);
  CHECK(world.flaw_tables.flaws.n_fixes[flaw] == 1);
}

TEST_CASE("a bad actor who shares tells all, one who does not knows alone") {
  const World told = bad_search("1", 36);
  const World kept = bad_search("0", 36);
  int shared = 0;
  int alone = 0;
  for (std::uint32_t f = 0; f < told.flaw_tables.flaws.count(); ++f) {
    const Flaws& a = told.flaw_tables.flaws;
    const Flaws& b = kept.flaw_tables.flaws;
    const bool searched = a.kind[f] == FlawKind::safeguard || a.kind[f] == FlawKind::security;
    CHECK(a.bad_finder[f] == kNone);
    CHECK(b.known_year[f] == kNever);
    CHECK((a.known_year[f] != kNever) == (b.bad_finder[f] != kNone));
    CHECK((searched || a.known_year[f] == kNever));
    CHECK((b.bad_finder[f] == kNone || b.bad_finder[f] < 500));
    shared += a.known_year[f] != kNever ? 1 : 0;
    alone += b.bad_finder[f] != kNone ? 1 : 0;
  }
  CHECK(shared > 0);
  CHECK(shared == alone);
}

TEST_CASE("coverage of fixes is measured where weights are out, and only there") {
  const auto fixes = [](Form form) {
    World world = world_with(R"({"population": {"developers": {"count": 100}},
        "mechanisms": {"patches": {"panel": 40}}})",
                             "closed", kIdleLab);
    world.labs.newest[0] = release_model(world, 26, form, 3);
    live(world, 36);
    double panel = 0;
    double published = 0;
    for (std::size_t t = 0; t < 36; ++t) {
      panel += static_cast<double>(series_of(world, "panel_fixes")[t]);
      published += static_cast<double>(series_of(world, "fixes")[t]);
      CHECK(series_of(world, "panel_taken_30d")[t] <= series_of(world, "panel_taken_90d")[t]);
      CHECK(series_of(world, "panel_taken_90d")[t] <= series_of(world, "panel_taken_365d")[t]);
      CHECK(series_of(world, "panel_taken_365d")[t] <= series_of(world, "panel_fixes")[t]);
    }
    return std::pair{panel, published};
  };
  CHECK(fixes(Form::hosted).first == 0);
  const auto [panel, published] = fixes(Form::open_weights);
  CHECK(published > 0);
  CHECK(panel == 40 * published);
}
