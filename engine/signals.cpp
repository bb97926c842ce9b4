// The handlers only set lock-free flags; whoever runs a batch looks at them between runs.
#include "engine/signals.hpp"

#include <unistd.h>

#include <csignal>

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr int kStoppedByInterrupt = 130;
constexpr int kStoppedByTerminate = 75;

static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// A signal handler can reach nothing but globals.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> stop_flag{false};
std::atomic<int> first_signal{0};
std::atomic<bool> interrupted_before{false};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void note_signal(int signal) {
  if (signal == SIGINT && interrupted_before.exchange(true)) {
    ::_exit(kStoppedByInterrupt);
  }
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
  stop_flag.store(true);
}

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  EXPECT_CONTRACT(::sigaction(signal, &action, nullptr) == 0);
}

}  // namespace

void watch_signals() {
  set_handler(SIGINT, note_signal);
  set_handler(SIGTERM, note_signal);
  set_handler(SIGXFSZ, SIG_IGN);
  set_handler(SIGPIPE, SIG_IGN);
}

const std::atomic<bool>& stop_requested() { return stop_flag; }

int stop_exit_code() {
  switch (first_signal.load()) {
    case SIGINT:
      return kStoppedByInterrupt;
    case SIGTERM:
      return kStoppedByTerminate;
    default:
      return 0;
  }
}

}  // namespace fingers
