#include "engine/dataset_tables.hpp"

#include <algorithm>
#include <map>

#include "engine/store.hpp"
#include "engine/table_files.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

using Codes = std::vector<std::uint32_t>;

/// All rows of a table in one block.
RowBlock rows_of(const DatasetTables& file, const std::string& table,
                 const RowChoice& choice = {}) {
  const auto& all = file.tables();
  RowBlock whole = std::ranges::find(all, table, &DatasetTable::name)->blank;
  file.read(table, choice, [&](const RowBlock& block) {
    whole.rows += block.rows;
    for (std::size_t c = 0; c < block.values.size(); ++c) {
      std::visit(
          [&]<class T>(std::vector<T>& cells) {
            const auto& more = std::get<std::vector<T>>(block.values[c]);
            cells.insert(cells.end(), more.begin(), more.end());
          },
          whole.values[c]);
    }
  });
  return whole;
}

template <class T>
const std::vector<T>& column(const RowBlock& block, std::size_t c) {
  return std::get<std::vector<T>>(block.values[c]);
}

std::vector<std::string> names_of(const DatasetTable& table) {
  std::vector<std::string> names;
  for (const TableColumn& one : table.columns) {
    names.push_back(one.name);
  }
  return names;
}

/// A batch of coins in a file.
std::string coins(const TemporaryFolder& folder, std::uint32_t replicates) {
  toy::run_batch(toy::describe(CoinModel(), replicates), toy::quiet_options(folder.file("a.h5")));
  return folder.file("a.h5");
}

TEST_CASE("tables have the columns that the file has, with what it says of them") {
  const TemporaryFolder folder;
  const DatasetTables file(coins(folder, 2), "place");
  std::map<std::string, std::vector<std::string>> columns;
  for (const DatasetTable& table : file.tables()) {
    columns[table.name] = names_of(table);
  }
  using Names = std::vector<std::string>;
  CHECK(columns.size() == 6);
  CHECK(columns["design"] == Names{"point", "name", "place", "coin.heads"});
  CHECK(columns["runs"] == Names{"run", "place", "point", "replicate", "identity", "status",
                                 "toss_start", "toss_count", "gambler_start", "gambler_count",
                                 "content_xxh3"});
  CHECK(columns["outcomes"] ==
        Names{"run", "place", "point", "replicate", "coin.heads", "heads", "final_purse"});
  CHECK(columns["series"] == Names{"run", "place", "point", "replicate", "time", "purse"});
  CHECK(columns["tosses"] ==
        Names{"run", "place", "point", "replicate", "toss", "time", "side", "purse", "streak"});
  CHECK(file.settings() == Names{"casino", "club"});
}

TEST_CASE("the dictionary says unit, type, meaning and categories of every column") {
  const TemporaryFolder folder;
  const DatasetTables file(coins(folder, 2), "place");
  const TextTable dictionary = dictionary_table(file.tables());
  std::map<std::string, std::string> said;
  for (std::size_t row = 0; row < dictionary.block.rows; ++row) {
    std::string rest;
    for (std::size_t c = 2; c < 6; ++c) {
      rest += (c == 2 ? "" : "|") + column<std::string>(dictionary.block, c)[row];
    }
    said[column<std::string>(dictionary.block, 0)[row] + "/" +
         column<std::string>(dictionary.block, 1)[row]] = rest;
  }
  CHECK(said["tosses/purse"] == "coin|f4|purse after the toss|");
  CHECK(said["tosses/side"] == "1|category|what fell|[\"heads up\", \"tails\"]");
  CHECK(said["tosses/toss"] == "1|u4|number of the row in its run, from 0|");
  CHECK(said["series/time"] == "yr|f8|calendar year at the beginning of the step|");
  CHECK(said["design/coin.heads"] == "1|f8|value of /coin/heads|");
  CHECK(said["design/name"] == "1|text|name of the design point|");
  CHECK(said["runs/status"] ==
        "1|category|whether the run finished|[\"done\", \"missing\", \"failed\"]");
  CHECK(said["runs/place"] ==
        "1|category|the named setting that the point tries|[\"casino\", \"club\"]");
}

TEST_CASE("every row of every run is there, with its keys") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 5);
  const DatasetTables file(coins(folder, 5), "place");
  const RowBlock tosses = rows_of(file, "tosses");
  const RowBlock outcomes = rows_of(file, "outcomes");
  const RowBlock series = rows_of(file, "series");
  REQUIRE(outcomes.rows == 10);
  REQUIRE(series.rows == std::size_t{10} * toy::kSteps);
  std::size_t toss = 0;
  for (std::uint32_t run = 0; run < 10; ++run) {
    const RunRecord record = toy::toss_coins(about, run / 5, run % 5);
    const auto& when = std::get<std::vector<double>>(record.tables[0][0]);
    const auto& side = std::get<std::vector<std::uint8_t>>(record.tables[0][1]);
    for (std::uint32_t i = 0; i < when.size(); ++i, ++toss) {
      REQUIRE(column<std::uint32_t>(tosses, 0).at(toss) == run);
      REQUIRE(column<std::uint32_t>(tosses, 1)[toss] == run / 5);
      REQUIRE(column<std::uint32_t>(tosses, 2)[toss] == run / 5);
      REQUIRE(column<std::uint32_t>(tosses, 3)[toss] == run % 5);
      REQUIRE(column<std::uint32_t>(tosses, 4)[toss] == i);
      REQUIRE(column<double>(tosses, 5)[toss] == when[i]);
      REQUIRE(column<std::uint8_t>(tosses, 6)[toss] == side[i]);
    }
    CHECK(column<double>(outcomes, 4)[run] == toy::kHeads[run / 5]);
    CHECK(column<double>(outcomes, 5)[run] == record.outcomes[0]);
    CHECK(column<double>(outcomes, 6)[run] == record.outcomes[1]);
    for (std::uint32_t step = 0; step < toy::kSteps; ++step) {
      const std::size_t row = std::size_t{run} * toy::kSteps + step;
      REQUIRE(column<std::uint32_t>(series, 0)[row] == run);
      REQUIRE(column<double>(series, 4)[row] == CoinModel().clock().year(step));
      REQUIRE(column<float>(series, 5)[row] == record.series[step]);
    }
  }
  CHECK(toss == tosses.rows);
}

