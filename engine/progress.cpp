// Progress lines. Tested by tests/engine/progress_test.cpp.
#include "engine/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace fingers {

namespace {

constexpr int kBarColumns = 24;
constexpr int kShortestBar = 5;
constexpr int kUnknownWidth = 80;
constexpr auto kRedrawEvery = std::chrono::milliseconds(100);
constexpr auto kPlainEvery = std::chrono::seconds(10);

std::uint64_t processed(const BatchState& state) {
  return std::min(state.done + state.failed, state.total);
}

double share_done(const BatchState& state) {
  return state.total == 0
             ? 1.0
             : static_cast<double>(processed(state)) / static_cast<double>(state.total);
}

/// Replicates a second so far; 0 while unknown.
double speed(const BatchState& state) {
  const std::uint64_t made = processed(state) - std::min(state.before, processed(state));
  return state.seconds > 0 ? static_cast<double>(made) / state.seconds : 0.0;
}

std::string speed_text(double a_second) {
  return a_second < 100 ? fmt::format("{:.1f}", a_second)
                        : with_commas(static_cast<std::uint64_t>(std::llround(a_second)));
}

std::string time_left(const BatchState& state, double a_second) {
  return as_duration(static_cast<double>(state.total - processed(state)) / a_second);
}

/// Columns that a UTF-8 text takes: its bytes less the continuation bytes (all our signs are one
/// wide).
int columns_of(const std::string& text) {
  const auto continued = std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned>(c) & 0xC0U) == 0x80U; });
  return static_cast<int>(static_cast<std::ptrdiff_t>(text.size()) - continued);
}

std::string bar_of(double share, int columns) {
  const int full = static_cast<int>(std::floor(share * columns));
  std::string bar;
  for (int i = 0; i < columns; ++i) {
    bar += i < full ? "█" : "░";
  }
  return bar;
}

int terminal_width() {
  winsize size{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the C library has no other way.
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kUnknownWidth;
  }
  return size.ws_col;
}

void print(const std::string& text) {
  // Progress that cannot be shown is no reason to stop a batch.
  static_cast<void>(std::fputs(text.c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
}

void redraw(const BatchState& state) {
  print("\r\x1b[K" + progress_line(state, terminal_width() - 1));
}

}  // namespace

std::string with_commas(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t place = 3; place < text.size(); place += 4) {
    text.insert(text.size() - place, 1, ',');
  }
  return text;
}

std::string as_duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(std::clamp(seconds, 0.0, 1e12)));
  if (whole < 60) {
    return fmt::format("{} s", whole);
  }
  if (whole < 3600) {
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {} min", with_commas(whole / 3600), whole / 60 % 60);
}

std::string progress_line(const BatchState& state, int width) {
  std::vector<std::string> parts;
  const std::string count =
      fmt::format("{}/{}", with_commas(processed(state)), with_commas(state.total));
  parts.push_back(count + " replicates");
  if (state.failed > 0) {
    parts.push_back(with_commas(state.failed) + " failed");
  }
  if (const double a_second = speed(state); a_second > 0) {
    parts.push_back(speed_text(a_second) + "/s");
    parts.push_back(processed(state) == state.total ? as_duration(state.seconds)
                                                    : time_left(state, a_second) + " left");
  }
  std::string text = fmt::format("{}", fmt::join(parts, " · "));
  while (columns_of(text) > width && parts.size() > 1) {  // the least telling part goes first
    parts.pop_back();
    text = fmt::format("{}", fmt::join(parts, " · "));
  }
  if (columns_of(text) > width) {
    text = count.substr(0, static_cast<std::size_t>(std::max(0, width)));
  }
  const int bar = std::min(kBarColumns, width - columns_of(text) - 1);
  return bar < kShortestBar ? text : bar_of(share_done(state), bar) + " " + text;
}

std::string plain_line(const BatchState& state) {
  std::string text = fmt::format("{} of {} replicates done ({} %)", with_commas(state.done),
                                 with_commas(state.total),
                                 state.total == 0 ? 100 : 100 * processed(state) / state.total);
  if (state.failed > 0) {
    text += fmt::format(", {} failed", with_commas(state.failed));
  }
  if (const double a_second = speed(state); a_second > 0) {
    text += fmt::format(", {} a second", speed_text(a_second));
    text += processed(state) == state.total ? ", in " + as_duration(state.seconds)
                                            : ", about " + time_left(state, a_second) + " left";
  }
  return text;
}

Progress::Progress(ProgressMode mode) : mode_(mode), terminal_(::isatty(STDERR_FILENO) == 1) {
  if (mode == ProgressMode::automatic && !terminal_) {
    last_ = std::chrono::steady_clock::now();  // a batch of a few seconds then prints nothing
  }
}

void Progress::update(const BatchState& state) {
  if (mode_ == ProgressMode::never) {
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  const bool first = last_ == std::chrono::steady_clock::time_point{};
  if (!first && now - last_ < (terminal_ ? kRedrawEvery : kPlainEvery)) {
    return;
  }
  last_ = now;
  if (terminal_) {
    redraw(state);
  } else {
    print(plain_line(state) + "\n");
  }
}

void Progress::finish(const BatchState& state) {
  if (mode_ == ProgressMode::never) {
    return;
  }
  if (terminal_) {
    redraw(state);
    print("\n");
  } else if (mode_ == ProgressMode::always) {
    print(plain_line(state) + "\n");
  }
}

}  // namespace fingers
