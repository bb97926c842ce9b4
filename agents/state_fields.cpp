// The list of columns, part by part. A new column of the world belongs here unless it follows from
// others. Tested by tests/agents/state_fields_test.cpp.
#include "agents/state_fields.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

#include "agents/world.hpp"
#include "engine/config_reader.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (std::floating_point<T>) {
    const double x = static_cast<double>(value);
    return std::bit_cast<std::uint64_t>(std::isnan(x) ? std::numeric_limits<double>::quiet_NaN()
                                                      : x);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

class Fields {
 public:
  void part(std::string_view name) {
    part_ = 0;
    while (part_ < kStateParts.size() && kStateParts[part_] != name) {
      ++part_;
    }
    EXPECT_CONTRACT(part_ < kStateParts.size());
  }

  template <class T>
  void column(std::string name, const std::vector<T>& values) {
    column(std::move(name), values, [](const T& value) { return value; });
  }

  /// What `member` makes of each row.
  template <class Row, class Member>
  void column(std::string name, const std::vector<Row>& rows, Member member) {
    using Value = std::remove_cvref_t<std::invoke_result_t<Member, const Row&>>;
    StateField field{
        .part = part_, .name = std::move(name), .is_real = std::floating_point<Value>, .bits = {}};
    field.bits.reserve(rows.size());
    for (const Row& row : rows) {
      field.bits.push_back(bits_of(std::invoke(member, row)));
    }
    fields.push_back(std::move(field));
  }

  template <class T>
  void value(std::string name, T x) {
    column(std::move(name), std::vector<T>{x});
  }

  std::vector<StateField> fields;

 private:
  std::size_t part_ = 0;
};

void add_labs(Fields& f, const World& w) {
  f.part("trends");
  f.column("algorithms_oom", w.trends.algorithms_oom);
  f.value("openness", w.trends.openness);
  f.column("frontier_oom", w.trends.frontier_oom);
  f.column("home_oom", w.trends.home_oom);
  f.part("labs");
  f.column("identity", w.labs.identity);
  f.column("phase_months", w.labs.phase_months);
  f.column("best_oom", w.labs.best_oom);
  f.column("learnt_oom", w.labs.learnt_oom);
  f.column("newest_model", w.labs.newest);
  f.column("given_model", w.given_models.model);
}

void add_models(Fields& f, const World& w) {
  const Models& m = w.models;
  f.part("models");
  f.column("identity", m.identity);
  f.column("maker", m.maker);
  f.column("developer", m.developer);
  f.column("parent", m.parent);
  f.column("children", m.children);
  f.column("capability_oom", m.capability_oom);
  f.column("visible_oom", m.visible_oom);
  f.column("alignment", m.alignment);
  f.column("release_year", m.release_year);
  f.column("form", m.form);
  f.column("licence_forbidden_share", m.licence, &Licence::forbidden_share);
  f.column("licence_revocable", m.licence, &Licence::revocable);
  f.column("withdrawn_year", m.withdrawn_year);
  f.column("monitored", m.monitored);
  f.column("strippable", m.strippable);
  f.column("control_virulence", m.control_virulence);
  f.column("press_danger", m.press_danger);
  f.column("leaked_year", m.leaked_year);
  f.column("leak_hazard", m.leak_hazard);
  f.column("leak_threshold", m.leak_threshold);
  f.column("use_users", m.use_users);
  f.column("use_developers", m.use_developers);
  f.column("use_auditors", m.use_auditors);
}

