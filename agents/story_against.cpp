// An event held against the same replicate under another regime, at the same moment.
#include <algorithm>
#include <cmath>

#include "agents/acts.hpp"
#include "agents/community.hpp"
#include "agents/story_moment.hpp"
#include "agents/story_words.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

/// Two runs of one replicate, and where both stand at the event.
struct Comparing {
  const RecordedEvent& event;
  const LivedRun& run;
  const LivedRun& other;
  std::string regime;  ///< of the other
  std::vector<Sentence>& sentences;

  void say(std::string kind, double year, std::vector<Fact> facts, std::string text) const {
    sentences.push_back({.kind = std::move(kind),
                         .year = year,
                         .facts = std::move(facts),
                         .text = std::move(text)});
  }
};

/// The row with the same identity of birth, or kNone.
std::uint32_t same_row(const std::vector<std::uint64_t>& identities, std::uint64_t identity) {
  const auto found = std::ranges::find(identities, identity);
  return found == identities.end() ? kNone : static_cast<std::uint32_t>(found - identities.begin());
}

/// Harm recorded up to a time, averted events left out [M$].
double harm_until(const RunRecord& record, double time) {
  double sum = 0;
  for (std::uint32_t i = 0; i < event_count(record); ++i) {
    const RecordedEvent event = event_at(record, i);
    sum += event.averted() || event.time > time ? 0.0 : event.severity_musd;
  }
  return sum;
}

void compare_model(const Comparing& c) {
  if (c.event.model == kNone) {
    return;
  }
  const Models& models = c.other.end.models;
  const ModelId m = same_row(models.identity, c.run.end.models.identity[c.event.model]);
  const std::string name = model_name(c.run.end, c.event.model);
  if (m == kNone || models.release_year[m] > c.event.time) {
    c.say("no_model", c.event.time, {flag_fact("exists", false)},
          "Under " + c.regime + " there was no " + name + " by then.");
    return;
  }
  const Form form = form_at(c.other.end, m, c.event.time);
  const bool derived = models.layers[m] > 0;
  const std::string came =
      derived
          ? "the same developer published a model in that month, too, made from " +
                model_name(c.other.end, models.parent[m])
          : "the same training run gave a model, too, in " + month_words(models.release_year[m]);
  c.say("same_model", models.release_year[m],
        {flag_fact("exists", true), number_fact("model", m),
         number_fact("parent", derived ? models.parent[m] : std::nan("")),
         text_fact("form", kFormNames[static_cast<std::size_t>(form)]),
         number_fact("capability_oom", models.capability_oom[m])},
        "Under " + c.regime + " " + came + "; at the moment of the event it was there " +
            std::string(form_words(form)) + ", with " + rounded_text(models.capability_oom[m], 2) +
            " OOM.");
}

void compare_flaw(const Comparing& c, const Moment& moment) {
  if (c.event.flaw == kNone) {
    return;
  }
  if (moment.flaw == kNone) {
    c.say("no_flaw", c.event.time, {flag_fact("exists", false)},
          "The flaw did not exist there by then.");
    return;
  }
  std::string text = "The same flaw was there";
  std::uint32_t n_found = 0;
  std::uint32_t n_fixed = 0;
  for (const FlawNote& note : moment.flaw_notes) {
    const bool before = note.year < c.event.time;
    n_found += before && note.kind == NoteKind::found ? 1U : 0U;
    n_fixed += before && note.kind == NoteKind::fixed ? 1U : 0U;
  }
  text += n_found == 0 ? ", and nobody had found it by then." : ", and it had been found by then";
  if (n_found > 0) {
    text += n_fixed == 0 ? ", but not fixed." : " and fixed.";
  }
  c.say("same_flaw", c.event.time,
        {flag_fact("exists", true), number_fact("found", n_found), number_fact("fixed", n_fixed)},
        std::move(text));
}

/// What a developer could use, in words.
void compare_developer(const Comparing& c, const World& world) {
  const std::uint64_t acts =
      acts_in_month(*world.developers, world.keys.dynamics, world.step, c.event.agent);
  const Reach reach = reach_of(world, c.event.agent);
  ModelId best = kNone;
  for (std::uint32_t i = 0; i < reach.models; ++i) {
    const ModelId m = reach.table->by_cost[i];
    if (best == kNone || world.models.capability_oom[m] > world.models.capability_oom[best]) {
      best = m;
    }
  }
  std::string text = "The same developer began as many acts that month (" + std::to_string(acts) +
                     ": the draws are shared)";
  text += best == kNone ? ", but had no model in reach."
                        : "; the best base in reach was " + model_name(world, best) + ", there " +
                              std::string(form_words(form_at(world, best, world.year()))) + ".";
  c.say("same_actor", c.event.time,
        {number_fact("agent", c.event.agent), number_fact("acts", static_cast<double>(acts)),
         number_fact("best_in_reach", best == kNone ? std::nan("") : best)},
        std::move(text));
}

void compare_bad_actor(const Comparing& c, const World& world) {
  const auto plans = std::ranges::count(world.misuse.plans, c.event.agent, &Plan::actor);
  const bool arrested = world.bad_actors.arrested[c.event.agent] != 0;
  const std::string attempts = plans == 1 ? "1 attempt" : std::to_string(plans) + " attempts";
  c.say("same_actor", c.event.time,
        {number_fact("agent", c.event.agent), number_fact("attempts", static_cast<double>(plans)),
         flag_fact("arrested", arrested)},
        "The same bad actor planned " + attempts + " that month" +
            (arrested ? " and had been arrested by its end." : "."));
}

