#include "engine/disk.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::TemporaryFolder;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

int full_disk(std::size_t /*bytes*/) { return ENOSPC; }

TEST_CASE("a file is there whole, without its temporary name") {
  const TemporaryFolder folder;
  write_whole_file(folder.file("a"), bytes_of("hello"));
  CHECK(toy::bytes_of_file(folder.file("a")) == "hello");
  CHECK(folder.names() == std::vector<std::string>{"a"});
}

TEST_CASE("a write that fails says what, where, why and how much, and leaves nothing") {
  const TemporaryFolder folder;
  set_write_fault(full_disk);
  const std::string path = folder.file("a");
  try {
    write_whole_file(path, bytes_of(std::string(1'500'000, 'x')));
    FAIL("no error");
  } catch (const OutputError& error) {
    const std::string what = error.what();
    CHECK(what.find("cannot write '" + path) == 0);
    CHECK(what.find("No space left on device (1.5 MB needed, ") != std::string::npos);
  }
  set_write_fault(nullptr);
  CHECK(folder.names().empty());
}

TEST_CASE("a log of lines goes on after a torn line") {
  const TemporaryFolder folder;
  toy::write_bytes(folder.file("log"), "first\nsec");
  LineLog log(folder.file("log"));
  log.append("second");
  CHECK(toy::bytes_of_file(folder.file("log")) == "first\nsecond\n");
}

TEST_CASE("a lock is held by one at a time, and let go") {
  const TemporaryFolder folder;
  {
    const FileLock lock(folder.file("lock"), "busy");
    CHECK_THROWS_WITH(FileLock(folder.file("lock"), "busy"), "busy");
  }
  CHECK_NOTHROW(FileLock(folder.file("lock"), "busy"));
}

TEST_CASE("files of a set get their names together, and not before") {
  const TemporaryFolder folder;
  const std::string out = folder.file("out");
  {
    FileSet set(out, {"a", "b"}, false);
    set.begin("a");
    set.append("one");
    set.begin("b");
    set.append("tw");
    set.append("o");
    std::vector<std::string> names = folder.names();
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"a.tmp", "b.tmp", "out"});
    set.publish();
  }
  CHECK(toy::bytes_of_file(out + "/a") == "one");
  CHECK(toy::bytes_of_file(out + "/b") == "two");
  CHECK(folder.names().size() == 3);
}

TEST_CASE("a set that is not published leaves what was there") {
  const TemporaryFolder folder;
  {
    FileSet set(folder.file("new"), {"a"}, false);
    set.begin("a");
    set.append("one");
  }
  CHECK(folder.names().empty());
  write_whole_file(folder.file("a"), bytes_of("old"));
  {
    FileSet set(folder.file(""), {"a"}, true);
    set.begin("a");
    set.append("new");
  }
  CHECK(folder.names() == std::vector<std::string>{"a"});
  CHECK(toy::bytes_of_file(folder.file("a")) == "old");
}

TEST_CASE("a set refuses a place that is taken, before it writes") {
  const TemporaryFolder folder;
  write_whole_file(folder.file("b"), bytes_of("old"));
  CHECK_THROWS_AS(FileSet(folder.file(""), {"a", "b"}, false), OutputPlaceError);
  CHECK_NOTHROW(FileSet(folder.file(""), {"a", "b"}, true));
  CHECK_THROWS_AS(FileSet(folder.file("b"), {"a"}, true), OutputPlaceError);
  std::filesystem::create_directory(folder.file("c"));
  CHECK_THROWS_AS(FileSet(folder.file(""), {"c"}, true), OutputPlaceError);
}

}  // namespace
