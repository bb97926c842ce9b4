// The one door to ISA-L: deflate five times as fast as libdeflate's quickest level, for bytes that
// need not be the same everywhere, since its output differs between processors. It is used where
// the program was built with it.
#pragma once

#include <cstddef>
#include <span>

namespace fingers {

/// Compresses to a zlib stream in `output` and answers its length; 0: it does not fit, or there is
/// no ISA-L. `input` is so many planes of equal length (byte k of each element): a plane of noise
/// is stored as it is, for it would hardly shrink, but take most of the time, now and when it is
/// read. From many threads at once.
std::size_t quick_deflate(std::span<const std::byte> input, std::size_t n_planes,
                          std::span<std::byte> output);

}  // namespace fingers
