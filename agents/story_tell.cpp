// The sentences of one event, each from what the world's tables held in its month.
#include <algorithm>
#include <cmath>
#include <ranges>

#include "agents/community.hpp"
#include "agents/story_moment.hpp"
#include "agents/story_words.hpp"
#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

/// One event being told.
struct Telling {
  const RecordedEvent& event;
  const Moment& moment;
  std::vector<Sentence>& sentences;

  [[nodiscard]] const World& world() const { return moment.after; }
  void say(Sentence sentence) const { sentences.push_back(std::move(sentence)); }
};

std::string regime_name(const Telling& t, std::uint32_t group, double year) {
  const std::uint32_t regime = t.moment.regime_at(group, year);
  return regime == kNoRegime ? "" : t.world().scenario->regimes[regime].name;
}

void tell_base(const Telling& t, ModelId m) {
  const World& world = t.world();
  const Models& models = world.models;
  const std::uint32_t group = world.labs.group[models.maker[m]];
  const bool given = models.given[m] != 0;
  const std::string regime = given ? "" : regime_name(t, group, models.release_year[m]);
  const bool bound = world.society.groups.follows[group] != 0;
  const std::string rule = given   ? ", as the config gives it"
                           : bound ? ", under " + regime
                                   : ", which follows a regime of its own (" + regime + ")";
  const std::string terms = models.release_form[m] == Form::internal
                                ? ""
                                : ", now on " + licence_words(models.licence[m]);
  t.say({.kind = "released",
         .year = models.release_year[m],
         .facts = {number_fact("model", m), text_fact("name", model_name(world, m)),
                   text_fact("maker", lab_name(world, models.maker[m])),
                   text_fact("regime", regime), flag_fact("given", given),
                   text_fact("form", kFormNames[static_cast<std::size_t>(models.release_form[m])]),
                   number_fact("capability_oom", models.capability_oom[m]),
                   number_fact("alignment", models.alignment[m]),
                   flag_fact("revocable", models.licence[m].revocable),
                   number_fact("forbidden_share", models.licence[m].forbidden_share)},
         .text = "In " + month_words(models.release_year[m]) + " " +
                 lab_name(world, models.maker[m]) + rule + ", brought out " + model_name(world, m) +
                 " " + std::string(form_words(models.release_form[m])) + terms + ": capability " +
                 rounded_text(models.capability_oom[m], 2) + " OOM, alignment " +
                 rounded_text(models.alignment[m], 2) + "."});
}

void tell_ways_out(const Telling& t, ModelId m) {
  const World& world = t.world();
  for (const FormChange& change : world.models.form_changes) {
    if (change.model == m && change.year <= t.event.time) {
      t.say({.kind = "stepped_out",
             .year = change.year,
             .facts = {number_fact("model", m),
                       text_fact("form", kFormNames[static_cast<std::size_t>(change.form)])},
             .text = "From " + month_words(change.year) + " on it was there " +
                     std::string(form_words(change.form)) + "."});
    }
  }
  if (world.models.leaked_year[m] <= t.event.time) {
    t.say({.kind = "leaked",
           .year = world.models.leaked_year[m],
           .facts = {number_fact("model", m)},
           .text = "In " + month_words(world.models.leaked_year[m]) + " its weights leaked."});
  }
  for (const Theft& theft : world.states.thefts) {
    if (theft.model == m && theft.year <= t.event.time) {
      const std::string who = agent_name(world, AgentKind::state, theft.state);
      t.say({.kind = "stolen",
             .year = theft.year,
             .facts = {number_fact("model", m), number_fact("state", theft.state)},
             .text = "In " + month_words(theft.year) + " " + who + " stole its weights."});
    }
  }
}

void tell_derivatives(const Telling& t, ModelId m) {
  const Models& models = t.world().models;
  std::vector<ModelId> line;
  for (; models.layers[m] > 0; m = models.parent[m]) {
    line.push_back(m);
  }
  for (const ModelId child : std::views::reverse(line)) {
    const std::string who = agent_name(t.world(), AgentKind::developer, models.developer[child]);
    t.say({.kind = "derived",
           .year = models.release_year[child],
           .facts = {number_fact("model", child), number_fact("parent", models.parent[child]),
                     number_fact("developer", models.developer[child]),
                     number_fact("capability_oom", models.capability_oom[child]),
                     number_fact("alignment", models.alignment[child])},
           .text = "In " + month_words(models.release_year[child]) + " " + who +
                   " published model " + std::to_string(child) + ", made from " +
                   model_name(t.world(), models.parent[child]) + ": capability " +
                   rounded_text(models.capability_oom[child], 2) + " OOM, alignment " +
                   rounded_text(models.alignment[child], 2) + "."});
  }
}

