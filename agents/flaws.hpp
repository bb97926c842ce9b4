// Flaws, eyeballs and patches (M6). A *flaw* is a hole of its own with the identity of its first
// birth; an *instance* is that hole in one model. Found in one model is found in all, fixed is per
// model.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "agents/models.hpp"
#include "agents/scenario.hpp"

namespace fingers {

struct Flaws {
  std::vector<std::uint64_t> identity;
  std::vector<FlawKind> kind;
  std::vector<std::uint8_t> deep;
  std::vector<std::uint8_t> unwarned;  ///< 1: has no precursor, no eyeball can find it
  std::vector<double> virulence;       ///< E in the newest state of fixes
  std::vector<std::uint32_t> n_fixes;
  std::vector<double> eyes_hazard;     ///< integral since the last fix, against eyes_threshold
  std::vector<double> eyes_threshold;  ///< Exp(1)
  std::vector<double> found_year;      ///< by eyeballs; infinity: not since the last fix
  std::vector<double> bad_hazard;
  std::vector<double> bad_threshold;
  std::vector<double> known_year;         ///< to every bad actor; infinity: not
  std::vector<std::uint32_t> bad_finder;  ///< the bad actor who alone knows it, or kNone
  std::vector<std::uint32_t> last_fix;    ///< row in fixes, or kNone

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(identity.size()); }
};

/// A flaw in a model.
struct FlawInstances {
  std::vector<ModelId> model;
  std::vector<std::uint32_t> flaw;
  std::vector<ModelId> origin;          ///< where in its line the flaw came in: a base, or a layer
  std::vector<double> birth_virulence;  ///< E on the first day of that origin

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(model.size()); }
};

/// Published fixes, chained per flaw from the last to the first.
struct Fixes {
  std::vector<double> year;
  std::vector<std::uint32_t> previous;  ///< row of the fix before it, or kNone
  /// When every bad actor knows the hole that it closed, which is still open where the fix has not
  /// been taken (M6.3); infinity: never.
  std::vector<double> known_year;
  std::vector<std::uint32_t> bad_finder;  ///< the bad actor who alone knows that hole, or kNone

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(year.size()); }
};

/// Instances of flaws of one kind, ascending, and where those of each model begin among them.
struct InstancesOfKind {
  std::vector<std::uint32_t> instance;
  std::vector<std::uint32_t> offset;      ///< of a model's; those of the next follow
  std::vector<std::uint32_t> own_offset;  ///< of its own ones, which stand behind the others
};

/// Rates at which one flaw is found in a month, over all models that have it of their own [1/yr].
struct FindRates {
  double eyes = 0;
  double bad = 0;
  ModelId in_weights = kNone;  ///< the newest of them whose weights are out
  bool retrainable = true;     ///< the community can retrain every one of them (M5.4)
};

/// Instances of a model are contiguous; offset has one more entry than models (tskit's ragged
/// column).
struct FlawTables {
  Flaws flaws;
  FlawInstances instances;
  std::vector<std::uint32_t> instance_offset;
  /// Where a model's own flaws begin among its instances: all of a base's, those of its layer for a
  /// derivative, whose others point to its parent's (M5.5).
  std::vector<std::uint32_t> own_offset;
  std::array<InstancesOfKind, kFlawKinds> by_kind;
  Fixes fixes;
  /// Month's scrutiny by friends and by bad actors, [shallow, deep]: of a root, by the eyes on all
  /// its family; of a derivative, by those on it.
  std::vector<std::array<double, 2>> eyes;
  std::vector<std::array<double, 2>> bad_eyes;
  std::vector<FindRates> find_rates;  ///< of each flaw this month
  /// Habitual delays of the deployments in the panel that measures coverage (M6.5).
  std::vector<double> panel_habits;
};

/// A model's instances of flaws of one kind, or of these its own ones.
std::span<const std::uint32_t> instances_of(const FlawTables& tables, ModelId model, FlawKind kind);
std::span<const std::uint32_t> own_instances_of(const FlawTables& tables, ModelId model,
                                                FlawKind kind);

/// Flaws of a new model: its own and those its maker's previous model hands on (M6.1).
void add_flaws(World& world, ModelId model, ModelId previous);

/// Friends who look at a model in a month, by who they are (M6.2), in eyes of mean skill.
struct Eyes {
  double internal = 0;  ///< its maker's own reviewers
  double auditors = 0;
  double developers = 0;
  double users = 0;
};

Eyes eyes_on(const World& world, ModelId model);

/// M6.2 to M6.5: auditors, users, developers and bad actors search; finds, fixes, what spreads.
void search_and_fix(World& world);

/// A copy of a model, for the state of its fixes.
struct Deployment {
  std::uint32_t developer = 0;
  bool newest = true;  ///< hosted, or at a host that patches at once
};

/// Virulence of an instance in a deployment's copy at a time (M6.5).
double virulence_in_copy(const World& world, std::uint32_t instance, const Deployment& deployment,
                         double year);

/// Share of private deployments that have taken a fix so many years after they could (M6.5).
double private_coverage(const PatchParameters& p, double years);

/// Years from a fix until a private deployment takes it, where habit says so (M6.5); infinity: it
/// never takes one.
double habitual_delay_years(const World& world, std::uint32_t developer);

/// Years from the publication of a fix until a private deployment takes it (M6.5); infinity: never.
/// `ordinal` counts the fixes of the flaw from 0.
double fix_delay_years(const World& world, std::uint32_t flaw, std::uint32_t ordinal,
                       std::uint32_t developer);
/// The same for the first developers, whose habitual delays are at hand.
std::vector<double> fix_delays_years(const World& world, std::uint32_t flaw, std::uint32_t ordinal,
                                     const std::vector<double>& habitual_years);

/// Marks a flaw as found by all eyeballs at a time (after a loss of control that ended nothing,
/// M5.3).
void reveal_flaw(World& world, std::uint32_t flaw, double year);

}  // namespace fingers