TEST_CASE("a table of more rows than a block has comes whole and in order") {
  const TemporaryFolder folder;
  const DatasetTables file(coins(folder, 1200), "place");
  std::size_t blocks = 0;
  std::uint64_t rows = 0;
  std::uint32_t last = 0;
  bool in_order = true;
  file.read("tosses", {}, [&](const RowBlock& block) {
    ++blocks;
    rows += block.rows;
    for (const std::uint32_t run : column<std::uint32_t>(block, 0)) {
      in_order = in_order && run >= last;
      last = run;
    }
  });
  CHECK(blocks > 2);
  CHECK(in_order);
  CHECK(rows == read_info(folder.file("a.h5")).totals.table_rows[0].second);
}

TEST_CASE("a choice keeps its points, runs and rows, and their numbers") {
  const TemporaryFolder folder;
  const DatasetTables file(coins(folder, 4), "place");
  const RowChoice club{.settings = {"club"}, .replicates = {}, .category = {}, .names = {}};
  CHECK(column<std::string>(rows_of(file, "design", club), 1) ==
        std::vector<std::string>{"loaded"});
  CHECK(column<std::uint32_t>(rows_of(file, "runs", club), 0) == Codes{4, 5, 6, 7});
  const RowChoice some{
      .settings = {}, .replicates = {3, 1}, .category = "side", .names = {"tails"}};
  CHECK(rows_of(file, "design", some).rows == 2);
  CHECK(column<std::uint32_t>(rows_of(file, "outcomes", some), 0) == Codes{1, 3, 5, 7});
  const RowBlock all = rows_of(file, "tosses");
  const RowBlock tails = rows_of(file, "tosses", some);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
  for (std::size_t i = 0; i < all.rows; ++i) {
    if (column<std::uint32_t>(all, 3)[i] % 2 == 1 && column<std::uint8_t>(all, 6)[i] == 1) {
      expected.emplace_back(column<std::uint32_t>(all, 0)[i], column<std::uint32_t>(all, 4)[i]);
    }
  }
  REQUIRE(tails.rows == expected.size());
  CHECK(tails.rows > 0);
  for (std::size_t i = 0; i < tails.rows; ++i) {
    REQUIRE(column<std::uint32_t>(tails, 0)[i] == expected[i].first);
    REQUIRE(column<std::uint32_t>(tails, 4)[i] == expected[i].second);
  }
}

TEST_CASE("runs that are missing or failed stand in runs and failures only") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 3);
  const EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
  run_ensemble(
      [&about](std::uint32_t p, std::uint32_t r) {
        if (p == 1 && r == 1) {
          throw std::runtime_error("no coin, \"none\"");
        }
        return toy::toss_coins(about, p, r);
      },
      about, options);
  const DatasetTables file(folder.file("a.h5"), "place");
  const RowBlock failures = rows_of(file, "failures");
  REQUIRE(failures.rows == 1);
  CHECK(column<std::uint32_t>(failures, 0)[0] == 4);
  CHECK(column<std::string>(failures, 4)[0] == "no coin, \"none\"");
  CHECK(rows_of(file, "runs").rows == 6);
  CHECK(column<std::uint32_t>(rows_of(file, "outcomes"), 0) == Codes{0, 1, 2, 3, 5});

  toy::write_segment(folder.file("b.h5"), about, 0, {1});
  merge_segments(folder.file("b.h5"), about);
  const DatasetTables part(folder.file("b.h5"), "place");
  CHECK(part.tables().size() == 6);  // no failures
  CHECK(column<std::uint8_t>(rows_of(part, "runs"), 5) ==
        std::vector<std::uint8_t>{1, 0, 1, 1, 0, 1});
  CHECK(column<std::uint32_t>(rows_of(part, "outcomes"), 0) == Codes{1, 4});
}

TEST_CASE("a file that is not there, foreign or damaged is refused by name") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(DatasetTables(folder.file("none.h5"), "place"), InputError);
  toy::write_bytes(folder.file("text.h5"), "not HDF5");
  CHECK_THROWS_AS(DatasetTables(folder.file("text.h5"), "place"), InputError);
  const std::string whole = toy::bytes_of_file(coins(folder, 200));
  int refused = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    std::string damaged = whole;
    const std::size_t place = (i * 104729 + 50) % whole.size();
    for (std::size_t k = 0; k < 4 && place + k < whole.size(); ++k) {
      damaged[place + k] = static_cast<char>(~damaged[place + k]);
    }
    toy::write_bytes(folder.file("b.h5"), damaged);
    try {
      const DatasetTables file(folder.file("b.h5"), "place");
      for (const DatasetTable& table : file.tables()) {
        rows_of(file, table.name);
      }
    } catch (const InputError& error) {
      ++refused;
      CHECK(std::string(error.what()).find("cannot read '" + folder.file("b.h5")) == 0);
    }
  }
  CHECK(refused > 20);
}

}  // namespace