/// The model in which a flaw was first born.
ModelId birthplace(const World& world, std::uint32_t flaw) {
  const FlawInstances& instances = world.flaw_tables.instances;
  const auto first = std::ranges::find(instances.flaw, flaw);
  return instances.model[static_cast<std::size_t>(first - instances.flaw.begin())];
}

void tell_birth(const Telling& t) {
  const World& world = t.world();
  const Flaws& flaws = world.flaw_tables.flaws;
  const std::uint32_t flaw = t.event.flaw;
  const ModelId born = birthplace(world, flaw);
  const bool inherited = t.event.model != kNone && born != t.event.model;
  const std::string depth = flaws.deep[flaw] != 0 ? "deep" : "shallow";
  const std::string kind(kFlawKindNames[static_cast<std::size_t>(flaws.kind[flaw])]);
  const std::string handed =
      inherited ? "; " + model_name(world, t.event.model) + " has it from there" : "";
  const std::string warning =
      flaws.unwarned[flaw] != 0 ? " It gives no warning: nobody can find it by looking." : "";
  t.say({.kind = inherited ? "flaw_inherited" : "flaw_born",
         .year = world.models.release_year[born],
         .facts = {number_fact("flaw", flaw), text_fact("flaw_kind", kind),
                   flag_fact("deep", flaws.deep[flaw] != 0),
                   flag_fact("unwarned", flaws.unwarned[flaw] != 0),
                   number_fact("born_in_model", born), flag_fact("inherited", inherited)},
         .text = "Flaw " + std::to_string(flaw) + ", a " + depth + " " + kind +
                 " flaw, was born in " + month_words(world.models.release_year[born]) + " with " +
                 model_name(world, born) + handed + "." + warning});
}

void tell_eyes(const Telling& t, bool found) {
  const World& world = t.world();
  if (t.event.model == kNone) {
    return;
  }
  const Eyes eyes = eyes_on(world, t.event.root);
  const Flaws& flaws = world.flaw_tables.flaws;
  const double chance = chance_of_hazard(flaws.eyes_hazard[t.event.flaw]);
  const std::string reviewers = eyes.internal > 0
                                    ? "its maker's " + rounded_text(eyes.internal, 0) + " reviewers"
                                    : "none of its maker's reviewers (they work on a newer model)";
  t.say({.kind = found ? "looked" : "not_found",
         .year = t.event.time,
         .facts = {number_fact("eyes_internal", eyes.internal),
                   number_fact("eyes_auditors", eyes.auditors),
                   number_fact("eyes_developers", eyes.developers),
                   number_fact("eyes_users", eyes.users), number_fact("chance_so_far", chance)},
         .text = std::string(found ? "" : "By then nobody had found it. ") +
                 "That month there looked at its family " + reviewers + ", auditors worth " +
                 rounded_text(eyes.auditors, 1) + ", developers worth " +
                 rounded_text(eyes.developers, 1) + " and users worth " +
                 rounded_text(eyes.users, 1) + " full-time reviewers" +
                 (found ? "; who of them finds is not drawn."
                        : "; all eyes so far had a chance of " +
                              (chance < 0.0005 ? "less than 0.1" : rounded_text(100 * chance, 1)) +
                              " % to find it.")});
}

