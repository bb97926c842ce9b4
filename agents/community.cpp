#include "agents/community.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <span>

#include "agents/addresses.hpp"
#include "agents/scenario.hpp"
#include "engine/random_row.hpp"

namespace fingers {

namespace {

/// Memory that communities may take.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 29U;
constexpr std::uint64_t kBytesOfDeveloper = 128;  // all columns, with spare room
constexpr std::uint64_t kBytesOfPlace =
    sizeof(std::uint16_t) + 1;  // in a month's ActsByPlace, with its share of the blocks
/// The same where a developer acts more often than 16 bits hold.
constexpr std::uint64_t kBytesOfBusyPlace = 2 * (sizeof(std::uint32_t) + 2 * sizeof(double));
constexpr std::uint64_t kBytesOfAttempt =
    sizeof(std::uint32_t) + sizeof(std::uint64_t);  // a row of MonthAttempts
/// Mean acts of a month from which on some developers are so busy.
constexpr double kOftenBusy = 4096;
/// Attempts of a month, for each bad actor there is, whose draws are kept.
constexpr std::uint64_t kMostAttempts = 2;

/// Whether two scenarios have the same developers and bad actors, and the same acts of them.
bool same_people(const Scenario& a, const Scenario& b) {
  const AccessParameters& access = a.mechanisms.access;
  const AccessParameters& other = b.mechanisms.access;
  return a.population.developers == b.population.developers &&
         a.population.bad_actors == b.population.bad_actors &&
         std::ranges::equal(a.domains, b.domains, {}, &Domain::share, &Domain::share) &&
         access.gate_accept == other.gate_accept &&
         access.third_party_host == other.third_party_host &&
         a.clock().dt_years == b.clock().dt_years && a.clock().n_steps == b.clock().n_steps;
}

/// Communities of so many replicates are kept while their worlds run.
constexpr std::uint64_t kMostKept = 64;

/// How many communities there is memory for.
std::size_t capacity_of(const std::vector<std::shared_ptr<const Scenario>>& points) {
  std::uint64_t most = 1;
  for (const auto& point : points) {
    const Population& people = point->population;
    const double mean_acts =
        people.developers.weight * people.developers.activity_mean * point->clock().dt_years;
    const bool busy = mean_acts > kOftenBusy;
    const std::uint64_t bytes_a_month =
        (busy ? kBytesOfBusyPlace : kBytesOfPlace) * people.developers.count +
        (kBytesOfAttempt + kMostAttempts * sizeof(AttemptDraws)) * people.bad_actors.count;
    most = std::max(
        most, bytes_a_month * point->clock().n_steps + kBytesOfDeveloper * people.developers.count);
  }
  return std::clamp<std::uint64_t>(kMostBytes / most, 1, kMostKept);
}

/// For each point the first one that has the same people.
std::vector<std::uint32_t> alike_of(const std::vector<std::shared_ptr<const Scenario>>& points) {
  std::vector<std::uint32_t> alike;
  std::vector<std::uint32_t> kinds;  // first points of each kind of people
  for (std::uint32_t p = 0; p < points.size(); ++p) {
    const auto first = std::ranges::find_if(
        kinds, [&](std::uint32_t k) { return same_people(*points[k], *points[p]); });
    alike.push_back(first == kinds.end() ? p : *first);
    if (first == kinds.end()) {
      kinds.push_back(p);
    }
  }
  return alike;
}

std::size_t n_kinds(const std::vector<std::uint32_t>& alike) {
  std::size_t kinds = 0;
  for (std::uint32_t p = 0; p < alike.size(); ++p) {
    kinds += alike[p] == p ? 1 : 0;
  }
  return kinds;
}

/// A developer's acts of the month, where its uniform says that there are any (M5.2).
std::uint64_t acts_beyond_zero(const Developers& developers, const StreamKey& dynamics,
                               std::uint32_t step, std::uint32_t developer, double u) {
  return count_beyond_zero(developers.mean_acts[developer], developers.no_act[developer], u, [&] {
    return Stream(dynamics,
                  address(actor_identity(Actor::developer, developer), Process::act_count, step));
  });
}

/// What makes the attempts of a month, with their draws where there are not too many to keep.
auto maker_of_attempts(const BadActors& actors, const StreamKey& dynamics) {
  return [&actors, &dynamics](std::size_t at) {
    const auto step = static_cast<std::uint32_t>(at);
    MonthAttempts month;
    draw_attempts(actors, dynamics, step, month);
    const auto n = std::reduce(month.attempts.begin(), month.attempts.end(), std::uint64_t{0});
    if (n <= kMostAttempts * actors.count()) {
      month.draws = attempt_draws(dynamics, step, month.actor, month.attempts);
    }
    return month;
  };
}

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): acting_ is filled as far as it is read
ActingBlock::ActingBlock(const Developers& developers, const StreamKey& dynamics,
                         std::uint32_t step, std::uint32_t block) {
  const std::uint32_t first = block * kActBlock;
  const std::uint32_t n = std::min(kActBlock, developers.count() - first);
  std::array<std::uint64_t, 2 * std::size_t{kActBlock}> words;  // NOLINT: filled by random_row
  random_row(dynamics, address(actor_identity(Actor::developer, first), Process::act_count, step),
             std::span(words).first(2 * std::size_t{n}));
  // Who acts is listed first, without a branch that nobody could predict.
  std::array<std::uint32_t, kActBlock> acting;  // NOLINT: the first n_ are set
  for (std::uint32_t i = 0; i < n; ++i) {
    acting[n_] = i;
    n_ +=
        uniform_bits_of_word(words[2 * std::size_t{i}]) >= developers.no_act_of_uniforms[first + i]
            ? 1
            : 0;
  }
  std::array<std::uint32_t, kActBlock> busy;  // NOLINT: of these, who acts more than twice
  std::uint32_t n_busy = 0;
  for (std::uint32_t k = 0; k < n_; ++k) {
    const std::size_t i = acting[k];
    const FewEvents few = few_events(developers.mean_acts[first + i], developers.no_act[first + i],
                                     uniform_of_word(words[2 * i]));
    acting_[k] = {.developer = first + acting[k],
                  .acts = static_cast<double>(few.count),
                  .press_uniform = uniform_of_word(words[2 * i + 1])};
    busy[n_busy] = k;
    n_busy += few.more ? 1 : 0;
  }
  for (const std::uint32_t k : std::span(busy).first(n_busy)) {
    const double u = uniform_of_word(words[2 * std::size_t{acting[k]}]);
    acting_[k].acts =
        static_cast<double>(acts_beyond_zero(developers, dynamics, step, acting_[k].developer, u));
  }
}

const MonthActs& draw_acts(const Developers& developers, const StreamKey& dynamics,
                           std::uint32_t step, MonthActs& acts) {
  const std::uint32_t n_blocks = (developers.count() + kActBlock - 1) / kActBlock;
  acts.by_place.begin(developers.count());
  acts.least_press.resize(n_blocks);
  for (std::uint32_t block = 0; block < n_blocks; ++block) {
    double least = std::numeric_limits<double>::infinity();
    for (const Acting& who : ActingBlock(developers, dynamics, step, block)) {
      least =
          std::min(least, who.press_uniform / (who.acts * developers.recklessness[who.developer]));
      acts.by_place.add(developers, who.developer, who.acts);
    }
    acts.least_press[block] = least;
  }
  acts.by_place.finish();
  return acts;
}

std::uint64_t acts_in_month(const Developers& developers, const StreamKey& dynamics,
                            std::uint32_t step, std::uint32_t developer) {
  const std::uint64_t word = random_block(
      dynamics, address(actor_identity(Actor::developer, developer), Process::act_count, step))[0];
  const double u = uniform_of_word(word);
  return u < developers.no_act[developer]
             ? 0
             : acts_beyond_zero(developers, dynamics, step, developer, u);
}

std::shared_ptr<const Developers> Community::developers(const Scenario& scenario,
                                                        const WorldKeys& keys) {
  using Made = MadeOnce<std::shared_ptr<const Developers>>;
  const auto make = [&] {
    return std::make_shared<const Developers>(make_developers(scenario, keys.population));
  };
  const auto are_there = [&] { return developers_.make_if_free(make) != Made::Found::busy; };
  if (!are_there()) {
    const BadActors& actors = bad_actors(scenario, keys.population);
    attempts_.make_until(0, maker_of_attempts(actors, keys.dynamics), are_there);
  }
  return developers_.get(make);
}

const MonthActs& Community::acts(const Developers& developers, const StreamKey& dynamics,
                                 std::uint32_t step) {
  return acts_.get(step, [&](std::size_t month) {
    MonthActs acts;
    draw_acts(developers, dynamics, static_cast<std::uint32_t>(month), acts);
    return acts;
  });
}

const BadActors& Community::bad_actors(const Scenario& scenario, const StreamKey& population) {
  return bad_actors_.get([&] { return make_bad_actors(scenario, population); });
}

const MonthAttempts& Community::attempts(const BadActors& actors, const StreamKey& dynamics,
                                         std::uint32_t step) {
  return attempts_.get(step, maker_of_attempts(actors, dynamics));
}

Communities::Communities(const std::vector<std::shared_ptr<const Scenario>>& points)
    : alike_(alike_of(points)),
      is_shared_(points.size(), 0),
      n_steps_(points.front()->clock().n_steps),
      // those of the replicate that worlds are handed out of, and one more
      recent_(std::min(n_kinds(alike_) + 1, capacity_of(points)), capacity_of(points)) {
  if (capacity_of(points) < 2) {  // threads meet two replicates at a time
    return;
  }
  for (std::uint32_t p = 0; p < points.size(); ++p) {
    if (alike_[p] != p) {
      is_shared_[p] = 1;
      is_shared_[alike_[p]] = 1;
    }
  }
}

std::shared_ptr<Community> Communities::of(std::uint32_t point, const WorldKeys& keys) {
  if (is_shared_[point] == 0) {
    return nullptr;
  }
  return recent_.get({.alike = alike_[point], .keys = keys},
                     [this] { return std::make_shared<Community>(n_steps_); });
}

}  // namespace fingers
