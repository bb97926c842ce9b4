// What `fingers demo` shows: frames on a terminal, plain lines in a pipe. Glyphs tell what colours
// tell (which differ in lightness, too), so that nothing hangs on seeing them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fingers {

/// One regime in one month.
struct Lane {
  std::string name;
  std::string newest;        ///< the newest base model, in words
  double acting_share = 0;   ///< community developers who act this month, 0 to 1
  double harm_musd = 0;      ///< so far
  double freedom = 0;        ///< to tune what one runs, exercisable, 0 to 1
  bool catastrophe = false;  ///< there has been one
  bool ended = false;
};

struct DemoFrame {
  std::string title;
  std::string words;  ///< of the claim
  std::string month;  ///< "2027-03"
  std::vector<Lane> lanes;
  std::vector<std::string> events;  ///< newest last
};

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Whether standard output is a terminal that can be drawn on.
bool can_draw();
ScreenSize screen_size();

/// A text of at most `rows` lines of at most `columns` columns, colours aside.
std::string frame_text(const DemoFrame& frame, const ScreenSize& size, bool coloured);
/// The same for a pipe: a line for each regime.
std::string plain_text(const DemoFrame& frame);

/// Hides the cursor and takes a screen of its own, and gives both back.
class DrawnScreen {
 public:
  DrawnScreen();
  ~DrawnScreen();
  DrawnScreen(const DrawnScreen&) = delete;
  DrawnScreen& operator=(const DrawnScreen&) = delete;
  DrawnScreen(DrawnScreen&&) = delete;
  DrawnScreen& operator=(DrawnScreen&&) = delete;

  void draw(const std::string& text) const;
};

}  // namespace fingers