/// What was found, fixed and learnt before the event.
void tell_notes(const Telling& t) {
  bool found = false;
  for (const FlawNote& note : t.moment.flaw_notes) {
    if (note.year >= t.event.time - kDueSlackYears) {
      continue;
    }
    const std::string in = "In " + month_words(note.year) + " ";
    const std::vector<Fact> facts = {number_fact("flaw", t.event.flaw)};
    if (note.kind == NoteKind::found) {
      found = true;
      t.say({.kind = "found",
             .year = note.year,
             .facts = facts,
             .text = in + "friendly eyes found it."});
    } else if (note.kind == NoteKind::fixed) {
      t.say({.kind = "fixed",
             .year = note.year,
             .facts = facts,
             .text = in + "a fix was published, which leaves a weaker flaw."});
    } else {
      const bool one = note.kind == NoteKind::known_to_one;
      const std::string who = one ? "bad actor " + std::to_string(note.agent) : "all bad actors";
      t.say({.kind = "learnt",
             .year = note.year,
             .facts = {number_fact("flaw", t.event.flaw), text_fact("by", who)},
             .text = in + who + " knew it."});
    }
  }
  const bool looked_for = t.world().flaw_tables.flaws.unwarned[t.event.flaw] == 0;
  if (looked_for) {
    tell_eyes(t, found);
  }
}

/// Whether the copy in hand had taken the fixes that were published.
void tell_updates(const Telling& t) {
  const World& world = t.world();
  const FlawTables& tables = world.flaw_tables;
  const std::uint32_t fix = tables.flaws.last_fix[t.event.flaw];
  if (fix == kNone || t.event.model == kNone || tables.fixes.year[fix] > world.year()) {
    return;
  }
  const double years = t.event.time - tables.fixes.year[fix];
  const double share = private_coverage(world.scenario->mechanisms.patches, years);
  const bool own_copy = t.event.agent_kind == AgentKind::developer &&
                        weights_are_out(form_at(world, t.event.model, world.year())) &&
                        world.developers->third_party[t.event.agent] == 0;
  std::vector<Fact> facts = {date_fact("fixed_at", tables.fixes.year[fix]),
                             number_fact("private_deployments_updated_share", share)};
  std::string own;
  if (own_copy) {
    const double delay =
        fix_delay_years(world, t.event.flaw, tables.flaws.n_fixes[t.event.flaw] - 1, t.event.agent);
    facts.push_back(number_fact("own_delay_days", kDaysPerYear * delay));
    own = delay == kNever ? " The copy in hand is one that never updates."
                          : " The copy in hand takes fixes " +
                                rounded_text(kDaysPerYear * delay, 0) + " days late.";
  }
  t.say({.kind = "not_updated",
         .year = t.event.time,
         .facts = std::move(facts),
         .text = "Of private copies that can have the last fix, " + rounded_text(100 * share, 0) +
                 " % had taken it." + own});
}

void tell_model(const Telling& t) {
  if (t.event.model == kNone) {
    return;
  }
  tell_base(t, t.event.root);
  tell_ways_out(t, t.event.root);
  tell_derivatives(t, t.event.model);
}

void tell_flaw(const Telling& t) {
  if (t.event.flaw != kNone) {
    tell_birth(t);
    tell_notes(t);
    tell_updates(t);
  }
}

std::string domain_name(const Telling& t) {
  return t.event.domain == 0 ? "" : t.world().scenario->domains[t.event.domain - 1U].name;
}

std::vector<Fact> facts_of_act(const Telling& t) {
  return {text_fact("agent_kind", kAgentKindNames[static_cast<std::size_t>(t.event.agent_kind)]),
          number_fact("agent", t.event.agent == kNone ? std::nan("") : t.event.agent),
          text_fact("route", kRouteNames[static_cast<std::size_t>(t.event.route)]),
          number_fact("capability_oom", t.event.capability_oom),
          number_fact("defence_oom", t.event.defence_oom)};
}

void tell_press(const Telling& t, const std::string& who, const std::string& with) {
  std::vector<Fact> facts = facts_of_act(t);
  std::string traits;
  if (t.event.agent_kind == AgentKind::developer) {
    const World& world = t.world();
    const Developers& d = *world.developers;
    const std::uint64_t acts = acts_in_month(d, world.keys.dynamics, world.step, t.event.agent);
    facts.push_back(number_fact("acts_in_month", static_cast<double>(acts)));
    facts.push_back(number_fact("recklessness", d.recklessness[t.event.agent]));
    facts.push_back(number_fact("diligence", d.diligence[t.event.agent]));
    facts.push_back(number_fact("budget_usd", d.budget_usd[t.event.agent]));
    traits = " (" + rounded_text(d.recklessness[t.event.agent], 1) +
             " times as reckless as the mean; this month's acts: " + std::to_string(acts) + ")";
  }
  t.say({.kind = "pressed",
         .year = t.event.time,
         .facts = std::move(facts),
         .text = "In " + month_words(t.event.time) + " " + who + traits + " pressed the button " +
                 std::string(route_words(t.event.route)) + with +
                 "; the flaw fired, and control was lost."});
}

