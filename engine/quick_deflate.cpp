// Tested by tests/engine/chunk_codec_test.cpp.
#include "engine/quick_deflate.hpp"

#ifdef FINGERS_HAS_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
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

/// A zlib stream that is being written; false from any member: it does not fit.
class ZlibStream {
 public:
  explicit ZlibStream(std::span<std::byte> output) : output_(output) {}

  bool begin() {
    constexpr std::array kHeader = {std::byte{0x78}, std::byte{0x01}};
    return put(kHeader);
  }

  /// Blocks that are not compressed (RFC 1951, section 3.2.4).
  bool store(std::span<const std::byte> input, bool last) {
    constexpr std::size_t kMostStored = 65535;
    for (bool more = true; more;) {
      const auto block = input.first(std::min(input.size(), kMostStored));
      input = input.subspan(block.size());
      more = !input.empty();
      const auto length = static_cast<std::uint16_t>(block.size());
      const std::array header = {std::byte{last && !more ? std::uint8_t{1} : std::uint8_t{0}},
                                 byte_of(length, 0), byte_of(length, 1), ~byte_of(length, 0),
                                 ~byte_of(length, 1)};
      if (!put(header) || !put(block)) {
        return false;
      }
    }
    return true;
  }

  /// Blocks that end at a whole byte, and that look back no further than `input` begins.
  bool deflate(std::span<const std::byte> input, bool last) {
    thread_local const auto workspace = std::make_unique<Workspace>();
    isal_zstream& stream = workspace->stream;
    isal_deflate_init(&stream);
    stream.level = 1;
    stream.level_buf = workspace->level_buffer.data();
    stream.level_buf_size = static_cast<std::uint32_t>(workspace->level_buffer.size());
    stream.gzip_flag = IGZIP_DEFLATE;
    stream.flush = last ? NO_FLUSH : FULL_FLUSH;
    stream.end_of_stream = last ? 1 : 0;
    stream.next_in = bytes_of(input);
    stream.avail_in = static_cast<std::uint32_t>(input.size());
    stream.next_out = bytes_of(output_);
    stream.avail_out = static_cast<std::uint32_t>(output_.size());
    EXPECT_CONTRACT(isal_deflate(&stream) == COMP_OK);
    output_ = output_.subspan(stream.total_out);
    return !output_.empty() && stream.avail_in == 0;
  }

  bool end(std::span<const std::byte> input) {
    const std::uint32_t sum = isal_adler32(1, bytes_of(input), input.size());
    return put(std::array{byte_of(sum, 3), byte_of(sum, 2), byte_of(sum, 1), byte_of(sum, 0)});
  }

  [[nodiscard]] std::size_t room() const { return output_.size(); }

 private:
  static std::byte byte_of(std::uint32_t number, unsigned place) {
    return static_cast<std::byte>((number >> (8 * place)) & 0xFFU);
  }

  /// For ISA-L, which does not write to its input.
  template <class Byte>
  static std::uint8_t* bytes_of(std::span<Byte> bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)
    return reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(bytes.data()));
  }

  bool put(std::span<const std::byte> bytes) {
    if (bytes.size() > output_.size()) {
      return false;
    }
    std::ranges::copy(bytes, output_.begin());
    output_ = output_.subspan(bytes.size());
    return true;
  }

  std::span<std::byte> output_;  ///< what is left of it
};

/// Whether more than half of its bytes, by a sample, differ from the one before.
bool is_noise(std::span<const std::byte> plane) {
  constexpr std::size_t kSample = 512;
  const std::size_t step = std::max<std::size_t>(1, plane.size() / kSample);
  std::size_t looked_at = 0;
  std::size_t changed = 0;
  for (std::size_t i = 1; i < plane.size(); i += step) {
    ++looked_at;
    changed += plane[i] != plane[i - 1] ? 1U : 0U;
  }
  return 2 * changed > looked_at;
}

}  // namespace

std::size_t quick_deflate(std::span<const std::byte> input, std::size_t n_planes,
                          std::span<std::byte> output) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  EXPECT_CONTRACT(n_planes > 0 && input.size() % n_planes == 0);
  if (input.size() > kMost || output.size() > kMost) {
    return 0;
  }
  const std::size_t length = input.size() / n_planes;
  ZlibStream stream(output);
  bool fits = stream.begin();
  for (std::size_t start = 0; fits && start < n_planes;) {
    const bool noise = is_noise(input.subspan(start * length, length));
    std::size_t end = start + 1;
    while (end < n_planes && is_noise(input.subspan(end * length, length)) == noise) {
      ++end;
    }
    const auto planes = input.subspan(start * length, (end - start) * length);
    const bool last = end == n_planes;
    fits = noise ? stream.store(planes, last) : stream.deflate(planes, last);
    start = end;
  }
  return fits && stream.end(input) ? output.size() - stream.room() : 0;
}

#else

std::size_t quick_deflate(std::span<const std::byte> /*input*/, std::size_t /*n_planes*/,
                          std::span<std::byte> /*output*/) {
  return 0;
}

#endif

}  // namespace fingers
