// The table of models (M2): what exists, how far out it is, how much it is used. Rows are appended
// in order of birth and never removed; weights that are out stay out (M2.4).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/records.hpp"
#include "policies/rules.hpp"

namespace fingers {

struct World;

using ModelId = std::uint32_t;
using LabId = std::uint32_t;

/// A base takes another form than that of its release.
struct FormChange {
  double year = 0;  ///< calendar year
  ModelId model = 0;
  Form form = Form::internal;
};

struct Models {
  std::vector<std::uint64_t> identity;   ///< of birth: (lab, training slot)
  std::vector<LabId> maker;              ///< of a derivative: the maker of its base
  std::vector<std::uint32_t> developer;  ///< who published a derivative; kNone: a lab's own
  std::vector<ModelId> parent;           ///< what it was made from; itself, for a base model
  std::vector<std::uint32_t> root;       ///< itself, for a base model
  std::vector<std::uint32_t> layers;     ///< of derivation over its root; 0 for a base model
  std::vector<std::uint32_t> children;   ///< published derivatives made from it
  std::vector<std::uint32_t> family_attachment;  ///< of a base: sum of 1 + children over its family
  std::vector<double> capability_oom;
  std::vector<double> visible_oom;   ///< capability that evaluations see
  std::vector<double> alignment;     ///< A of M1.5, 0 to 1
  std::vector<double> release_year;  ///< calendar year of its first day
  std::vector<Form> release_form;    ///< on that day
  std::vector<Form> form;            ///< at present
  std::vector<Licence> licence;
  std::vector<std::uint8_t> given;      ///< 1: an initial model, whose form no regime moves (M1.7)
  std::vector<double> withdrawn_year;   ///< when its maker ended the service or the licence (M13);
                                        ///< infinity: not
  std::vector<std::uint8_t> monitored;  ///< 1: its host filters and watches
  std::vector<std::uint8_t>
      strippable;  ///< 1: its safeguards can be stripped once weights are out (M7.1)
  std::vector<double> control_virulence;  ///< V on its first day: sum of E over its control flaws
  std::vector<double> press_danger;       ///< of a base: largest V·(1−A) in its family
  std::vector<double> leaked_year;        ///< when its weights leaked; infinity: not (M3.2)
  std::vector<double> leak_hazard;        ///< integral, against leak_threshold
  std::vector<double> leak_threshold;     ///< Exp(1)
  std::vector<double> use_users;          ///< share of honest users, 0 to 1, this month
  std::vector<double> use_developers;     ///< share of community developers' use
  std::vector<double> use_auditors;       ///< share of auditors' attention
  std::vector<ModelId> bases;             ///< the models that are nobody's derivative
  std::vector<FormChange> form_changes;   ///< of bases; a derivative is as far out as its root

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(identity.size()); }
};

/// A model at its birth.
struct NewModel {
  std::uint64_t identity = 0;
  LabId maker = 0;
  double capability_oom = 0;
  double visible_oom = 0;
  double alignment = 0;
  double release_year = 0;
  Form form = Form::internal;
  Licence licence;
  bool given = false;
  bool monitored = false;
  ModelId parent = kNone;           ///< of a derivative (M5.5); kNone: a base model
  std::uint32_t developer = kNone;  ///< who publishes a derivative
};

/// Appends a model with its flaws (M6.1); `previous` is its maker's model before it, or kNone.
ModelId add_model(World& world, const NewModel& model, ModelId previous);

/// Gives a model its form from `year` on.
void change_form(Models& models, ModelId model, Form form, double year);

/// Forms of the month: later steps and switches of regime (M2.2, M12.2).
void step_releases(World& world);

/// M3.2: gated weights, and weights that are not out at all, leak to the public.
void leak(World& world);

/// A form that a regime gives, or the lesser one that capture (M12.1) or a maker that has stopped
/// releasing (M13) leaves a model whose weights are not out.
Form permitted_form(const World& world, LabId maker, Form form);

/// Yearly cost of running a model, in dollars (M14): inference_usd_per_year at 25.58 OOM at the
/// start, growing with training compute and falling with hardware and algorithms.
double run_cost_usd(const World& world, ModelId model);

/// Highest capability of all base models, or -infinity when there is none.
double frontier_oom(const World& world);

}  // namespace fingers
