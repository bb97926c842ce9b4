// Diffuse harm (M11) in small worlds: what accrues, who sees it, what is traced and mended.
#include "agents/diffuse.hpp"

#include <cmath>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A million users of one model with diffuse flaws of virulence 1, harm of a dollar a user and year
/// and nobody who looks for flaws; `diffuse` and `more` are put into the mechanisms.
std::string flawed(const std::string& diffuse, const std::string& more = "") {
  return R"({"population": {"users": {"most": 1e6, "middle_years": -100, "width_years": 1}},
    "mechanisms": {"scrutiny": {"enabled": false}, "access": {"third_party_host": 0.25},
      "flaws": {"mean": {"safeguard": 0, "security": 0, "diffuse": 5, "control": 0},
                "virulence_low": 1, "virulence_high": 1, "deep_share": 0},
      "diffuse": {"musd_per_user_year": 1e-6)" +
         diffuse + "}" + more + "}}";
}

/// What makes every flaw seen within days: a large effect that everybody tells.
constexpr const char* kPlain =
    R"(, "effect_per_virulence": 0.3, "base_rate": 0.003, "disclosure": 1, "observations_per_user_month": 4, "least_event_musd": 0)";

World life_of(const std::string& changes, Form form, std::uint32_t months) {
  World world = world_with(changes, "open-weights-permissive", kIdleLab);
  release_model(world, 26, form);
  REQUIRE(world.flaw_tables.flaws.count() > 0);
  live(world, months);
  return world;
}

double harm_of_events(const World& world) { return sum_of(world.events.severity_musd); }

}  // namespace

TEST_CASE("diffuse flaws harm every user, and more where a host lives on attention") {
  const std::string unseen = flawed(R"(, "effect_per_virulence": 0, "manipulation": 0.5)");
  const World hosted = life_of(unseen, Form::hosted, 1);
  const double flaws = hosted.flaw_tables.flaws.count();
  CHECK(hosted.month.diffuse_harm_musd == Approx(1.5 * flaws / 12));
  const World weights = life_of(unseen, Form::open_weights, 1);
  CHECK(weights.month.diffuse_harm_musd == Approx((0.25 * 1.5 + 0.75) * flaws / 12));
  CHECK(life_of(unseen, Form::internal, 1).month.diffuse_harm_musd == 0);
}

TEST_CASE("what nobody sees is one open event a flaw at the end, of all that accrued") {
  const World world =
      life_of(flawed(R"(, "effect_per_virulence": 0, "least_event_musd": 0)"), Form::hosted, 36);
  REQUIRE(world.events.count() == world.flaw_tables.flaws.count());
  for (std::size_t i = 0; i < world.events.count(); ++i) {
    CHECK(world.events.kind[i] == static_cast<std::uint8_t>(EventKind::diffuse));
    CHECK(world.events.flags[i] == kStillOpen);
    CHECK(std::isnan(world.events.seen_at[i]));
    CHECK(static_cast<double>(world.events.began_at[i]) == Approx(world.clock.start_year));
    CHECK(static_cast<double>(world.events.severity_musd[i]) == Approx(1.5 * 3).epsilon(1e-3));
  }
  CHECK(sum_of(series_of(world, "harm_musd")) == Approx(harm_of_events(world)).epsilon(1e-3));
  CHECK(sum_of(series_of(world, "unseen_diffuse_harm_musd")) ==
        Approx(harm_of_events(world)).epsilon(1e-3));
}

TEST_CASE("harms too small for an event are one event of their group and route, and not lost") {
  const World world =
      life_of(flawed(R"(, "effect_per_virulence": 0, "least_event_musd": 1e6)"), Form::hosted, 36);
  REQUIRE(world.events.count() == 1);
  CHECK(world.events.flaw[0] == kNone);
  CHECK(world.events.route[0] == static_cast<std::uint8_t>(Route::hosted));
  CHECK(sum_of(series_of(world, "harm_musd")) == Approx(harm_of_events(world)).epsilon(1e-3));
}

TEST_CASE("a host that does not disclose leaves it to common reports") {
  const std::string silent = R"(, "effect_per_virulence": 0.3, "base_rate": 0.003,
    "observations_per_user_month": 4, "least_event_musd": 0, "disclosure": 0, "pooling": )";
  const auto seen = [](const World& world) {
    double n = 0;
    for (const float at : world.events.seen_at) {
      n += std::isnan(at) ? 0 : 1;
    }
    return n;
  };
  CHECK(seen(life_of(flawed(silent + "0"), Form::hosted, 36)) == 0);
  CHECK(seen(life_of(flawed(silent + "1"), Form::hosted, 36)) > 0);
  CHECK(seen(life_of(flawed(silent + "0"), Form::open_weights, 36)) > 0);
  CHECK(seen(life_of(flawed(kPlain), Form::hosted, 36)) > 0);
}

