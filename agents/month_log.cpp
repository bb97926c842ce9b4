// Living a month under watch. Tested by tests/agents/month_log_test.cpp.
#include "agents/month_log.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "agents/draws.hpp"
#include "agents/month.hpp"
#include "agents/story_words.hpp"
#include "engine/word_hash.hpp"

namespace fingers {

namespace {

auto order_of(const LoggedDraw& draw) {
  return std::tuple(draw.is_population, draw.address.process, draw.address.identity,
                    draw.address.step, draw.address.draw);
}

std::string hexadecimal(std::uint64_t x) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; x >>= 4U) {
    text[i] = kDigits[x & 0xFU];
  }
  return "0x" + text;
}

/// Names of those who were born in a run, by identity.
using BornNames = std::map<std::uint64_t, std::string>;

BornNames born_names(const World& world) {
  BornNames names;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    names.emplace(world.labs.identity[lab], lab_name(world, lab));
  }
  for (ModelId model = 0; model < world.models.count(); ++model) {
    names.emplace(world.models.identity[model], "model " + std::to_string(model));
  }
  const Flaws& flaws = world.flaw_tables.flaws;
  for (std::uint32_t flaw = 0; flaw < flaws.count(); ++flaw) {
    names.emplace(flaws.identity[flaw], "flaw " + std::to_string(flaw));
  }
  return names;
}

/// "developer 17", "bad actor 5, act 2"; who is not known by name goes by what it is.
std::string agent_text(const BornNames& names, const Address& address) {
  constexpr std::array<std::string_view, 7> kActors = {"",     "developer", "auditor", "bad actor",
                                                       "host", "defender",  "state"};
  const std::uint64_t id = address.identity;
  if (const auto found = names.find(id); found != names.end()) {
    return found->second;
  }
  const std::string_view whose = draw_declarations()[address.process].whose;
  const ActorOf actor = actor_of(id);
  if (actor.kind == 0 || actor.kind >= kActors.size()) {
    return std::string(whose) + " " + hexadecimal(id);
  }
  const bool is_act = actor.act > 0 || whose == "act" || whose == "attempt" || whose == "candidate";
  return std::string(kActors[actor.kind]) + " " + std::to_string(actor.index) +
         (is_act ? ", act " + std::to_string(actor.act) : "");
}

std::vector<ToldDraw> told(const World& world, const std::vector<LoggedDraw>& draws) {
  const BornNames names = born_names(world);
  std::vector<ToldDraw> list;
  list.reserve(draws.size());
  for (const LoggedDraw& draw : draws) {
    list.push_back({.stream = draw.is_population ? "population" : "dynamics",
                    .process = std::string(draw_declarations()[draw.address.process].name),
                    .agent = agent_text(names, draw.address),
                    .identity = draw.address.identity,
                    .step = draw.address.step,
                    .draw = draw.address.draw,
                    .words = draw.words});
  }
  return list;
}

std::vector<ToldField> told(const std::vector<StateField>& state) {
  std::vector<ToldField> list;
  for (const StateField& field : state) {
    ToldField told{.part = std::string(kStateParts[field.part]), .name = field.name, .values = {}};
    for (std::size_t row = 0; row < field.bits.size(); ++row) {
      told.values.push_back(value_text(field, row));
    }
    list.push_back(std::move(told));
  }
  return list;
}

}  // namespace

void DrawRecorder::drawn(const StreamKey& key, const Address& address,
                         std::array<std::uint64_t, 2>& words) {
  if (before_ != nullptr) {
    before_->drawn(key, address, words);
  }
  draws_.push_back({.is_population = key == keys_.population, .address = address, .words = words});
}

std::vector<LoggedDraw> DrawRecorder::draws() const {
  std::vector<LoggedDraw> once;
  std::set<decltype(order_of(draws_.front()))> seen;
  for (const LoggedDraw& draw : draws_) {
    if (seen.insert(order_of(draw)).second) {
      once.push_back(draw);
    }
  }
  return once;
}

std::uint64_t DrawRecorder::digest() const {
  std::vector<LoggedDraw> sorted = draws_;
  std::ranges::stable_sort(sorted, {}, order_of);
  const auto repeated = std::ranges::unique(sorted, {}, order_of);
  sorted.erase(repeated.begin(), repeated.end());
  std::vector<std::uint64_t> words;
  for (const LoggedDraw& draw : sorted) {
    const Address& at = draw.address;
    words.insert(words.end(), {draw.is_population ? std::uint64_t{1} : 0, at.identity,
                               (std::uint64_t{at.process} << 32U) | at.step, at.draw, draw.words[0],
                               draw.words[1]});
  }
  return word_hash(words);
}

World make_digested_world(std::shared_ptr<const Scenario> scenario, const WorldKeys& keys) {
  DrawRecorder recorder(keys);
  const TapDraws tap(recorder);
  World world = make_world(std::move(scenario), keys);
  world.digests.making = recorder.digest();
  return world;
}

bool digested_month(World& world) {
  DrawRecorder recorder(world.keys);
  const TapDraws tap(recorder);
  const bool goes_on = month(world);
  add_digests(world.digests, world, recorder.digest());
  return goes_on;
}

MonthDigests digests_of(const RunToLive& run) {
  World world = make_digested_world(run.scenario, run.keys);
  bool goes_on = true;
  for (std::uint32_t step = 0; goes_on && step < world.clock.n_steps; ++step) {
    world.step = step;
    goes_on = digested_month(world);
  }
  return std::move(world.digests);
}

std::optional<MonthLog> log_of_month(const RunToLive& run, std::uint32_t wanted) {
  DrawRecorder recorder(run.keys);
  std::optional<TapDraws> tap;
  if (wanted == 0) {
    tap.emplace(recorder);
  }
  World world = make_world(run.scenario, run.keys);
  tap.reset();
  if (wanted >= world.clock.n_steps) {
    return std::nullopt;
  }
  for (; world.step < wanted; ++world.step) {
    if (!month(world)) {
      return std::nullopt;
    }
  }
  tap.emplace(recorder);
  static_cast<void>(month(world));
  tap.reset();
  return MonthLog{.month = wanted,
                  .year = world.year(),
                  .draws = told(world, recorder.draws()),
                  .state = told(state_fields(world))};
}

}  // namespace fingers
