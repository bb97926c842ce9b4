#include "engine/contracts_throw.hpp"

#include <stdexcept>

#include "engine/contract.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

TEST_CASE("a broken contract throws where that was asked for") {
  const ContractsThrow outer;
  {
    const ContractsThrow inner;
  }
  CHECK_THROWS_WITH(EXPECT_CONTRACT(1 + 1 == 3),
                    Catch::Matchers::Contains("contract broken: 1 + 1 == 3 (contracts_throw_test"));
}

TEST_CASE("a run that breaks a contract fails alone") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  const EnsembleReport report = run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        EXPECT_CONTRACT(replicate != 4);
        return toy::toss_coins(about, point, replicate);
      },
      about, toy::quiet_options(folder.file("a.h5")));
  CHECK(report.state.done == 18);
  CHECK(report.state.failed == 2);
  CHECK(report.first_failure.find("contract broken: replicate != 4") != std::string::npos);
}

}  // namespace