TEST_CASE("what is traced is mended as any found flaw, and its weaker rest begins anew") {
  const World world = life_of(flawed(std::string(kPlain) + R"(, "attribution": {"hosted": 0.9})",
                                     R"(, "patches": {"latency_days": 10, "strength": 0.5})"),
                              Form::hosted, 36);
  int mended = 0;
  for (std::size_t i = 0; i < world.events.count(); ++i) {
    if (!std::isnan(world.events.fixed_at[i])) {
      ++mended;
      CHECK(world.events.attributed[i] == 1);
      CHECK(world.events.seen_at[i] <= world.events.attributed_at[i]);
      CHECK(static_cast<double>(world.events.fixed_at[i] - world.events.attributed_at[i]) ==
            Approx(10 / 365.25).margin(2e-3));
    }
  }
  CHECK(mended > 0);
  CHECK(world.flaw_tables.fixes.count() == static_cast<std::uint32_t>(mended));
  CHECK(sum_of(series_of(world, "harm_musd")) == Approx(harm_of_events(world)).epsilon(1e-3));
}

TEST_CASE("a deep flaw is traced, but stays in the model it is in") {
  World world = world_with(flawed(std::string(kPlain) + R"(, "attribution": {"hosted": 0.9})"),
                           "closed", kIdleLab);
  release_model(world, 26, Form::hosted);
  std::ranges::fill(world.flaw_tables.flaws.deep, std::uint8_t{1});
  live(world, 36);
  CHECK(world.flaw_tables.fixes.count() == 0);
  CHECK(world.events.count() == world.flaw_tables.flaws.count());
  for (std::size_t i = 0; i < world.events.count(); ++i) {
    CHECK(world.events.attributed[i] == 1);
    CHECK(std::isnan(world.events.fixed_at[i]));
  }
}

TEST_CASE("a layer's own flaw is traced only where attempts find the right layer") {
  const auto traced = [](const std::string& penalty, bool naming_duty) {
    World world =
        world_with(flawed(std::string(kPlain) +
                              R"(, "attribution": {"weights": 0.9}, "layer_penalty": )" + penalty,
                          R"(, "derivatives": {"enabled": false, "layer_flaws": 1})"),
                   "closed", kIdleLab);
    const ModelId base = release_model(world, 26, Form::open_weights);
    world.models.licence[base].naming_duty = naming_duty;
    const std::uint32_t of_base = world.flaw_tables.flaws.count();
    for (std::uint64_t n = 0; n < 20; ++n) {
      add_model(world,
                {.identity = birth_identity(99, 2, 0, n),
                 .maker = 0,
                 .capability_oom = 26,
                 .visible_oom = 26,
                 .alignment = 0,
                 .release_year = world.year(),
                 .form = Form::open_weights,
                 .licence = {},
                 .given = true,
                 .monitored = false,
                 .parent = base},
                kNone);
    }
    live(world, 36);
    int n = 0;
    for (std::size_t i = 0; i < world.events.count(); ++i) {
      n += world.events.flaw[i] >= of_base && world.events.attributed[i] != 0 ? 1 : 0;
    }
    return n;
  };
  CHECK(traced("100", false) == 0);
  CHECK(traced("0", false) > 0);
  CHECK(traced("3", true) > traced("3", false));
}

TEST_CASE("without the mechanism nothing of it is left, and all else is as it was") {
  const std::string blind = R"({"mechanisms": {"diffuse": {"effect_per_virulence": 0, "enabled": )";
  const World with = lived(blind + "true}}}", "open-weights-permissive", 24);
  const World without = lived(blind + "false}}}", "open-weights-permissive", 24);
  CHECK(sum_of(series_of(without, "diffuse_harm_musd")) == 0);
  std::size_t row = 0;
  for (std::size_t i = 0; i < with.events.count(); ++i) {
    if (with.events.kind[i] != static_cast<std::uint8_t>(EventKind::diffuse)) {
      REQUIRE(row < without.events.count());
      CHECK(with.events.time[i] == without.events.time[row]);
      CHECK(with.events.severity_musd[i] == without.events.severity_musd[row]);
      ++row;
    }
  }
  CHECK(row == without.events.count());
  CHECK(row > 10);
}
