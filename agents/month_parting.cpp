// Where two logs of a month part. Tested by tests/agents/month_log_test.cpp.
#include <algorithm>
#include <map>
#include <tuple>

#include "agents/month_log.hpp"

namespace fingers {

namespace {

auto address_of(const ToldDraw& draw) {
  return std::tuple(draw.stream, draw.process, draw.identity, draw.step, draw.draw);
}

using ByAddress = std::map<decltype(address_of(ToldDraw{})), const ToldDraw*>;

ByAddress by_address(const MonthLog& log) {
  ByAddress draws;
  for (const ToldDraw& draw : log.draws) {
    draws.emplace(address_of(draw), &draw);
  }
  return draws;
}

/// The draws of one log that the other does not have, or has with other bits.
struct Odd {
  std::size_t first = 0;  ///< place in its log; their number, where there is none
  std::size_t n_other_bits = 0;
  std::size_t n_only_here = 0;
};

Odd odd_draws(const MonthLog& log, const ByAddress& other) {
  Odd odd{.first = log.draws.size()};
  for (std::size_t i = 0; i < log.draws.size(); ++i) {
    const auto found = other.find(address_of(log.draws[i]));
    const bool is_there = found != other.end();
    if (is_there && found->second->words == log.draws[i].words) {
      continue;
    }
    odd.first = std::min(odd.first, i);
    (is_there ? odd.n_other_bits : odd.n_only_here) += 1;
  }
  return odd;
}

std::optional<ToldDraw> same_address(const ByAddress& draws, const ToldDraw& draw) {
  const auto found = draws.find(address_of(draw));
  return found == draws.end() ? std::nullopt : std::optional(*found->second);
}

/// Holds the draws against each other. The one that comes first, after the fewest common ones, is
/// the cause of the others.
void compare_draws(const MonthLog& a, const MonthLog& b, Parting& parting) {
  const ByAddress of_a = by_address(a);
  const ByAddress of_b = by_address(b);
  const Odd odd_a = odd_draws(a, of_b);
  const Odd odd_b = odd_draws(b, of_a);
  parting.n_other_bits = odd_a.n_other_bits;
  parting.n_only_a = odd_a.n_only_here;
  parting.n_only_b = odd_b.n_only_here;
  const bool any_a = odd_a.first < a.draws.size();
  const bool any_b = odd_b.first < b.draws.size();
  if (any_a && (!any_b || odd_a.first <= odd_b.first)) {
    const ToldDraw& draw = a.draws[odd_a.first];
    parting.draw = {.a = draw, .b = same_address(of_b, draw)};
  } else if (any_b) {
    const ToldDraw& draw = b.draws[odd_b.first];
    parting.draw = {.a = same_address(of_a, draw), .b = draw};
  }
}

std::optional<PartedField> compare_field(const ToldField& a, const std::vector<std::string>& b) {
  const std::size_t common = std::min(a.values.size(), b.size());
  const std::size_t most = std::max(a.values.size(), b.size());
  PartedField parted{
      .part = a.part, .name = a.name, .row = most, .n_rows = most - common, .a = {}, .b = {}};
  for (std::size_t row = 0; row < common; ++row) {
    if (a.values[row] != b[row]) {
      parted.row = std::min(parted.row, row);
      ++parted.n_rows;
    }
  }
  if (parted.n_rows == 0) {
    return std::nullopt;
  }
  parted.row = std::min(parted.row, common);  // else the first row that only one has
  parted.a = parted.row < a.values.size() ? a.values[parted.row] : "";
  parted.b = parted.row < b.size() ? b[parted.row] : "";
  return parted;
}

void compare_states(const MonthLog& a, const MonthLog& b, Parting& parting) {
  for (const ToldField& field : a.state) {
    const auto other = std::ranges::find_if(
        b.state, [&](const ToldField& x) { return x.part == field.part && x.name == field.name; });
    if (other == b.state.end()) {
      continue;  // of another build, which does not know it
    }
    if (auto parted = compare_field(field, other->values)) {
      parting.fields.push_back(std::move(*parted));
    }
  }
}

}  // namespace

Parting parting_of(const MonthLog& a, const MonthLog& b) {
  Parting parting;
  compare_draws(a, b, parting);
  compare_states(a, b, parting);
  return parting;
}

}  // namespace fingers
