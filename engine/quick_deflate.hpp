// The one door to ISA-L: deflate five times as fast as libdeflate's quickest level, for bytes that
// need not be the same everywhere, since its output differs between processors. It is used where
// the program was built with it.
#pragma once

#include <cstddef>
#include <span>

namespace fingers {

/// Compresses to a zlib stream in `output` and answers its length; 0: it does not fit, or there is
/// no ISA-L. From many threads at once.
std::size_t quick_deflate(std::span<const std::byte> input, std::span<std::byte> output);

}  // namespace fingers
