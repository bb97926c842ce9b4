#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "engine/dataset_reader.hpp"
#include "engine/disk.hpp"
#include "engine/parts.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

// The fault is a plain function.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
int writes_before_fault = 0;

int full_disk_later(std::size_t /*bytes*/) { return writes_before_fault-- > 0 ? 0 : ENOSPC; }

/// The disk is full after some writes while this lives.
class FullDisk {
 public:
  explicit FullDisk(int good_writes) {
    writes_before_fault = good_writes;
    set_write_fault(full_disk_later);
  }
  ~FullDisk() { set_write_fault(nullptr); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  FullDisk(FullDisk&&) = delete;
  FullDisk& operator=(FullDisk&&) = delete;
};

bool has_temporary(const TemporaryFolder& folder) {
  return std::ranges::any_of(folder.names(),
                             [](const std::string& name) { return name.ends_with(".tmp"); });
}

TEST_CASE("runs are durable, sorted and whole once their segment is written") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 8);
  SegmentWriter writer(folder.file("a.h5"), about, 0, Opening::fresh, {.runs = 5});
  for (std::uint32_t run = 0; run < 8; ++run) {
    writer.add(std::make_unique<RunRecord>(toy::toss_coins(about, run % 2, run / 2)));
  }
  CHECK(writer.durable_runs() == 5);
  writer.flush();
  CHECK(writer.durable_runs() == 8);
  const auto segments = list_segments(folder.file("a.h5.parts"));
  REQUIRE(segments.size() == 2);
  CHECK(segments[0].n_runs() == 5);
  CHECK(file_sha256(segments[0].path.string()) == segments[0].sha256);
  DatasetReader file(segments[0].path.string());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
  while (const auto header = file.next()) {
    order.emplace_back(header->point, header->replicate);
  }
  using Order = decltype(order);
  CHECK(order == Order{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}});
}

TEST_CASE("what waits for too long is written though no run comes") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 2);
  SegmentWriter writer(folder.file("a.h5"), about, 0, Opening::fresh, {.seconds = 1e9});
  writer.add(std::make_unique<RunRecord>(toy::toss_coins(about, 0, 0)));
  writer.flush_when_due();
  CHECK(writer.durable_runs() == 0);
  SegmentWriter eager(folder.file("b.h5"), about, 0, Opening::fresh, {.seconds = 0});
  eager.add(std::make_unique<RunRecord>(toy::toss_coins(about, 0, 0)));
  eager.flush_when_due();
  CHECK(eager.durable_runs() == 1);
}

TEST_CASE("a place that cannot be one is refused, and stays as it was") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 1);
  toy::write_bytes(folder.file("file"), "x");
  const auto refusal_of = [&](const std::string& path) {
    try {
      const SegmentWriter writer(path, about, 0, Opening::fresh);
    } catch (const OutputPlaceError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal_of(folder.file("none/a.h5")).find("there is no folder '") != std::string::npos);
  CHECK(refusal_of(folder.file("file/a.h5")).find("there is no folder '") != std::string::npos);
  CHECK(refusal_of(folder.file("")).find("it is a folder") != std::string::npos);
  CHECK(refusal_of(folder.file("file")).find("--overwrite") != std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"file"});
}

TEST_CASE("a folder without permission, and a disk that is full from the start, are refused") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 1);
  {
    const FullDisk full(0);
    CHECK_THROWS_AS(SegmentWriter(folder.file("a.h5"), about, 0, Opening::fresh), OutputPlaceError);
  }
  CHECK(folder.names().empty());
  if (::geteuid() != 0) {  // root may write everywhere
    const std::string closed = folder.file("closed");
    std::filesystem::create_directory(closed);
    ::chmod(closed.c_str(), S_IRUSR | S_IXUSR);
    CHECK_THROWS_AS(SegmentWriter(closed + "/a.h5", about, 0, Opening::fresh), OutputPlaceError);
    ::chmod(closed.c_str(), S_IRWXU);
    CHECK(std::filesystem::is_empty(closed));
  }
}

TEST_CASE("a second writer of the same output is refused while the first lives") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 1);
  {
    const SegmentWriter first(folder.file("a.h5"), about, 0, Opening::fresh);
    CHECK_THROWS_AS(SegmentWriter(folder.file("a.h5"), about, 0, Opening::overwrite),
                    OutputPlaceError);
    CHECK_NOTHROW(SegmentWriter(folder.file("a.h5"), about, 1, Opening::fresh));  // another shard
    CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), about), OutputPlaceError);
  }
  CHECK_NOTHROW(SegmentWriter(folder.file("a.h5"), about, 0, Opening::fresh));
}

TEST_CASE("finished runs of an earlier batch are not thrown away unasked") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 4);
  toy::write_segment(folder.file("a.h5"), about, 0, {0, 1});
  CHECK_THROWS_AS(SegmentWriter(folder.file("a.h5"), about, 0, Opening::fresh), OutputPlaceError);
  CHECK(list_segments(folder.file("a.h5.parts")).size() == 1);
  const SegmentWriter writer(folder.file("a.h5"), about, 0, Opening::overwrite);
  CHECK(list_segments(folder.file("a.h5.parts")).empty());
}

TEST_CASE("when the disk is full, finished runs stay and no remains are left") {
  const DatasetDescription about = toy::describe(CoinModel(), 40);
  for (int good_writes = 1; good_writes < 8; ++good_writes) {
    const TemporaryFolder folder;
    EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
    options.segments.runs = 10;
    {
      const FullDisk full(good_writes);  // the manifest's head, then two for each segment
      CHECK_THROWS_AS(toy::run_batch(about, options), OutputError);
    }
    CHECK_FALSE(has_temporary(folder));
    CHECK_FALSE(std::filesystem::exists(folder.file("a.h5")));
    const auto segments = list_segments(folder.file("a.h5.parts"));
    CHECK(segments.size() == static_cast<std::size_t>((good_writes - 1) / 2));
    merge_segments(folder.file("a.h5"), about);
    const DatasetInfo info = read_info(folder.file("a.h5"));
    CHECK(info.n_runs - info.n_missing == 10 * segments.size());
  }
}

TEST_CASE("a torn last line of a manifest is left out") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 4);
  toy::write_segment(folder.file("a.h5"), about, 0, {0});
  const std::string manifest = folder.file("a.h5.parts/manifest-000.txt");
  const std::string whole = toy::bytes_of_file(manifest);
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    toy::write_bytes(manifest, whole.substr(0, length));
    CHECK(read_manifest(manifest).size() == (length == whole.size() ? 1 : 0));
  }
  toy::write_bytes(manifest, whole + "nonsense\n");
  CHECK_THROWS_AS(read_manifest(manifest), InputError);
  std::string long_name = whole;
  long_name.insert(long_name.find(".h5"), std::string(400, '0'));  // no file can be called so
  toy::write_bytes(manifest, long_name);
  CHECK(read_manifest(manifest).empty());
}

}  // namespace
