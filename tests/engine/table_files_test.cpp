#include "engine/table_files.hpp"

#include <algorithm>
#include <cerrno>

#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/never_stops.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

const std::atomic<bool> kStop{true};

/// Writes the tosses of a file of coins; answers their text.
std::string written_tosses(const TemporaryFolder& folder, TableFormat format, int threads) {
  const DatasetTables dataset(folder.file("a.h5"), "place");
  const auto& tables = dataset.tables();
  const auto tosses = std::ranges::find(tables, "tosses", &DatasetTable::name);
  const std::string name = file_name("tosses", format);
  FileSet set(folder.file("out"), {name}, true);
  TableFiles files(set, format, threads, kNeverStops);
  const auto rows = files.write(dataset, *tosses, {});
  CHECK(rows == read_info(folder.file("a.h5")).totals.table_rows[0].second);
  set.publish();
  return toy::bytes_of_file(folder.file("out/" + name));
}

TEST_CASE("a table is a file, and its bytes do not depend on the number of threads") {
  const TemporaryFolder folder;
  toy::run_batch(toy::describe(CoinModel(), 300), toy::quiet_options(folder.file("a.h5")));
  for (const TableFormat format : {TableFormat::csv, TableFormat::json}) {
    const std::string text = written_tosses(folder, format, 1);
    CHECK(written_tosses(folder, format, 3) == text);
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
    const std::uint64_t header = format == TableFormat::csv ? 1 : 0;
    CHECK(lines == read_info(folder.file("a.h5")).totals.table_rows[0].second + header);
  }
  CHECK(written_tosses(folder, TableFormat::csv, 2).find("0,casino,0,0,0,2026,") !=
        std::string::npos);
}

TEST_CASE("a small table is written whole") {
  const TemporaryFolder folder;
  TextTable table("notes");
  table.add_column("name", CellKind::text);
  table.add_column("value", CellKind::json);
  table.add_row({"a", "[1]"});
  table.add_row({"b", ""});
  FileSet set(folder.file("out"), {"notes.jsonl"}, false);
  TableFiles(set, TableFormat::json, 1, kNeverStops).write(table);
  set.publish();
  CHECK(toy::bytes_of_file(folder.file("out/notes.jsonl")) ==
        "{\"name\":\"a\",\"value\":[1]}\n{\"name\":\"b\",\"value\":null}\n");
}

int no_space(std::size_t /*bytes*/) { return ENOSPC; }

TEST_CASE("a full disk or a stop leaves nothing") {
  const TemporaryFolder folder;
  toy::run_batch(toy::describe(CoinModel(), 30), toy::quiet_options(folder.file("a.h5")));
  const std::vector<std::string> before = folder.names();
  const DatasetTables dataset(folder.file("a.h5"), "place");
  {
    FileSet set(folder.file("out"), {"design.csv"}, false);
    TableFiles files(set, TableFormat::csv, 1, kNeverStops);
    CHECK(files.write(dataset, dataset.tables().front(), {}) == 2);
    set_write_fault(no_space);
    CHECK_THROWS_AS(files.write(dataset, dataset.tables().front(), {}), OutputError);
    set_write_fault(nullptr);
  }
  CHECK(folder.names() == before);
  {
    FileSet set(folder.file("out"), {"design.csv"}, false);
    TableFiles files(set, TableFormat::csv, 1, kStop);
    CHECK_FALSE(files.write(dataset, dataset.tables().front(), {}));
  }
  CHECK(folder.names() == before);
}

}  // namespace