void tell_attempt(const Telling& t, const std::string& who, const std::string& with) {
  std::vector<Fact> facts = facts_of_act(t);
  facts.push_back(text_fact("domain", domain_name(t)));
  const std::string deed = t.event.kind == EventKind::exploit
                               ? " attacked deployments through the hole, "
                               : " made an attempt at harm, ";
  const double lead = t.event.capability_oom - t.event.defence_oom;
  t.say({.kind = t.event.kind == EventKind::exploit ? "attacked" : "attempted",
         .year = t.event.time,
         .facts = std::move(facts),
         .text = "In " + month_words(t.event.time) + " " + who + deed + "in the domain " +
                 domain_name(t) + ", " + std::string(route_words(t.event.route)) + with +
                 ". Capability in use " + rounded_text(t.event.capability_oom, 2) +
                 " OOM against a defence of " + rounded_text(t.event.defence_oom, 2) +
                 " OOM: " + rounded_text(std::fabs(lead), 2) +
                 (lead >= 0 ? " OOM ahead of it." : " OOM behind it.")});
}

void tell_state_attack(const Telling& t, const std::string& who, const std::string& with) {
  const std::string means = t.event.model == kNone ? std::string("with its own programme")
                                                   : std::string(route_words(t.event.route));
  t.say({.kind = "attacked",
         .year = t.event.time,
         .facts = facts_of_act(t),
         .text = "In " + month_words(t.event.time) + " " + who + " attacked, " + means + with +
                 " (" + rounded_text(t.event.capability_oom, 2) + " OOM against a defence of " +
                 rounded_text(t.event.defence_oom, 2) + " OOM)."});
}

void tell_accrual(const Telling& t) {
  std::vector<Fact> facts = facts_of_act(t);
  facts.push_back(date_fact("began_at", t.event.began_at));
  const std::string harm = t.event.model == kNone
                               ? " harm of many small flaws added up, none large enough to tell"
                               : " it did harm little by little to those who used its family";
  t.say({.kind = "accrued",
         .year = t.event.began_at,
         .facts = std::move(facts),
         .text = "From " + month_words(t.event.began_at) + " to " + month_words(t.event.time) +
                 harm + ", most of it " + std::string(route_words(t.event.route)) + "."});
}

void tell_capture(const Telling& t, const std::string& who) {
  const double index = t.world().concentration.index;
  std::vector<Fact> facts = facts_of_act(t);
  facts.push_back(number_fact("concentration_index", index));
  t.say({.kind = "captured",
         .year = t.event.time,
         .facts = std::move(facts),
         .text = "In " + month_words(t.event.time) + " " + who +
                 ", which controlled more of all use than any other lab, abused its power; the "
                 "concentration of control stood at " +
                 rounded_text(index, 2) + " (1: all with one), the frontier at " +
                 rounded_text(t.event.capability_oom, 2) + " OOM."});
}

void tell_act(const Telling& t) {
  const std::string who = agent_name(t.world(), t.event.agent_kind, t.event.agent);
  const std::string with =
      t.event.model == kNone ? "" : ", with " + model_name(t.world(), t.event.model);
  switch (t.event.kind) {
    case EventKind::loss_of_control:
      tell_press(t, who, with);
      break;
    case EventKind::misuse:
    case EventKind::exploit:
      tell_attempt(t, who, with);
      break;
    case EventKind::state_attack:
      tell_state_attack(t, who, with);
      break;
    case EventKind::diffuse:
      tell_accrual(t);
      break;
    case EventKind::capture:
      tell_capture(t, who);
      break;
  }
}

