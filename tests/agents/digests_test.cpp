// Two tables of digests part in the first month in which a column of both differs.
#include "agents/digests.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

MonthDigests three_months() {
  return {.making = 0,
          .time = {2026, 2026.1, 2026.2},
          .columns = {{"draws", {1, 2, 3}}, {"models", {4, 5, 6}}}};
}

TEST_CASE("the first month that differs is named with its parts") {
  MonthDigests other = three_months();
  other.columns["models"][1] = 0;
  other.columns["draws"][2] = 0;
  const auto parted = first_parted(three_months(), other);
  REQUIRE(parted);
  CHECK(parted->month == 1);
  CHECK(parted->year == 2026.1);
  CHECK(parted->parts == std::vector<std::string>{"models"});
}

TEST_CASE("a run that ends earlier parts in the month that it does not live") {
  MonthDigests other = three_months();
  other.time.pop_back();
  for (auto& [name, digests] : other.columns) {
    digests.pop_back();
  }
  for (const auto& parted :
       {first_parted(three_months(), other), first_parted(other, three_months())}) {
    REQUIRE(parted);
    CHECK(parted->month == 2);
    CHECK(parted->parts.empty());
  }
}

TEST_CASE("columns that one of two builds does not know are no difference") {
  MonthDigests other = three_months();
  other.columns["news"] = {7, 8, 9};
  CHECK_FALSE(first_parted(three_months(), other));
  CHECK_FALSE(first_parted(other, three_months()));
}

}  // namespace
