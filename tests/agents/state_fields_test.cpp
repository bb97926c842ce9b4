// The columns of the state: every part has some, names are single, values are told bit for bit.
#include "agents/state_fields.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <set>

#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

TEST_CASE("every part of the state has columns, and none has a name twice") {
  const World world = lived("{}", "open-weights-permissive", 6);
  std::set<std::pair<std::size_t, std::string>> names;
  std::set<std::size_t> parts;
  for (const StateField& field : state_fields(world)) {
    CHECK(names.emplace(field.part, field.name).second);
    parts.insert(field.part);
  }
  CHECK(parts.size() == kStateParts.size());
}

TEST_CASE("reals that differ in the last bit are told apart, and what is no number has a word") {
  const double next = std::nextafter(0.1, 1.0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  StateField field{.part = 0, .name = "x", .is_real = true, .bits = {}};
  for (const double x : {0.1, next, nan, -std::numeric_limits<double>::infinity()}) {
    field.bits.push_back(std::bit_cast<std::uint64_t>(x));
  }
  CHECK(value_text(field, 0) == "0.1");
  CHECK(value_text(field, 1) != "0.1");
  CHECK(value_text(field, 2) == "nan");
  CHECK(value_text(field, 3) == "-infinite");
}

}  // namespace
