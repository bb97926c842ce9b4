// Tested by tests/engine/careful_child_test.cpp.
#include "engine/careful_child.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "engine/store.hpp"

namespace fingers {

namespace {

/// The address sanitizer maps terabytes that it never uses.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kLimitsMemory = false;
#else
constexpr bool kLimitsMemory = true;
#endif

/// Writes all of a text to a pipe, or as much as somebody reads.
void write_all(int pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(pipe, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

void set_limit(decltype(RLIMIT_CPU) what, std::uint64_t value) {
  const rlimit limit{.rlim_cur = value, .rlim_max = value};
  ::setrlimit(what, &limit);
}

/// Address space that this process has; 0 where the system does not say.
std::uint64_t used_address_space() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  file >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// A handler of the parent's (of a test, of Python) may wait for ever in a child that crashed.
void crash_plainly() {
  for (const int crash : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
    static_cast<void>(std::signal(crash, SIG_DFL));
  }
}

/// The child's whole life. What it prints when it crashes is nobody's concern.
[[noreturn]] void live_as_child(const std::function<void(const Say&)>& work,
                                const ChildLimits& limits, int pipe) {
  constexpr std::uint64_t kWallForCpu = 3;  // a busy machine, a slow disk
  constexpr std::uint64_t kLeastWall = 60;
  crash_plainly();
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_CPU, limits.cpu_seconds);
  if (limits.memory_bytes > 0 && kLimitsMemory) {
    set_limit(RLIMIT_AS, used_address_space() + limits.memory_bytes);
  }
  ::alarm(static_cast<unsigned>(std::max(kLeastWall, kWallForCpu * limits.cpu_seconds)));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the C library has no other way.
  if (const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) {
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
  }
  const Say say = [pipe](const std::string& line) { write_all(pipe, line + "\n"); };
  try {
    work(say);
  } catch (const std::exception& error) {
    say(error.what());  // an orderly refusal, which the parent would meet too
  } catch (...) {
    say("unknown reason");
  }
  ::_exit(0);
}

/// All lines until the other end is closed; what follows the last line end is torn.
std::vector<std::string> lines_from(int pipe) {
  constexpr std::size_t kPiece = 4096;
  std::string text;
  std::array<char, kPiece> piece{};
  for (;;) {
    const ssize_t n = ::read(pipe, piece.data(), piece.size());
    if (n == 0 || (n < 0 && errno != EINTR)) {
      break;
    }
    text.append(piece.data(), n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// Without a process to spare: here, and without the net.
ChildReport work_here(const std::function<void(const Say&)>& work) {
  ChildReport report{.survived = true, .lines = {}};
  const Say say = [&report](const std::string& line) { report.lines.push_back(line); };
  try {
    work(say);
  } catch (const std::exception& error) {
    say(error.what());
  }
  return report;
}

}  // namespace

ChildReport run_in_child(const std::function<void(const Say&)>& work, const ChildLimits& limits) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) {
    return work_here(work);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    live_as_child(work, limits, ends[1]);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return work_here(work);
  }
  ChildReport report{.survived = false, .lines = lines_from(ends[0])};
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return report;
    }
  }
  report.survived = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return report;
}

ChildLimits limits_to_read(std::uint64_t file_bytes) {
  constexpr std::uint64_t kBytesASecond = 1000000;  // a twentieth of what is usual
  constexpr std::uint64_t kLeastSeconds = 5;
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 29U;
  constexpr std::uint64_t kMost = std::uint64_t{8} << 30U;
  constexpr std::uint64_t kTimes = 64;
  return {.cpu_seconds = kLeastSeconds + file_bytes / kBytesASecond,
          .memory_bytes =
              file_bytes > kMost / kTimes ? kMost : std::min(kMost, kLeast + kTimes * file_bytes)};
}

void try_in_child(const std::string& path, const std::function<void()>& attempt) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  const ChildReport report =
      run_in_child([&attempt](const Say&) { attempt(); }, limits_to_read(error ? 0 : size));
  if (!report.survived) {
    throw InputError("cannot read '" + path + "': the file is damaged");
  }
  if (!report.lines.empty()) {
    throw InputError(report.lines.back());
  }
}

}  // namespace fingers
