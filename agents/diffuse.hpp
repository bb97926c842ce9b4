// Diffuse harm (M11): what a flaw does little by little to everybody who uses a model, how long it
// takes until somebody sees it, until the right layer is blamed for it, and until it is fixed.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/mean_copies.hpp"
#include "agents/models.hpp"
#include "agents/sequential_test.hpp"

namespace fingers {

struct World;

/// A diffuse flaw in a model. What a month reads of it lies together.
struct DiffuseInstance {
  std::uint32_t flaw = 0;
  ModelId model = 0;           ///< that has it
  std::uint32_t harm = kNone;  ///< row in DiffuseHarms, or kNone before anybody uses it
  std::uint32_t episode = 0;   ///< of that row, for which `test` holds
  SequentialTest test;         ///< of the host, or of the deployment's own users
  double virulence = -1;       ///< mean E over its users, for which `law` holds
  ReportLaw law;
  MeanCopies copies;
  std::uint64_t identity = 0;  ///< of (flaw, model)
  std::uint32_t instance = 0;  ///< row in FlawInstances
  std::uint8_t silent = 0;     ///< 1: its maker, as a host, would not disclose an alarm
};

/// What a month adds up over the models of a family.
struct FamilyMonth {
  double users = 0;            ///< of its models that have the flaw
  double virulence = 0;        ///< sum over them of users × mean E
  double musd_per_year = 0;    ///< harm
  double hosted_per_year = 0;  ///< of this, at the maker's own service [M$/yr]
  bool silent = false;         ///< a host has the flaw that would not disclose
  std::uint32_t least_layers = 0;
  double years = 0;         ///< of the month in which reports come in
  double alarm_year = 0;    ///< first alarm that was told, or infinity
  ModelId alarm_model = 0;  ///< whose
};

/// A diffuse flaw in a family (a root and its derivatives), from its first user to a fix or the
/// last user: an episode. A fix leaves a weaker flaw, which begins the next one in the same row.
struct DiffuseHarms {
  std::vector<std::uint32_t> flaw;
  std::vector<ModelId> root;
  std::vector<std::uint64_t> identity;  ///< of (flaw, root)
  std::vector<std::uint32_t> previous;  ///< row of the same root before it, or kNone
  std::vector<std::uint32_t> episode;   ///< how many there have been
  std::vector<std::uint8_t> open;
  std::vector<std::uint32_t> n_fixes;  ///< of the flaw when the episode began
  std::vector<double> began_year;
  std::vector<double> harm_musd;
  std::vector<double> hosted_musd;   ///< of this, at the maker's own service
  std::vector<SequentialTest> pool;  ///< common test of the family's reports
  std::vector<double> seen_year;     ///< infinity: not
  std::vector<Form> seen_form;       ///< of the model that was seen to have it
  std::vector<std::uint32_t> seen_layers;
  std::vector<std::uint32_t> attempts;  ///< to attribute it
  std::vector<double> attempt_hazard;   ///< integral, against attempt_threshold
  std::vector<double> attempt_threshold;
  std::vector<std::uint8_t> attempt_right;  ///< 1: the attempt under way finds the right layer
  std::vector<double> resume_year;          ///< when the next attempt can begin
  std::vector<double> attributed_year;      ///< infinity: not
  std::vector<FamilyMonth> month;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(flaw.size()); }
};

/// Episodes too small for an event of their own, summed by group of labs and by route.
struct SmallHarms {
  std::vector<double> musd;        ///< [group × kRouteNames]
  std::vector<double> began_year;  ///< of the first of them
};

struct Diffuse {
  std::vector<DiffuseInstance> instances;  ///< in order of birth, so those of a model together
  DiffuseHarms harms;
  SmallHarms small;
  CoverageTable coverage;
  std::vector<std::uint32_t> last_of_root;  ///< by model: last row of DiffuseHarms, or kNone
  double alarm = 0;                         ///< ln(ARL)
  std::uint32_t n_instances_read = 0;       ///< rows of FlawInstances looked at so far
};

/// M11: harm of the month, what is seen of it, what is attributed, what has ended.
void accrue_diffuse_harm(World& world);

}  // namespace fingers
