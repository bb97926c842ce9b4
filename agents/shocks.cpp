#include "agents/shocks.hpp"

#include <algorithm>

#include "agents/addresses.hpp"
#include "agents/budget_classes.hpp"
#include "agents/freedom.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

constexpr std::size_t kTerms = static_cast<std::size_t>(ShockKind::terms);
constexpr std::size_t kWithdraw = static_cast<std::size_t>(ShockKind::withdraw);
constexpr std::size_t kStop = static_cast<std::size_t>(ShockKind::stop_release);

double rate_of(const ShockParameters& p, std::size_t kind) {
  const std::array<double, kShockKinds> rates = {p.terms_per_year, p.withdraw_per_year,
                                                 p.stop_release_per_year};
  return p.enabled ? rates[kind] : 0.0;
}

/// Years from one shock of a kind to the lab's next: Exp(1) over the rate.
double waiting_years(const World& world, LabId lab, std::size_t kind) {
  const double rate = rate_of(world.scenario->mechanisms.shocks, kind);
  if (rate <= 0) {
    return kNever;
  }
  Stream stream(world.keys.dynamics,
                address(world.labs.identity[lab], Process::shock, world.shocks.n_done[lab][kind],
                        static_cast<std::uint32_t>(kind)));
  return exponential(stream) / rate;
}

/// Whether a maker can take a model from those who use it (M13).
bool depends_on_maker(const World& world, ModelId m) {
  return is_hosted(world.models.form[m]) || world.models.licence[m].revocable;
}

bool is_hit(const World& world, ModelId m, std::size_t kind) {
  const bool by_reference = kind == kTerms && world.models.licence[m].terms_by_reference;
  return is_accessible(world.models.form[m]) && (depends_on_maker(world, m) || by_reference);
}

void withdraw(Models& models, ModelId m, double year) {
  models.withdrawn_year[m] = std::min(models.withdrawn_year[m], year);
  if (is_hosted(models.form[m])) {
    change_form(models, m, Form::internal, year);
  }
}

/// Models hit earlier in the month: who used them is without a model already.
using HitModels = std::vector<std::uint8_t>;

void hit_dependants(World& world, LabId lab, std::size_t kind, HitModels& hit) {
  const double year = world.shocks.due_year[lab][kind];
  Displaced displaced{.year = year};
  for (ModelId m = 0; m < world.models.count(); ++m) {
    if (world.models.maker[m] == lab && world.models.release_year[m] <= year &&
        is_hit(world, m, kind)) {
      const double still_there = 1.0 - hit[m];
      displaced.users += still_there * world.models.use_users[m];
      displaced.developers += still_there * world.models.use_developers[m];
      hit[m] = 1;
      if (kind == kWithdraw) {
        withdraw(world.models, m, year);
      }
    }
  }
  if (kind == kTerms) {
    world.shocks.terms_year[lab] = year;
  }
  if (displaced.users > 0 || displaced.developers > 0) {
    world.shocks.displaced.push_back(displaced);
  }
}

void strike_once(World& world, LabId lab, std::size_t kind, HitModels& hit) {
  Shocks& shocks = world.shocks;
  const double year = shocks.due_year[lab][kind];
  shocks.n_done[lab][kind] += 1;
  world.month.shocks += 1;
  if (kind == kStop) {
    shocks.stopped_year[lab] = year;
    shocks.due_year[lab][kind] = kNever;
    return;
  }
  hit_dependants(world, lab, kind, hit);
  shocks.due_year[lab][kind] = year + waiting_years(world, lab, kind);
}

/// Share of those displaced in `year` who have not moved by `now`.
double not_moved(const World& world, double year, double now) {
  const double months = world.scenario->mechanisms.shocks.migration_months;
  return portable_exp(-std::max(0.0, now - year) * kMonthsPerYear / months);
}