void add_flaws(Fields& f, const World& w) {
  const Flaws& x = w.flaw_tables.flaws;
  f.part("flaws");
  f.column("identity", x.identity);
  f.column("kind", x.kind);
  f.column("deep", x.deep);
  f.column("unwarned", x.unwarned);
  f.column("virulence", x.virulence);
  f.column("n_fixes", x.n_fixes);
  f.column("eyes_hazard", x.eyes_hazard);
  f.column("eyes_threshold", x.eyes_threshold);
  f.column("found_year", x.found_year);
  f.column("bad_hazard", x.bad_hazard);
  f.column("bad_threshold", x.bad_threshold);
  f.column("known_year", x.known_year);
  f.column("bad_finder", x.bad_finder);
  const FlawInstances& i = w.flaw_tables.instances;
  f.column("instance_model", i.model);
  f.column("instance_flaw", i.flaw);
  f.column("instance_origin", i.origin);
  f.column("instance_birth_virulence", i.birth_virulence);
  const Fixes& fixes = w.flaw_tables.fixes;
  f.column("fix_year", fixes.year);
  f.column("fix_known_year", fixes.known_year);
  f.column("fix_bad_finder", fixes.bad_finder);
}

void add_people(Fields& f, const World& w) {
  f.part("developers");
  f.column("mean_acts", w.developers->mean_acts);
  f.column("recklessness", w.developers->recklessness);
  f.column("diligence", w.developers->diligence);
  f.column("budget_usd", w.developers->budget_usd);
  f.column("granted", w.developers->granted);
  f.column("third_party", w.developers->third_party);
  f.column("auditor_skill", w.auditors.skill);
  f.value("users", w.access.users);
  f.value("paused_until_year", w.paused_until);
  f.part("bad_actors");
  f.column("mean_attempts", w.bad_actors.mean_attempts);
  f.column("skill", w.bad_actors.skill);
  f.column("domain", w.bad_actors.domain);
  f.column("arrested", w.bad_actors.arrested);
  f.column("banned_until_year", w.bad_actors.banned_until);
  f.column("perceived", w.misuse.perceived);
  f.column("host_model", w.hosts.model);
  f.column("host_planned_tries", w.hosts.planned_tries);
  f.column("host_flags", w.hosts.flags);
  f.column("host_seen_per_try", w.hosts.seen_per_try);
  f.column("planned_by", w.misuse.plans, &Plan::actor);
  f.column("planned_at_lab", w.misuse.plans, &Plan::lab);
  f.column("planned_through_hole", w.misuse.plans, &Plan::through_hole);
}

void add_defence(Fields& f, const World& w) {
  f.part("defenders");
  f.column("adopted_oom", w.defenders.adopted_oom);
  f.column("pending_year", w.defenders.pending_year);
  f.column("pending_defender", w.defenders.pending_defender);
  f.column("pending_oom", w.defenders.pending_oom);
  f.column("offered", w.defenders.offered);
  f.column("base_oom", w.defences.base_oom);
  f.column("level_oom", w.defences.level_oom);
  f.part("states");
  f.column("target_model", w.states.target);
  f.column("theft_hazard", w.states.theft_hazard);
  f.column("theft_threshold", w.states.theft_threshold);
  f.column("capability_oom", w.states.means, &StateMeans::capability_oom);
  f.column("means_model", w.states.means, &StateMeans::model);
  f.column("theft_state", w.states.thefts, &Theft::state);
  f.column("theft_model", w.states.thefts, &Theft::model);
  f.column("theft_year", w.states.thefts, &Theft::year);
}

