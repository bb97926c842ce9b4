#include "engine/careful_child.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace fingers {

namespace {

constexpr rlim_t kCpuSeconds = 20;
constexpr unsigned kWallSeconds = 60;

/// The child's whole life. What it prints when it crashes is nobody's concern.
[[noreturn]] void live_as_child(const std::function<void()>& attempt) {
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  const rlimit little_time{.rlim_cur = kCpuSeconds, .rlim_max = kCpuSeconds};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setrlimit(RLIMIT_CPU, &little_time);
  ::alarm(kWallSeconds);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the C library has no other way.
  if (const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) {
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
  }
  try {
    attempt();
  } catch (...) {
    ::_exit(0);  // an orderly refusal, which the parent will meet too
  }
  ::_exit(0);
}

}  // namespace

bool survives_in_child(const std::function<void()>& attempt) {
  const pid_t child = ::fork();
  if (child < 0) {
    return true;  // no process to spare: then without the net
  }
  if (child == 0) {
    live_as_child(attempt);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return true;
    }
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace fingers
