// One flipped bit anywhere in a results file: it is named, or nothing that the file tells has
// changed; never a crash, a hang, or another digest of a file that verify holds sound.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

#include "engine/store.hpp"
#include "engine/verify.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

/// What became of a flip, in the order of kNames.
enum Outcome : std::uint8_t { named, refused, unchanged, wrong_digest, unreadable, crashed, hung };
constexpr std::array<const char*, 7> kNames = {
    "verify names the damage",          "refused in words",
    "nothing that is read has changed", "WRONG: sound, with another digest",
    "WRONG: sound, but not read",       "WRONG: a crash",
    "WRONG: longer than 10 s"};
using Counts = std::array<int, kNames.size()>;

constexpr int kSeconds = 10;     ///< of processor time, for all that is tried
constexpr unsigned kWall = 120;  ///< on a busy machine

/// What program and library answer; each of them may crash.
Outcome outcome_of(const std::string& path, const std::string& digest) {
  try {
    if (!verify_file(path, false).is_sound()) {
      return named;
    }
  } catch (const InputError&) {
    return refused;
  }
  try {
    read_info(path);
    return content_digest(path) == digest ? unchanged : wrong_digest;
  } catch (const InputError&) {
    return unreadable;
  }
}

/// The same in a child, of which a crash or a hang is told apart.
Outcome outcome_in_child(const std::string& path, const std::string& digest) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(kWall);
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    for (const int crash : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
      static_cast<void>(std::signal(crash, SIG_DFL));
    }
    ::_exit(outcome_of(path, digest));
  }
  int status = 0;
  rusage used{};  // with all that it waited for
  ::wait4(child, &status, 0, &used);
  if (used.ru_utime.tv_sec + used.ru_stime.tv_sec > kSeconds) {
    return hung;
  }
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGALRM ? hung : crashed;
  }
  return WEXITSTATUS(status) < crashed ? static_cast<Outcome>(WEXITSTATUS(status)) : crashed;
}

/// A file of which each bit can be flipped and put back.
class FlippedFile {
 public:
  FlippedFile() {
    DatasetDescription about = toy::describe(CoinModel(), 2);
    about.provenance_text = "{\"program\": \"coins\"}";
    toy::run_batch(about, toy::quiet_options(path()));
    digest_ = content_digest(path());
    whole_ = toy::bytes_of_file(path());
  }
  [[nodiscard]] std::size_t size() const { return whole_.size(); }

  Outcome flip(std::size_t place, unsigned bit) {
    std::string bytes = whole_;
    bytes[place] = static_cast<char>(static_cast<unsigned char>(bytes[place]) ^ (1U << bit));
    toy::write_bytes(path(), bytes);
    return outcome_in_child(path(), digest_);
  }

 private:
  [[nodiscard]] std::string path() const { return folder_.file("a.h5"); }

  TemporaryFolder folder_;
  std::string whole_;
  std::string digest_;
};

/// Says what was wrong, and where.
void count(Counts& counts, Outcome outcome, std::size_t place, unsigned bit) {
  ++counts.at(outcome);
  if (outcome > unchanged) {
    std::cout << "byte " << place << ", bit " << bit << ": " << kNames.at(outcome) << "\n";
  }
}

int n_wrong(const Counts& counts) {
  return counts[wrong_digest] + counts[unreadable] + counts[crashed] + counts[hung];
}

TEST_CASE("200 flipped bits are named, or change nothing that is read") {
  FlippedFile file;
  std::mt19937_64 draw(20261128);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same places each time
  Counts counts{};
  for (int i = 0; i < 200; ++i) {
    const std::size_t place = draw() % file.size();
    const auto bit = static_cast<unsigned>(draw() % 8);
    count(counts, file.flip(place, bit), place, bit);
  }
  CHECK(n_wrong(counts) == 0);
  CHECK(counts[named] + counts[refused] > 100);
}

/// Which bytes: all, or those of one of several processes: "1/4" is every fourth, from the second.
struct Part {
  std::size_t first = 0;
  std::size_t of = 1;
};

Part asked_part() {
  const char* const text = std::getenv("FINGERS_FLIPS");  // NOLINT(concurrency-mt-unsafe)
  Part part;
  if (text != nullptr) {
    char slash = 0;
    std::istringstream(text) >> part.first >> slash >> part.of;
    REQUIRE(slash == '/');
    REQUIRE(part.first < part.of);
  }
  return part;
}

// Not in the usual run: .ci/thorough.sh flips.
TEST_CASE("a flipped bit in any byte is named, or changes nothing that is read", "[.][flips]") {
  FlippedFile file;
  const Part part = asked_part();
  Counts counts{};
  for (std::size_t place = part.first; place < file.size(); place += part.of) {
    const auto bit = static_cast<unsigned>(place * 5 % 8);
    count(counts, file.flip(place, bit), place, bit);
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::cout << kNames.at(i) << ": " << counts.at(i) << "\n";
  }
  CHECK(n_wrong(counts) == 0);
}

}  // namespace