void add_diffuse(Fields& f, const World& w) {
  const std::vector<DiffuseInstance>& i = w.diffuse.instances;
  using Instance = DiffuseInstance;
  f.part("diffuse");
  f.column("instance_identity", i, &Instance::identity);
  f.column("instance_silent", i, &Instance::silent);
  f.column("instance_statistic", i, [](const Instance& x) { return x.test.statistic; });
  f.column("instance_test_mean", i, [](const Instance& x) { return x.test.mean; });
  f.column("instance_test_variance", i, [](const Instance& x) { return x.test.variance; });
  f.column("instance_virulence_newest", i, [](const Instance& x) { return x.copies.newest; });
  f.column("instance_virulence_copies", i, [](const Instance& x) { return x.copies.copies; });
  const DiffuseHarms& h = w.diffuse.harms;
  f.column("identity", h.identity);
  f.column("episode", h.episode);
  f.column("open", h.open);
  f.column("began_year", h.began_year);
  f.column("harm_musd", h.harm_musd);
  f.column("hosted_musd", h.hosted_musd);
  f.column("pool_statistic", h.pool, &SequentialTest::statistic);
  f.column("pool_test_mean", h.pool, &SequentialTest::mean);
  f.column("pool_test_variance", h.pool, &SequentialTest::variance);
  f.column("seen_year", h.seen_year);
  f.column("seen_form", h.seen_form);
  f.column("seen_layers", h.seen_layers);
  f.column("attempts", h.attempts);
  f.column("attempt_hazard", h.attempt_hazard);
  f.column("attempt_threshold", h.attempt_threshold);
  f.column("attempt_right", h.attempt_right);
  f.column("resume_year", h.resume_year);
  f.column("attributed_year", h.attributed_year);
  f.column("small_musd", w.diffuse.small.musd);
  f.column("small_began_year", w.diffuse.small.began_year);
}

void add_society(Fields& f, const World& w) {
  f.part("society");
  f.column("pace_years", w.society.groups.pace_years);
  f.column("frozen_year", w.society.groups.frozen_year);
  f.column("pending_switch_year", w.society.pending, &PendingSwitch::year);
  f.value("counted_from_year", w.society.counted_from);
}

void add_power(Fields& f, const World& w) {
  f.part("concentration");
  f.value("index", w.concentration.index);
  f.value("hazard", w.concentration.hazard);
  f.value("captured_year", w.concentration.captured_year);
  f.value("captor_follows", w.concentration.captor_follows);
  f.part("shocks");
  for (std::size_t kind = 0; kind < kShockKinds; ++kind) {
    const std::string suffix = "_" + std::to_string(kind);
    f.column("due_year" + suffix, w.shocks.due_year, [kind](const auto& x) { return x[kind]; });
    f.column("n_done" + suffix, w.shocks.n_done, [kind](const auto& x) { return x[kind]; });
  }
  f.column("terms_year", w.shocks.terms_year);
  f.column("stopped_year", w.shocks.stopped_year);
  f.column("displaced_year", w.shocks.displaced, &Displaced::year);
  f.column("displaced_users", w.shocks.displaced, &Displaced::users);
  f.column("displaced_developers", w.shocks.displaced, &Displaced::developers);
}

/// The month's series and events.
void add_record(Fields& f, const World& w) {
  f.part("record");
  for (std::size_t q = 0; q < w.quantities.size(); ++q) {
    const std::vector<float>& series = w.series.quantity[q];
    f.column(w.quantities[q].column.name,
             series.empty() ? std::vector<float>{} : std::vector<float>{series.back()});
  }
  f.column("event_time", w.events.time);
  f.column("event_kind", w.events.kind);
  f.column("event_agent", w.events.agent);
  f.column("event_model", w.events.model);
  f.column("event_flaw", w.events.flaw);
  f.column("event_severity_musd", w.events.severity_musd);
  f.column("event_seen_at_year", w.events.seen_at);
  f.column("event_fixed_at_year", w.events.fixed_at);
  f.column("event_flags", w.events.flags);
}

}  // namespace

std::vector<StateField> state_fields(const World& world) {
  Fields f;
  for (const auto& add : {add_society, add_labs, add_models, add_flaws, add_people, add_defence,
                          add_diffuse, add_power, add_record}) {
    add(f, world);
  }
  return std::move(f.fields);
}

std::string value_text(const StateField& field, std::size_t row) {
  const std::uint64_t bits = field.bits.at(row);
  if (!field.is_real) {
    return bits == kNone ? "none" : std::to_string(bits);
  }
  const double x = std::bit_cast<double>(bits);
  if (std::isnan(x)) {
    return "nan";
  }
  return std::isinf(x) ? (x > 0 ? "infinite" : "-infinite") : number_text(x);
}

}  // namespace fingers