/// User-months that this month's honest users lose: the exact integral over the month.
double months_lost(const World& world) {
  double share_months = 0;
  for (const Displaced& d : world.shocks.displaced) {
    share_months += d.users * (not_moved(world, d.year, world.year()) -
                               not_moved(world, d.year, world.end_of_step()));
  }
  return share_months * world.scenario->mechanisms.shocks.migration_months * world.access.users;
}

/// No successor comes from the maker, and no community can train one (M5.4).
bool is_orphaned(const World& world, ModelId m, double reach_oom) {
  return weights_are_out(world.models.form[m]) &&
         has_stopped_releasing(world, world.models.maker[m]) &&
         !community_can_retrain(world, m, reach_oom);
}

double deep_virulence(const World& world, ModelId m) {
  const FlawTables& tables = world.flaw_tables;
  double sum = 0;
  for (std::uint32_t i = tables.instance_offset[m]; i < tables.instance_offset[m + 1]; ++i) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    sum += tables.flaws.deep[flaw] != 0 ? tables.flaws.virulence[flaw] : 0.0;
  }
  return sum;
}

}  // namespace

void make_shocks(World& world) {
  Shocks& shocks = world.shocks;
  const std::uint32_t n = world.labs.count();
  shocks.n_done.assign(n, {});
  shocks.terms_year.assign(n, -kNever);
  shocks.stopped_year.assign(n, kNever);
  shocks.due_year.resize(n);
  for (LabId lab = 0; lab < n; ++lab) {
    for (std::size_t kind = 0; kind < kShockKinds; ++kind) {
      shocks.due_year[lab][kind] = world.clock.start_year + waiting_years(world, lab, kind);
    }
  }
}

void measure_displaced(World& world) {
  constexpr double kForgotten = 1e-9;
  Shocks& shocks = world.shocks;
  const double now = world.year();
  std::erase_if(shocks.displaced,
                [&](const Displaced& d) { return not_moved(world, d.year, now) < kForgotten; });
  shocks.users_without_access = 0;
  shocks.developers_without_access = 0;
  for (const Displaced& d : shocks.displaced) {
    const double left = not_moved(world, d.year, now);
    shocks.users_without_access += d.users * left;
    shocks.developers_without_access += d.developers * left;
  }
}

void shock_dependants(World& world) {
  HitModels hit(world.models.count(), 0);
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    for (std::size_t kind = 0; kind < kShockKinds; ++kind) {
      while (world.shocks.due_year[lab][kind] < world.end_of_step()) {
        strike_once(world, lab, kind, hit);
      }
    }
  }
  world.month.lost_user_months = months_lost(world);
}

double share_in_reach(const World& world, ModelId model) {
  if (world.models.withdrawn_year[model] != kNever) {
    return 0;
  }
  const double terms = world.shocks.terms_year[world.models.maker[model]];
  const bool existed = world.models.release_year[model] <= terms;
  return existed && is_hit(world, model, kTerms) ? 1.0 - not_moved(world, terms, world.year())
                                                 : 1.0;
}

bool has_stopped_releasing(const World& world, LabId maker) {
  return world.year() >= world.shocks.stopped_year[maker];
}

Orphans measure_orphans(const World& world) {
  Orphans orphans;
  const double frontier = frontier_oom(world);
  const double reach_oom = community_reach_oom(world);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    if (is_orphaned(world, m, reach_oom)) {
      const double use = world.models.use_users[m];
      orphans.users += use;
      orphans.lag_oom += use * (frontier - world.models.capability_oom[m]);
      orphans.lag_months += use * months_behind(world, world.models.capability_oom[m]);
      orphans.deep_virulence += use * deep_virulence(world, m);
    }
  }
  const double per_user = orphans.users > 0 ? 1.0 / orphans.users : 0.0;
  orphans.lag_oom *= per_user;
  orphans.lag_months *= per_user;
  orphans.deep_virulence *= per_user;
  return orphans;
}

}  // namespace fingers