/// Whether two rows of two worlds were born the same; none is like none.
bool born_same(const std::vector<std::uint64_t>& a, std::uint32_t row_a,
               const std::vector<std::uint64_t>& b, std::uint32_t row_b) {
  return row_a == kNone || row_b == kNone ? row_a == row_b : a[row_a] == b[row_b];
}

/// How much an event of the other run has in common with the one that is told; nothing where it is
/// of another agent or kind. A lab does diffuse harm by many flaws, and only the same one counts.
std::optional<int> in_common(const Comparing& c, const RecordedEvent& event) {
  const World& here = c.run.end;
  const World& there = c.other.end;
  if (event.kind != c.event.kind || event.agent_kind != c.event.agent_kind ||
      event.agent != c.event.agent) {
    return std::nullopt;
  }
  const bool flaw = born_same(here.flaw_tables.flaws.identity, c.event.flaw,
                              there.flaw_tables.flaws.identity, event.flaw);
  const bool root =
      born_same(here.models.identity, c.event.root, there.models.identity, event.root);
  if (event.kind == EventKind::diffuse && !(flaw && root)) {
    return std::nullopt;
  }
  return 2 * (static_cast<int>(flaw) + static_cast<int>(root)) +
         static_cast<int>(event.time == c.event.time) +
         static_cast<int>(event.severity_musd == c.event.severity_musd);
}

/// The event of the same agent, kind and month in the other run, or nothing: of several the one
/// with most in common.
std::optional<std::uint32_t> same_event(const Comparing& c, std::uint32_t step) {
  const auto& after = c.other.events_after_step;
  std::optional<std::uint32_t> found;
  std::optional<int> most;
  for (std::uint32_t i = step == 0 ? 0 : after[step - 1]; i < after[step]; ++i) {
    const std::optional<int> alike = in_common(c, event_at(c.other.record, i));
    if (alike > most) {
      most = alike;
      found = i;
    }
  }
  return found;
}

void compare_outcome(const Comparing& c, const std::optional<Story>& same) {
  if (!same) {
    c.say("instead", c.event.time, {flag_fact("happened", false)},
          "Nothing like the event came of it there that month.");
    return;
  }
  const RecordedEvent& event = same->event;
  c.say("instead", event.time,
        {flag_fact("happened", true), number_fact("event", event.number),
         number_fact("severity_musd", event.severity_musd), flag_fact("averted", event.averted())},
        "There, too, it came to " +
            std::string(event.averted() ? "an attempt, which a monitor averted (it would have done "
                                        : "the same kind of event by the same agent (it did ") +
            money_words(event.severity_musd) + " of harm): event " + std::to_string(event.number) +
            " of that run.");
}

void compare_harm(const Comparing& c) {
  const double here = harm_until(c.run.record, c.event.time);
  const double there = harm_until(c.other.record, c.event.time);
  const std::vector<std::uint32_t> catastrophes = catastrophes_of(c.other.record);
  const double first =
      catastrophes.empty() ? kNever : event_at(c.other.record, catastrophes.front()).time;
  c.say("harm_by_then", c.event.time,
        {number_fact("harm_musd", here), number_fact("other_harm_musd", there),
         date_fact("other_first_catastrophe", first)},
        "Harm of all events recorded up to then: " + money_words(here) + " here, " +
            money_words(there) + " under " + c.regime + ", where " +
            (first == kNever ? "no catastrophe comes until the run's end."
                             : "the first catastrophe comes in " + month_words(first) + "."));
}

}  // namespace

OtherStory tell_against(const Simulation& simulation, const Batch& batch, const LivedRun& run,
                        std::uint32_t number, const LivedRun& other) {
  const RecordedEvent event = event_at(run.record, number);
  const DesignPoint& point = batch.design.points[other.point];
  OtherStory story{.point = point.name, .regime = point.setting, .compared = {}, .same = {}};
  const Comparing c{.event = event,
                    .run = run,
                    .other = other,
                    .regime = point.setting,
                    .sentences = story.compared};
  const auto at = std::ranges::upper_bound(run.events_after_step, number);
  EXPECT_CONTRACT(at != run.events_after_step.end());
  const auto step = static_cast<std::uint32_t>(at - run.events_after_step.begin());
  if (step >= other.events_after_step.size()) {
    c.say("already_ended", other.end.year(), {},
          "Under " + c.regime + " the world had ended before, in " + month_words(other.end.year()) +
              ".");
    compare_harm(c);
    return story;
  }
  Watched look{.step = step, .flaw_identity = {}};
  if (event.flaw != kNone) {
    look.flaw_identity = run.end.flaw_tables.flaws.identity[event.flaw];
  }
  const Moment moment = moment_of(simulation, batch, other, look);
  compare_model(c);
  compare_flaw(c, moment);
  if (event.agent_kind == AgentKind::developer) {
    compare_developer(c, moment.after);
  } else if (event.agent_kind == AgentKind::bad_actor) {
    compare_bad_actor(c, moment.after);
  }
  if (const auto same = same_event(c, step)) {
    story.same = tell(simulation, batch, other, *same);
  }
  compare_outcome(c, story.same);
  compare_harm(c);
  return story;
}

}  // namespace fingers
