#include "cli/demo_screen.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "agents/story_words.hpp"
#include "cli/terminal.hpp"

namespace fingers {

namespace {

// Okabe and Ito's vermilion and blue, as near as 256 colours come.
constexpr std::string_view kHarm = "\x1b[38;5;202m";
constexpr std::string_view kFreedom = "\x1b[38;5;33m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kEnd = "\x1b[0m";

std::string cut(std::string_view text, std::size_t columns) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (columns_of(out) > columns) {
      out.pop_back();
      while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U) {
        out.pop_back();
      }
      return out;
    }
  }
  return out;
}

std::string repeated(std::string_view glyph, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    text += glyph;
  }
  return text;
}

std::string bar(double share, std::size_t columns, std::string_view glyph) {
  const auto full = static_cast<std::size_t>(
      std::floor(std::clamp(share, 0.0, 1.0) * static_cast<double>(columns) + 0.5));
  return repeated(glyph, full) + repeated("·", columns - full);
}

/// From 1 M$ to 100 trillion dollars on a logarithmic scale.
double harm_share(double musd) { return musd <= 1 ? 0.0 : std::log10(musd) / 8.0; }

std::string in_colour(std::string_view colour, std::string_view text, bool coloured) {
  return coloured ? std::string(colour) + std::string(text) + std::string(kEnd) : std::string(text);
}

std::string lane_text(const Lane& lane, std::size_t columns, bool coloured) {
  const std::string state = lane.ended ? "✗ ended" : lane.catastrophe ? "✗ catastrophe" : "";
  const std::string head = cut(lane.name + "  " + lane.newest, columns - 16);
  const std::size_t half = (columns - 48) / 2;
  return in_colour(kBold, padded(head, columns - 15), coloured) +
         in_colour(kHarm, state, coloured) + "\n  fingers " +
         bar(lane.acting_share, columns - 12, "●") + "\n  harm " +
         in_colour(kHarm, bar(harm_share(lane.harm_musd), half, "█"), coloured) + " " +
         padded(money_words(lane.harm_musd), 16) + " freedom " +
         in_colour(kFreedom, bar(lane.freedom, half, "▒"), coloured) +
         fmt::format(" {:3.0f} %\n", 100 * lane.freedom);
}

}  // namespace

bool can_draw() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

ScreenSize screen_size() {
  constexpr unsigned short kLeastColumns = 60;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return {};
  }
  return {.columns = std::max(kLeastColumns, size.ws_col), .rows = size.ws_row};
}

std::string frame_text(const DemoFrame& frame, const ScreenSize& size, bool coloured) {
  constexpr std::size_t kHead = 3;
  constexpr std::size_t kLinesOfLane = 3;
  std::string text =
      in_colour(kBold, cut(frame.month + "  " + frame.title, size.columns - 1), coloured) + "\n" +
      cut("“" + frame.words + "”", size.columns - 1) + "\n\n";
  for (const Lane& lane : frame.lanes) {
    text += lane_text(lane, size.columns, coloured);
  }
  const std::size_t used = kHead + kLinesOfLane * frame.lanes.size() + 2;
  const std::size_t room = size.rows > used ? size.rows - used : 0;
  const std::size_t n = std::min(room, frame.events.size());
  text += "\n";
  for (std::size_t i = frame.events.size() - n; i < frame.events.size(); ++i) {
    text += cut(frame.events[i], size.columns - 1) + "\n";
  }
  return text;
}

std::string plain_text(const DemoFrame& frame) {
  std::string text;
  for (const Lane& lane : frame.lanes) {
    text +=
        fmt::format("{}  {}: harm so far {}, freedom to tune {:.0f} %{}\n", frame.month, lane.name,
                    money_words(lane.harm_musd), 100 * lane.freedom, lane.ended ? ", ended" : "");
  }
  return text;
}

DrawnScreen::DrawnScreen() { write_result("\x1b[?1049h\x1b[?25l"); }

DrawnScreen::~DrawnScreen() { write_result("\x1b[?25h\x1b[?1049l"); }

void DrawnScreen::draw(const std::string& text) const {
  std::string lines = "\x1b[H";
  for (const char c : text) {
    lines += c == '\n' ? "\x1b[K\r\n" : std::string(1, c);
  }
  write_result(lines + "\x1b[J");
}

}  // namespace fingers
