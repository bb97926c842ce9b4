#include "agents/given_models.hpp"

#include <algorithm>
#include <numeric>

#include "agents/addresses.hpp"
#include "agents/labs.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Slots of training runs never reach this number.
constexpr std::uint64_t kGivenSlot = 0xFFFFFFFFU;

const InitialModel& given_of(const World& world, std::uint32_t row) {
  const GivenModels& given = world.given_models;
  return world.scenario->labs[given.group[row]].initial_models[given.number[row]];
}

bool has_come(const World& world, double year) {
  return year < world.end_of_step() - kDueSlackYears;
}

void release(World& world, std::uint32_t row) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const InitialModel& given = given_of(world, row);
  const LabId lab = world.given_models.lab[row];
  const double safety = world.scenario->labs[world.given_models.group[row]].safety_share;
  Labs& labs = world.labs;
  const ModelId model = add_model(
      world,
      {.identity = world.given_models.identity[row],
       .maker = lab,
       .capability_oom = given.capability_oom,
       .visible_oom = given.capability_oom,
       .alignment = training.alignment_max * chance_of_hazard(safety / training.safety_reference),
       .release_year = given.year,
       .form = given.form,
       .licence = given.licence,
       .given = true,
       .monitored = given.monitored},
      labs.newest[lab]);
  labs.best_oom[lab] = std::max(labs.best_oom[lab], given.capability_oom);
  labs.newest[lab] = model;
  world.given_models.model[row] = model;
  if (world.step > 0) {
    test_model(world, lab, model);  // its run lies within the time of this world (M1.6)
  }
}

/// Weights that are out stay out (M2.4); any other form can change either way.
void take_later_forms(World& world, std::uint32_t row) {
  const ModelId model = world.given_models.model[row];
  if (world.models.withdrawn_year[model] != kNever) {
    return;  // for good (M13)
  }
  const std::vector<LaterForm>& all = given_of(world, row).later;
  for (std::uint32_t& next = world.given_models.n_later[row];
       next < all.size() && has_come(world, all[next].year); ++next) {
    const LaterForm& later = all[next];
    const Form form = world.models.form[model];
    change_form(world.models, model,
                weights_are_out(form) ? std::max(form, later.form) : later.form, later.year);
  }
}

}  // namespace

void schedule_given_models(World& world, std::uint32_t group, LabId first) {
  const std::vector<InitialModel>& models = world.scenario->labs[group].initial_models;
  std::vector<std::uint32_t> by_age(models.size());
  std::iota(by_age.begin(), by_age.end(), 0U);
  std::ranges::stable_sort(by_age, {}, [&](std::uint32_t i) { return models[i].year; });
  GivenModels& given = world.given_models;
  std::uint64_t ordinal = 0;
  for (const std::uint32_t number : by_age) {
    const LabId lab = first + static_cast<LabId>(models[number].rank - 1);
    given.group.push_back(group);
    given.number.push_back(number);
    given.lab.push_back(lab);
    given.identity.push_back(birth_identity(static_cast<std::uint64_t>(Birth::model),
                                            world.labs.identity[lab], kGivenSlot, ordinal++));
    given.model.push_back(kNone);
    given.n_later.push_back(0);
  }
}

void release_given_models(World& world) {
  const GivenModels& given = world.given_models;
  for (std::uint32_t row = 0; row < given.count(); ++row) {
    if (given.model[row] == kNone && has_come(world, given_of(world, row).year)) {
      release(world, row);
    }
    if (given.model[row] != kNone) {
      take_later_forms(world, row);
    }
  }
}

}  // namespace fingers
