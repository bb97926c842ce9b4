// A look at every random block of a thread while it is made: for logs of draws, and for tests that
// change one of them. Nobody looks in an ordinary run, which then pays one comparison a block.
#pragma once

#include <array>
#include <cstdint>

#include "engine/random.hpp"

namespace fingers {

class DrawTap {
 public:
  DrawTap() = default;
  virtual ~DrawTap() = default;
  DrawTap(const DrawTap&) = delete;
  DrawTap& operator=(const DrawTap&) = delete;
  DrawTap(DrawTap&&) = delete;
  DrawTap& operator=(DrawTap&&) = delete;

  /// Called with each block before anybody uses it. What it leaves in `words` is what is drawn.
  virtual void drawn(const StreamKey& key, const Address& address,
                     std::array<std::uint64_t, 2>& words) = 0;
};

/// Set by TapDraws alone.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a draw has no other argument
inline constinit thread_local DrawTap* current_draw_tap = nullptr;

/// The tap of this thread, or null.
inline DrawTap* draw_tap() { return current_draw_tap; }

/// While it lives, blocks that this thread makes go by `tap`, and no longer by the tap before it.
class TapDraws {
 public:
  explicit TapDraws(DrawTap& tap) : before_(current_draw_tap) { current_draw_tap = &tap; }
  ~TapDraws() { current_draw_tap = before_; }
  TapDraws(const TapDraws&) = delete;
  TapDraws& operator=(const TapDraws&) = delete;
  TapDraws(TapDraws&&) = delete;
  TapDraws& operator=(TapDraws&&) = delete;

 private:
  DrawTap* before_;
};

}  // namespace fingers
