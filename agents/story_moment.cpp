#include "agents/story_moment.hpp"

#include <algorithm>

namespace fingers {

namespace {

/// Watches one flaw from month to month.
class FlawWatch {
 public:
  explicit FlawWatch(std::optional<std::uint64_t> identity) : identity_(identity) {}

  void look(const World& world) {
    const FlawTables& tables = world.flaw_tables;
    if (!identity_ || !find(tables.flaws)) {
      return;
    }
    look_at_fixes(world);
    look_at_finds(tables.flaws);
  }

  std::uint32_t flaw = kNone;
  std::vector<FlawNote> notes;

 private:
  bool find(const Flaws& flaws) {
    if (flaw == kNone) {
      const auto found = std::ranges::find(flaws.identity, *identity_);
      if (found != flaws.identity.end()) {
        flaw = static_cast<std::uint32_t>(found - flaws.identity.begin());
      }
    }
    return flaw != kNone;
  }

  /// A flaw that was found and fixed within a month was never a found one at the end of it.
  void look_at_fixes(const World& world) {
    const FlawTables& tables = world.flaw_tables;
    for (; n_fixes_ < tables.flaws.n_fixes[flaw]; ++n_fixes_) {
      std::uint32_t fix = tables.flaws.last_fix[flaw];
      for (std::uint32_t later = n_fixes_ + 1; later < tables.flaws.n_fixes[flaw]; ++later) {
        fix = tables.fixes.previous[fix];
      }
      const double year = tables.fixes.year[fix];
      if (found_year_ == kNever) {
        const double latency = world.scenario->mechanisms.patches.latency_days / kDaysPerYear;
        notes.push_back({.year = year - latency, .kind = NoteKind::found});
      }
      notes.push_back({.year = year, .kind = NoteKind::fixed});
      found_year_ = kNever;
      known_year_ = kNever;
      bad_finder_ = kNone;
    }
  }

  void look_at_finds(const Flaws& flaws) {
    if (flaws.found_year[flaw] != kNever && found_year_ == kNever) {
      notes.push_back({.year = flaws.found_year[flaw], .kind = NoteKind::found});
    }
    if (flaws.known_year[flaw] != kNever && known_year_ == kNever) {
      notes.push_back({.year = flaws.known_year[flaw], .kind = NoteKind::known_to_all});
    }
    if (flaws.bad_finder[flaw] != kNone && bad_finder_ == kNone) {
      notes.push_back(
          {.year = month_year, .kind = NoteKind::known_to_one, .agent = flaws.bad_finder[flaw]});
    }
    found_year_ = flaws.found_year[flaw];
    known_year_ = flaws.known_year[flaw];
    bad_finder_ = flaws.bad_finder[flaw];
  }

  std::optional<std::uint64_t> identity_;
  std::uint32_t n_fixes_ = 0;
  double found_year_ = kNever;
  double known_year_ = kNever;
  std::uint32_t bad_finder_ = kNone;

 public:
  double month_year = 0;
};

void note_regimes(const World& world, std::vector<std::uint32_t>& before,
                  std::vector<RegimeNote>& notes) {
  const std::vector<std::uint32_t>& now = world.society.groups.regime;
  for (std::uint32_t g = 0; g < now.size(); ++g) {
    if (before.empty() || before[g] != now[g]) {
      notes.push_back({.year = world.year(), .group = g, .regime = now[g]});
    }
  }
  before = now;
}

}  // namespace

std::uint32_t Moment::regime_at(std::uint32_t group, double year) const {
  std::uint32_t regime = kNoRegime;
  for (const RegimeNote& note : regime_notes) {
    if (note.group == group && (regime == kNoRegime || note.year <= year + kDueSlackYears)) {
      regime = note.regime;
    }
  }
  return regime;
}

Moment moment_of(const Simulation& simulation, const Batch& batch, const LivedRun& run,
                 const Watched& look) {
  const StreamSeeds seeds = seeds_of_point(batch.design, batch.scenario.seeds, run.point);
  Moment moment{.step = look.step,
                .before = {},
                .after = simulation.make_world(run.point, make_world_keys(seeds, run.replicate)),
                .flaw_notes = {},
                .regime_notes = {}};
  FlawWatch watch(look.flaw_identity);
  std::vector<std::uint32_t> regimes;
  for (std::uint32_t step = 0; step <= look.step; ++step) {
    if (step == look.step) {
      moment.before = moment.after;
    }
    static_cast<void>(simulation.advance(moment.after, step));
    watch.month_year = moment.after.year();
    watch.look(moment.after);
    note_regimes(moment.after, regimes, moment.regime_notes);
  }
  moment.flaw = watch.flaw;
  moment.flaw_notes = std::move(watch.notes);
  return moment;
}

Form form_at(const World& world, ModelId model, double year) {
  const ModelId root = world.models.root[model];
  Form form = world.models.release_form[root];
  for (const FormChange& change : world.models.form_changes) {
    if (change.model == root && change.year <= year + kDueSlackYears) {
      form = change.form;
    }
  }
  return form;
}

}  // namespace fingers
