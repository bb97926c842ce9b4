// Tested by tests/engine/chunk_codec_test.cpp.
#include "engine/quick_deflate.hpp"

#ifdef FINGERS_HAS_ISAL
#include <isa-l/igzip_lib.h>

#include <array>
#include <limits>
#include <memory>

#include "engine/contract.hpp"
#endif

namespace fingers {

#ifdef FINGERS_HAS_ISAL

namespace {

/// What a stream works in: too much for a stack.
struct Workspace {
  isal_zstream stream;
  std::array<std::uint8_t, ISAL_DEF_LVL1_DEFAULT> level_buffer;
};

}  // namespace

std::size_t quick_deflate(std::span<const std::byte> input, std::span<std::byte> output) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (input.size() > kMost || output.size() > kMost) {
    return 0;
  }
  thread_local const auto workspace = std::make_unique<Workspace>();
  isal_zstream& stream = workspace->stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = workspace->level_buffer.data();
  stream.level_buf_size = static_cast<std::uint32_t>(workspace->level_buffer.size());
  stream.gzip_flag = IGZIP_ZLIB;
  stream.flush = NO_FLUSH;
  stream.end_of_stream = 1;
  // ISA-L does not write through next_in.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(input.data()));
  stream.avail_in = static_cast<std::uint32_t>(input.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  stream.next_out = reinterpret_cast<std::uint8_t*>(output.data());
  stream.avail_out = static_cast<std::uint32_t>(output.size());
  EXPECT_CONTRACT(isal_deflate(&stream) == COMP_OK);
  return stream.internal_state.state == ZSTATE_END ? stream.total_out : 0;
}

#else

std::size_t quick_deflate(std::span<const std::byte> /*input*/, std::span<std::byte> /*output*/) {
  return 0;
}

#endif

}  // namespace fingers
