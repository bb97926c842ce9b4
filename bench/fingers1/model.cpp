#include "bench/fingers1/model.hpp"

#include <algorithm>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers::fingers1 {
namespace {

constexpr double kFirstDefence = 5;
constexpr double kSeenSeverity = 2;
constexpr double kBanChance = 0.2;
constexpr double kTailIndex = 1.5;
constexpr std::uint32_t kRow = 256;

/// What draws are for, beside those of engine/rare_acts.cpp and engine/act_calendar.cpp.
enum Purpose : std::uint32_t { trial = 16 };
/// The process of single draws.
constexpr std::uint32_t kSeverity = 1;

double uniform_of(std::uint32_t low, std::uint32_t high) {
  return uniform_of_word(low | std::uint64_t{high} << 32);
}

RecordSchema make_schema() {
  return {.name = "fingers-1",
          .version = 1,
          .tables = {{.name = "events",
                      .row = "event",
                      .meaning = "successful attempts",
                      .columns = {{"month", ColumnType::u1, "month", "when", "", {}},
                                  {"actor", ColumnType::u4, "1", "who", "", {}},
                                  {"model", ColumnType::u1, "1", "with which model", "", {}},
                                  {"severity", ColumnType::f4, "1", "how severe", "", {}}}}},
          .series = {},
          .outcomes = {{"attempts", ColumnType::f8, "1", "number of attempts", "", {}},
                       {"defence", ColumnType::f8, "1", "d at the end", "", {}}},
          .dictionaries = {}};
}

}  // namespace

static_assert(Model<Fingers1>);

Fingers1::Fingers1(const Plan& plan, const Population& population, const LaneKernels& kernels)
    : plan_(plan), population_(population), kernels_(kernels), schema_(make_schema()) {
  if (plan.kernel == Kernel::calendar) {
    inverse_hazard_ = inverse_hazards(population.rate);
  }
}

std::unique_ptr<Workspace> Fingers1::take_workspace() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!spaces_.empty()) {
      std::unique_ptr<Workspace> space = std::move(spaces_.back());
      spaces_.pop_back();
      return space;
    }
  }
  auto space = std::make_unique<Workspace>();
  const std::size_t most = likely_most_acts(population_.rate);
  space->attempts.reserve(most);
  if (plan_.kernel == Kernel::calendar) {
    space->calendar = std::make_unique<ActCalendar>(plan_.n_months, most);
  }
  return space;
}

World Fingers1::make_world(std::uint32_t /*point*/, const WorldKeys& keys) const {
  World world;
  world.key = keys.dynamics;
  world.defence = kFirstDefence;
  world.space = take_workspace();
  world.space->banned.assign((population_.rate.size() + 63) / 64, 0);
  if (plan_.kernel == Kernel::calendar) {
    world.space->calendar->start(kernels_, world.key, inverse_hazard_);
  }
  return world;
}

void Fingers1::list_attempts(World& world, std::uint32_t month, double effort) const {
  Workspace& space = *world.space;
  const ActStep step = {.key = world.key,
                        .step = month,
                        .scale = static_cast<float>(effort),
                        .rate = population_.rate,
                        .blocks = population_.blocks,
                        .silent = space.banned};
  space.attempts.clear();
  if (plan_.kernel == Kernel::calendar) {
    space.calendar->list_acts(kernels_, step, inverse_hazard_, space.attempts);
    return;
  }
  const ActSampler sampler = plan_.kernel == Kernel::skips   ? ActSampler::block_skips
                             : plan_.kernel == Kernel::dense ? ActSampler::dense_blocks
                                                             : ActSampler::by_rate;
  fingers::list_acts(kernels_, step, sampler, space.attempts);
}

float Fingers1::record_event(World& world, std::uint32_t month, std::uint32_t identity,
                             std::uint32_t model) const {
  Stream stream(world.key, {.identity = identity, .step = month, .process = kSeverity, .draw = 0});
  const auto severity = static_cast<float>(portable_pow(1 - uniform(stream), -1 / kTailIndex));
  Events& events = world.space->events;
  events.month.push_back(static_cast<std::uint8_t>(month));
  events.actor.push_back(identity);
  events.model.push_back(static_cast<std::uint8_t>(model));
  events.severity.push_back(severity);
  return severity;
}

std::uint32_t Fingers1::attempt(World& world, std::uint32_t month, const std::uint32_t* places,
                                std::uint32_t n) const {
  std::array<std::uint32_t, 4 * kRow> words;  // NOLINT: filled by the kernel
  std::array<std::uint32_t, kRow> identity;   // NOLINT: filled below
  for (std::uint32_t i = 0; i < n; ++i) {
    identity[i] = population_.actor[places[i]].identity_and_model / kModels;
  }
  kernels_.random_at(lane_address(world.key, month, Purpose::trial, 0), identity.data(), n,
                     words.data());
  // sigma(x) > u, with e^x = odds * ease, and without a division: odds * ease * (1 - u) > u.
  const double ease = portable_exp(0.03 * month - world.defence);
  std::uint32_t n_seen = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Actor& actor = population_.actor[places[i]];
    const std::uint32_t model = actor.identity_and_model % kModels;
    const double u = uniform_of(words[i], words[n + i]);
    if (double{actor.odds} * ease * (1 - u) > u) {
      n_seen += record_event(world, month, identity[i], model) >= kSeenSeverity ? 1 : 0;
    }
    const bool is_banned =
        is_hosted(model) && uniform_of(words[2 * n + i], words[3 * n + i]) < kBanChance;
    world.space->banned[places[i] / 64] |= std::uint64_t{is_banned ? 1U : 0U} << (places[i] % 64);
  }
  return n_seen;
}

bool Fingers1::advance(World& world, std::uint32_t month) const {
  list_attempts(world, month, 1 / (1 + 0.1 * (world.defence - kFirstDefence)));
  const std::vector<std::uint32_t>& attempts = world.space->attempts;
  std::uint32_t n_seen = 0;
  for (std::size_t begin = 0; begin < attempts.size(); begin += kRow) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(kRow, attempts.size() - begin));
    // The actors of the next row are on their way while this one is worked off.
    const std::size_t next_end = std::min<std::size_t>(begin + 2 * kRow, attempts.size());
    for (std::size_t i = begin + n; i < next_end; ++i) {
      __builtin_prefetch(&population_.actor[attempts[i]]);
    }
    n_seen += attempt(world, month, &attempts[begin], n);
  }
  world.n_attempts += attempts.size();
  world.defence += plan_.setting.learning * n_seen / static_cast<double>(population_.n_actors);
  return true;
}

RunRecord Fingers1::records(World& world) const {
  RunRecord record;
  Events& events = world.space->events;
  record.tables = {{events.month, events.actor, events.model, events.severity}};
  record.outcomes = {static_cast<double>(world.n_attempts), world.defence};
  events.month.clear();
  events.actor.clear();
  events.model.clear();
  events.severity.clear();
  const std::scoped_lock lock(mutex_);
  spaces_.push_back(std::move(world.space));
  return record;
}

}  // namespace fingers::fingers1
