#include "agents/reach_classes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace fingers {

namespace {

/// Sixteen at a time, which a compiler makes vector stores of: a quarter of std::fill's time at
/// -O2.
void fill_words(std::span<std::uint32_t> words, std::uint32_t value) {
  constexpr std::size_t kAtOnce = 16;
  std::array<std::uint32_t, kAtOnce> some{};
  some.fill(value);
  std::size_t i = 0;
  for (; i + kAtOnce <= words.size(); i += kAtOnce) {
    std::memcpy(words.data() + i, some.data(), sizeof(some));
  }
  std::ranges::fill(words.subspan(i), value);
}

}  // namespace

std::uint32_t place_of(std::uint32_t rank, bool granted, std::uint32_t n) {
  return rank + (granted ? n + 1 : 0);
}

void ReachClasses::set(std::uint32_t n_developers, const AccessTable& others,
                       const AccessTable& accepted) {
  const std::uint32_t half = n_developers + 1;
  classes_.clear();
  of_place_.resize(std::size_t{2} * half);
  const std::span<std::uint32_t> places(of_place_);
  add(others, places.first(half));
  add(accepted, places.last(half));
}

void ReachClasses::add(const AccessTable& table, std::span<std::uint32_t> places) {
  std::size_t begin = 0;
  const auto class_up_to = [&](std::size_t end, const ReachClass& of_them) {
    fill_words(places.subspan(begin, end - begin), static_cast<std::uint32_t>(classes_.size()));
    classes_.push_back(of_them);
    begin = end;
  };
  ReachClass reached;
  for (std::size_t k = 0; k < table.by_cost.size(); ++k) {
    class_up_to(table.poorer[k], reached);
    reached = {.usable = 1, .benefit = table.benefit[k], .cumulative = table.cumulative[k]};
  }
  class_up_to(places.size(), reached);
}

}  // namespace fingers
