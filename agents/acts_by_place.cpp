// Tested by tests/agents/acts_by_place_test.cpp.
#include "agents/acts_by_place.hpp"

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::uint32_t kBlock = 64;  ///< places from which on a place is looked for one by one

/// This thread's table of acts by place: all 0 between two uses.
std::vector<double>& table_of(std::size_t places) {
  thread_local std::vector<double> table;
  if (table.size() < places) {
    table.resize(places);
  }
  return table;
}

/// Adds the acts at the places from `offset` on, up to `end`, by the models of a table.
void add(ActsWorth& worth, const ActsByPlace& acts, const AccessTable& table, std::uint64_t offset,
         std::uint64_t end) {
  const std::size_t n = table.by_cost.size();
  double before = n > 0 ? acts.below(offset + table.poorer[0]) : 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double up_to = acts.below(k + 1 < n ? offset + table.poorer[k + 1] : end);
    const double of_class = up_to - before;
    worth.actions += of_class;
    worth.benefit += of_class * table.benefit[k] / table.cumulative[k];
    before = up_to;
  }
}

}  // namespace

std::uint32_t place_of(std::uint32_t rank, bool granted, std::uint32_t n) {
  return rank + (granted ? n + 1 : 0);
}

void ActsByPlace::set(std::span<const std::uint32_t> place,
                      std::span<const std::uint32_t> developer, std::span<const double> acts) {
  const std::size_t places = places_of(place.size());
  std::vector<double>& table = table_of(places);
  for (std::size_t i = 0; i < developer.size(); ++i) {
    table[place[developer[i]]] += acts[i];
  }
  place_.resize(developer.size() + 1);  // one more: where nobody acts is written over
  up_to_.resize(developer.size() + 2);
  first_.clear();
  std::uint32_t n = 0;
  double sum = 0;
  up_to_[0] = 0;
  for (std::uint32_t p = 0; p < places; ++p) {
    if (p % kBlock == 0) {
      first_.push_back(n);
    }
    sum += table[p];
    place_[n] = p;
    up_to_[n + 1] = sum;
    n += table[p] > 0 ? 1 : 0;
    table[p] = 0;
  }
  first_.push_back(n);
  place_.resize(n);
  up_to_.resize(n + 1);
}

double ActsByPlace::below(std::uint64_t place) const {
  EXPECT_CONTRACT(place / kBlock < first_.size());
  std::size_t i = first_[place / kBlock];
  while (i < place_.size() && place_[i] < place) {
    ++i;
  }
  return up_to_[i];
}

ActsWorth worth_of(const ActsByPlace& acts, std::uint32_t n, const Access& access, double share) {
  ActsWorth worth;
  const std::uint64_t half = places_of(n) / 2;
  add(worth, acts, access.others, 0, half);
  add(worth, acts, access.accepted, half, 2 * half);
  worth.actions *= share;
  worth.benefit *= share;
  return worth;
}

}  // namespace fingers
