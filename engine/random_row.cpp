// Philox4x32-10 over neighbouring counters: where the processor has AVX2 or AVX-512, four or eight
// lanes of 64 bits at a time, each holding a 32-bit word of the counter; elsewhere block by block.
// Only integer operations, so all give the same bits. Rounds and constants as in Salmon et al.
// 2011, table 2.
#include "engine/random_row.hpp"

#include <array>
#include <bit>

#include "engine/contract.hpp"
#include "engine/draw_tap.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define FINGERS_HAS_VECTOR_PATHS 1
#endif

namespace fingers {

namespace {

constexpr std::size_t kBatch = 16;  ///< blocks that a vector path makes at a time

#ifdef FINGERS_HAS_VECTOR_PATHS

constexpr int kRounds = 10;

/// The words that all counters of a row share.
struct SharedWords {
  std::int64_t identity_high = 0;
  std::int64_t place = 0;
  std::int64_t replicate = 0;
};

SharedWords shared_words(const StreamKey& key, const Address& at) {
  return {.identity_high = static_cast<std::int64_t>(at.identity >> 32U),
          .place = at.draw | (at.process << 10U) | (at.step << 16U),
          .replicate = key.replicate};
}

// NOLINTBEGIN(modernize-avoid-c-arrays): a template loses the alignment of a vector type
// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): how the intrinsics take memory

constexpr std::size_t kNarrow = 4;  ///< vectors of four lanes each

/// The counters of sixteen neighbouring blocks. Only the low half of a lane counts until the end.
/// Loops over them are unrolled by order: an array that is indexed by a variable stays in memory,
/// which takes twice as long.
struct NarrowCounters {
  __m256i word[4][kNarrow];
};

__attribute__((target("avx2"))) inline void narrow_round(NarrowCounters& c, __m256i key0,
                                                         __m256i key1) {
  const __m256i multiplier0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i multiplier1 = _mm256_set1_epi64x(0xCD9E8D57);
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kNarrow; ++v) {
    const __m256i product0 = _mm256_mul_epu32(c.word[0][v], multiplier0);
    const __m256i product1 = _mm256_mul_epu32(c.word[2][v], multiplier1);
    const __m256i high0 = _mm256_srli_epi64(product0, 32);
    const __m256i high1 = _mm256_srli_epi64(product1, 32);
    c.word[0][v] = _mm256_xor_si256(_mm256_xor_si256(high1, c.word[1][v]), key0);
    c.word[1][v] = product1;
    c.word[2][v] = _mm256_xor_si256(_mm256_xor_si256(high0, c.word[3][v]), key1);
    c.word[3][v] = product0;
  }
}

/// Two 32-bit words of each lane as one 64-bit word.
__attribute__((target("avx2"))) inline __m256i joined(__m256i low, __m256i high) {
  return _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0b10101010);
}

__attribute__((target("avx2"))) void fill_narrow(const StreamKey& key, const Address& first,
                                                 std::uint64_t* out) {
  const SharedWords shared = shared_words(key, first);
  NarrowCounters c{};
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kNarrow; ++v) {
    const std::uint64_t low = (first.identity & 0xFFFFFFFFU) + 4 * v;
    c.word[0][v] = _mm256_add_epi64(_mm256_set1_epi64x(std::bit_cast<std::int64_t>(low)),
                                    _mm256_set_epi64x(3, 2, 1, 0));
    c.word[1][v] = _mm256_set1_epi64x(shared.identity_high);
    c.word[2][v] = _mm256_set1_epi64x(shared.place);
    c.word[3][v] = _mm256_set1_epi64x(shared.replicate);
  }
  std::uint32_t key0 = key.words[0];
  std::uint32_t key1 = key.words[1];
#pragma GCC unroll 10
  for (int r = 0; r < kRounds; ++r) {
    narrow_round(c, _mm256_set1_epi64x(key0), _mm256_set1_epi64x(key1));
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kNarrow; ++v) {
    const __m256i a = joined(c.word[0][v], c.word[1][v]);
    const __m256i b = joined(c.word[2][v], c.word[3][v]);
    const __m256i even = _mm256_unpacklo_epi64(a, b);  // blocks 0 and 2
    const __m256i odd = _mm256_unpackhi_epi64(a, b);   // blocks 1 and 3
    auto* const to = reinterpret_cast<__m256i*>(out + 8 * v);
    _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
  }
}

constexpr std::size_t kWide = 2;  ///< vectors of eight lanes each

/// Masks that mask nothing: GCC 12 warns of its own unmasked intrinsics.
constexpr __mmask8 kAllLanes = 0xFF;

struct WideCounters {
  __m512i word[4][kWide];
};