void tell_watch(const Telling& t) {
  const World& world = t.world();
  const bool service =
      t.event.route == Route::hosted || t.event.route == Route::fine_tuning_service;
  if (t.event.kind != EventKind::misuse || t.event.model == kNone || !service) {
    const bool beyond = t.event.kind == EventKind::misuse && t.event.model != kNone;
    if (beyond) {
      t.say({.kind = "watched",
             .year = t.event.time,
             .facts = {flag_fact("watched", false)},
             .text = "No host's monitor could see it: weights in hand are nobody's to watch."});
    }
    return;
  }
  const LabId lab = world.models.maker[t.event.model];
  const Hosts& hosts = world.hosts;
  const bool guarded = hosts.guarded[lab] != 0;
  const std::string seen = t.event.averted() ? "The monitor saw the attempt, banned the account, "
                                               "and so averted it"
                                             : "The attempt passed unseen";
  const std::string load = guarded ? ": the host raised " + rounded_text(hosts.flags[lab], 0) +
                                         " flags that month, and a try was seen with a chance of " +
                                         rounded_text(100 * hosts.seen_per_try[lab], 1) + " %."
                                   : ": the host did not watch.";
  t.say({.kind = "watched",
         .year = t.event.time,
         .facts = {flag_fact("watched", guarded), flag_fact("averted", t.event.averted()),
                   number_fact("flags", hosts.flags[lab]),
                   number_fact("seen_per_try", hosts.seen_per_try[lab]),
                   number_fact("pass_per_try", hosts.pass[lab])},
         .text = seen + load});
}

void tell_harm(const Telling& t) {
  const double limit = t.world().scenario->mechanisms.catastrophe.musd;
  const std::string rank =
      t.event.catastrophic() ? ", a catastrophe (" + money_words(limit) + " or more)" : "";
  t.say({.kind = "harmed",
         .year = t.event.time,
         .facts = {number_fact("severity_musd", t.event.severity_musd),
                   flag_fact("averted", t.event.averted()),
                   flag_fact("catastrophic", t.event.catastrophic()),
                   flag_fact("ended_the_run", t.event.ended_the_run())},
         .text = (t.event.averted() ? "It would have done harm of " : "It did harm of ") +
                 money_words(t.event.severity_musd) + rank + "." +
                 (t.event.ended_the_run() ? " It ended this world." : "")});
}

void tell_after(const Telling& t) {
  const bool seen = std::isfinite(t.event.seen_at);
  std::string text =
      seen ? "It became known in " + month_words(t.event.seen_at) : "It never became known";
  text += t.event.attributed ? ", and to whom or what it was due." : ".";
  if (std::isfinite(t.event.fixed_at)) {
    text += " Its cause was fixed in " + month_words(t.event.fixed_at) + ".";
  } else if (t.event.kind == EventKind::diffuse) {
    text += " Its cause was not fixed.";
  }
  t.say(
      {.kind = "known",
       .year = seen ? t.event.seen_at : t.event.time,
       .facts = {date_fact("seen_at", t.event.seen_at), flag_fact("attributed", t.event.attributed),
                 date_fact("fixed_at", t.event.fixed_at)},
       .text = std::move(text)});
}

std::string title_of(const Telling& t) {
  constexpr std::array<std::string_view, 6> kNames = {"Misuse",       "Loss of control",
                                                      "An exploit",   "An attack by a state",
                                                      "Diffuse harm", "Capture of power"};
  return std::string(kNames[static_cast<std::size_t>(t.event.kind)]) +
         (t.event.averted() ? ", averted, " : ", ") + month_words(t.event.time);
}

}  // namespace

Story tell(const Simulation& simulation, const Batch& batch, const LivedRun& run,
           std::uint32_t number) {
  const RecordedEvent event = event_at(run.record, number);
  const auto step = std::ranges::upper_bound(run.events_after_step, number);
  EXPECT_CONTRACT(step != run.events_after_step.end());
  Watched look{.step = static_cast<std::uint32_t>(step - run.events_after_step.begin()),
               .flaw_identity = {}};
  if (event.flaw != kNone) {
    look.flaw_identity = run.end.flaw_tables.flaws.identity[event.flaw];
  }
  const Moment moment = moment_of(simulation, batch, run, look);
  const DesignPoint& point = batch.design.points[run.point];
  Story story{.title = {},
              .point = point.name,
              .regime = point.setting,
              .replicate = run.replicate,
              .event = event,
              .sentences = {}};
  const Telling t{.event = story.event, .moment = moment, .sentences = story.sentences};
  story.title = title_of(t);
  tell_model(t);
  tell_flaw(t);
  tell_act(t);
  tell_watch(t);
  tell_harm(t);
  tell_after(t);
  return story;
}

}  // namespace fingers
