#include "engine/memory_dataset.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/never_stops.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

const MemoryGroup& group_of(const MemoryDataset& dataset, const std::string& name) {
  const auto found = std::ranges::find(dataset.groups, name, &MemoryGroup::name);
  REQUIRE(found != dataset.groups.end());
  return *found;
}

template <class Value>
const std::vector<Value>& values_of(const MemoryGroup& group, const std::string& name) {
  const auto found = std::ranges::find_if(
      group.columns, [&](const MemoryColumn& column) { return column.declaration.name == name; });
  REQUIRE(found != group.columns.end());
  return std::get<std::vector<Value>>(found->values);
}

/// One toss of coins fails.
RunRecord toss_but_one(const DatasetDescription& about, std::uint32_t point,
                       std::uint32_t replicate) {
  if (point == 1 && replicate == 2) {
    throw std::runtime_error("the coin rolled away");
  }
  return toy::toss_coins(about, point, replicate);
}

/// A row of a column as a file's reader gives it.
ColumnData part_of(const ColumnData& all, std::uint64_t start, std::uint64_t count) {
  return std::visit(
      [&](const auto& values) -> ColumnData {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(start);
        return std::remove_cvref_t<decltype(values)>(first,
                                                     first + static_cast<std::ptrdiff_t>(count));
      },
      all);
}

/// The record of a run, put together from the columns in memory.
RunRecord record_in(const MemoryDataset& dataset, const DatasetDescription& about,
                    std::size_t row) {
  const MemoryGroup& runs = group_of(dataset, "runs");
  RunRecord record;
  for (const TableDeclaration& table : about.schema.tables) {
    const std::uint64_t start = values_of<std::uint64_t>(runs, table.row + "_start")[row];
    const std::uint32_t count = values_of<std::uint32_t>(runs, table.row + "_count")[row];
    const MemoryGroup& group = group_of(dataset, table.name);
    const auto number = values_of<std::uint32_t>(group, "run");
    for (std::uint64_t i = start; i < start + count; ++i) {
      CHECK(number[i] == row);
    }
    std::vector<ColumnData>& columns = record.tables.emplace_back();
    for (std::size_t i = 1; i < group.columns.size(); ++i) {
      columns.push_back(part_of(group.columns[i].values, start, count));
    }
  }
  for (const ColumnDeclaration& quantity : about.schema.series) {
    const auto& all = values_of<float>(group_of(dataset, "series"), quantity.name);
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(row * about.clock.n_steps);
    record.series.insert(record.series.end(), first, first + about.clock.n_steps);
  }
  for (const ColumnDeclaration& outcome : about.schema.outcomes) {
    record.outcomes.push_back(values_of<double>(runs, outcome.name)[row]);
  }
  return record;
}

TEST_CASE("a dataset in memory holds what its file holds") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 5);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return toss_but_one(about, point, replicate);
  };
  run_ensemble(run, about, toy::quiet_options(folder.file("a.h5")));
  const MemoryDataset dataset = run_in_memory(run, about, 2, kNeverStops);
  CHECK(dataset.uuid == dataset_uuid(about));
  CHECK(dataset.n_runs == about.design.n_runs());
  CHECK_FALSE(dataset.stopped);
  const MemoryGroup& runs = group_of(dataset, "runs");
  DatasetReader file(folder.file("a.h5"));
  std::size_t row = 0;
  for (auto header = file.next(); header; header = file.next(), ++row) {
    CHECK(values_of<std::uint32_t>(runs, "point")[row] == header->point);
    CHECK(values_of<std::uint32_t>(runs, "replicate")[row] == header->replicate);
    CHECK(values_of<std::uint64_t>(runs, "identity")[row] == header->identity);
    CHECK(values_of<std::uint8_t>(runs, "status")[row] ==
          static_cast<std::uint8_t>(header->status));
    CHECK(values_of<std::uint64_t>(runs, "content_xxh3")[row] == header->content_hash);
    CHECK(content_hash(record_in(dataset, about, row)) == header->content_hash);
  }
  CHECK(row == dataset.n_runs);
  REQUIRE(dataset.failures.size() == 1);
  CHECK(dataset.failures.front().run == 7);
  CHECK(dataset.failures.front().reason == "the coin rolled away");
}

TEST_CASE("a dataset in memory does not depend on the number of threads") {
  const DatasetDescription about = toy::describe(CoinModel(), 40);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return toy::toss_coins(about, point, replicate);
  };
  const MemoryDataset one = run_in_memory(run, about, 1, kNeverStops);
  const MemoryDataset many = run_in_memory(run, about, 4, kNeverStops);
  REQUIRE(one.groups.size() == many.groups.size());
  for (std::size_t g = 0; g < one.groups.size(); ++g) {
    for (std::size_t c = 0; c < one.groups[g].columns.size(); ++c) {
      CHECK(one.groups[g].columns[c].values == many.groups[g].columns[c].values);
    }
  }
}

TEST_CASE("a dataset in memory that is stopped has no groups") {
  const DatasetDescription about = toy::describe(CoinModel(), 40);
  std::atomic<bool> stop{false};
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    stop.store(replicate == 3);
    return toy::toss_coins(about, point, replicate);
  };
  const MemoryDataset dataset = run_in_memory(run, about, 1, stop);
  CHECK(dataset.stopped);
  CHECK(dataset.groups.empty());
}

TEST_CASE("the design in memory has the columns of the file") {
  const DatasetDescription about = toy::describe(CoinModel(), 1);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return toy::toss_coins(about, point, replicate);
  };
  const MemoryDataset dataset = run_in_memory(run, about, 1, kNeverStops);
  const MemoryGroup& design = group_of(dataset, "design");
  CHECK(values_of<std::uint32_t>(design, "point") == std::vector<std::uint32_t>{0, 1});
  CHECK(values_of<double>(design, "coin.heads") == toy::kHeads);
  CHECK(design.columns.back().pointer == "/coin/heads");
}

}  // namespace