__attribute__((target("avx512f"))) inline void wide_round(WideCounters& c, __m512i key0,
                                                          __m512i key1) {
  const __m512i multiplier0 = _mm512_set1_epi64(0xD2511F53);
  const __m512i multiplier1 = _mm512_set1_epi64(0xCD9E8D57);
  constexpr int kXorOfThree = 0x96;
#pragma GCC unroll 2
  for (std::size_t v = 0; v < kWide; ++v) {
    const __m512i product0 = _mm512_maskz_mul_epu32(kAllLanes, c.word[0][v], multiplier0);
    const __m512i product1 = _mm512_maskz_mul_epu32(kAllLanes, c.word[2][v], multiplier1);
    const __m512i high0 = _mm512_maskz_srli_epi64(kAllLanes, product0, 32);
    const __m512i high1 = _mm512_maskz_srli_epi64(kAllLanes, product1, 32);
    c.word[0][v] = _mm512_ternarylogic_epi64(high1, c.word[1][v], key0, kXorOfThree);
    c.word[1][v] = product1;
    c.word[2][v] = _mm512_ternarylogic_epi64(high0, c.word[3][v], key1, kXorOfThree);
    c.word[3][v] = product0;
  }
}

/// Two 32-bit words of each lane as one 64-bit word.
__attribute__((target("avx512f"))) inline __m512i joined(__m512i low, __m512i high) {
  return _mm512_mask_blend_epi32(0xAAAA, low, _mm512_maskz_slli_epi64(kAllLanes, high, 32));
}

__attribute__((target("avx512f"))) void fill_wide(const StreamKey& key, const Address& first,
                                                  std::uint64_t* out) {
  const SharedWords shared = shared_words(key, first);
  WideCounters c{};
#pragma GCC unroll 2
  for (std::size_t v = 0; v < kWide; ++v) {
    const std::uint64_t low = (first.identity & 0xFFFFFFFFU) + 8 * v;
    c.word[0][v] = _mm512_add_epi64(_mm512_set1_epi64(std::bit_cast<std::int64_t>(low)),
                                    _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    c.word[1][v] = _mm512_set1_epi64(shared.identity_high);
    c.word[2][v] = _mm512_set1_epi64(shared.place);
    c.word[3][v] = _mm512_set1_epi64(shared.replicate);
  }
  std::uint32_t key0 = key.words[0];
  std::uint32_t key1 = key.words[1];
#pragma GCC unroll 10
  for (int r = 0; r < kRounds; ++r) {
    wide_round(c, _mm512_set1_epi64(key0), _mm512_set1_epi64(key1));
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  const __m512i first_half = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
  const __m512i second_half = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
#pragma GCC unroll 2
  for (std::size_t v = 0; v < kWide; ++v) {
    const __m512i a = joined(c.word[0][v], c.word[1][v]);
    const __m512i b = joined(c.word[2][v], c.word[3][v]);
    _mm512_storeu_si512(out + 16 * v, _mm512_permutex2var_epi64(a, first_half, b));
    _mm512_storeu_si512(out + 16 * v + 8, _mm512_permutex2var_epi64(a, second_half, b));
  }
}

// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
// NOLINTEND(modernize-avoid-c-arrays)

using FillBatch = void (*)(const StreamKey&, const Address&, std::uint64_t*);

/// What this processor has; null: no vectors wide enough.
FillBatch vector_path() {
  static const FillBatch path = __builtin_cpu_supports("avx512f") != 0 ? &fill_wide
                                : __builtin_cpu_supports("avx2") != 0  ? &fill_narrow
                                                                       : nullptr;
  return path;
}

#else

using FillBatch = void (*)(const StreamKey&, const Address&, std::uint64_t*);
FillBatch vector_path() { return nullptr; }

#endif

}  // namespace

void random_row(const StreamKey& key, const Address& first, std::span<std::uint64_t> out) {
  EXPECT_CONTRACT(out.size() % 2 == 0);
  EXPECT_CONTRACT(first.step <= kMaxStep && first.process <= kMaxProcess && first.draw <= kMaxDraw);
  const std::size_t n = out.size() / 2;
  EXPECT_CONTRACT((first.identity & 0xFFFFFFFFU) + n <= 0x100000000U);
  Address at = first;
  std::size_t done = 0;
  const FillBatch fill = vector_path();
  if (fill != nullptr && draw_tap() == nullptr) {  // a tap sees block by block
    for (; done + kBatch <= n; done += kBatch) {
      fill(key, at, out.data() + 2 * done);
      at.identity += kBatch;
    }
  }
  for (; done < n; ++done) {
    const auto block = random_block(key, at);
    out[2 * done] = block[0];
    out[2 * done + 1] = block[1];
    at.identity += 1;
  }
}

}  // namespace fingers
