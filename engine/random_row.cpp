// Philox4x32-10 over neighbouring counters: where the processor has AVX2, four lanes of 64 bits at
// a time, each holding a 32-bit word of the counter; elsewhere block by block. Only integer
// operations, so both give the same bits. Rounds and constants as in Salmon et al. 2011, table 2.
#include "engine/random_row.hpp"

#include <array>
#include <bit>

#include "engine/contract.hpp"
#include "engine/draw_tap.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define FINGERS_HAS_AVX2_PATH 1
#endif

namespace fingers {

namespace {

constexpr std::size_t kBatch = 16;  ///< blocks that the vector path makes at a time

#ifdef FINGERS_HAS_AVX2_PATH

constexpr std::size_t kVectors =
    4;  ///< of four lanes each: enough to hide the multiplier's latency

/// The counters of sixteen neighbouring blocks. Only the low half of a lane counts until the end.
struct Counters {
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): a template loses the alignment of a vector type
  __m256i word[4][kVectors];
};

__attribute__((target("avx2"))) inline void philox_round(Counters& c, __m256i key0, __m256i key1) {
  const __m256i multiplier0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i multiplier1 = _mm256_set1_epi64x(0xCD9E8D57);
  for (std::size_t v = 0; v < kVectors; ++v) {
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

__attribute__((target("avx2"))) void fill_batch(const StreamKey& key, const Address& first,
                                                std::uint64_t* out) {
  constexpr int kRounds = 10;
  Counters c{};
  for (std::size_t v = 0; v < kVectors; ++v) {
    const std::uint64_t low = (first.identity & 0xFFFFFFFFU) + 4 * v;
    c.word[0][v] = _mm256_add_epi64(_mm256_set1_epi64x(std::bit_cast<std::int64_t>(low)),
                                    _mm256_set_epi64x(3, 2, 1, 0));
    c.word[1][v] = _mm256_set1_epi64x(static_cast<long long>(first.identity >> 32U));
    c.word[2][v] = _mm256_set1_epi64x(first.draw | (first.process << 10U) | (first.step << 16U));
    c.word[3][v] = _mm256_set1_epi64x(key.replicate);
  }
  std::uint32_t key0 = key.words[0];
  std::uint32_t key1 = key.words[1];
  for (int r = 0; r < kRounds; ++r) {
    philox_round(c, _mm256_set1_epi64x(key0), _mm256_set1_epi64x(key1));
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  for (std::size_t v = 0; v < kVectors; ++v) {
    alignas(32) std::array<std::uint64_t, 4> a{};
    alignas(32) std::array<std::uint64_t, 4> b{};
    // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): how the intrinsics take memory
    _mm256_store_si256(reinterpret_cast<__m256i*>(a.data()), joined(c.word[0][v], c.word[1][v]));
    _mm256_store_si256(reinterpret_cast<__m256i*>(b.data()), joined(c.word[2][v], c.word[3][v]));
    // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
    for (std::size_t lane = 0; lane < 4; ++lane) {
      out[2 * (4 * v + lane)] = a[lane];
      out[2 * (4 * v + lane) + 1] = b[lane];
    }
  }
}

bool has_vector_path() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

#else

void fill_batch(const StreamKey& /*key*/, const Address& /*first*/, std::uint64_t* /*out*/) {}
bool has_vector_path() { return false; }

#endif

}  // namespace

void random_row(const StreamKey& key, const Address& first, std::span<std::uint64_t> out) {
  EXPECT_CONTRACT(out.size() % 2 == 0);
  EXPECT_CONTRACT(first.step <= kMaxStep && first.process <= kMaxProcess && first.draw <= kMaxDraw);
  const std::size_t n = out.size() / 2;
  EXPECT_CONTRACT((first.identity & 0xFFFFFFFFU) + n <= 0x100000000U);
  Address at = first;
  std::size_t done = 0;
  if (has_vector_path() && draw_tap() == nullptr) {  // a tap sees block by block
    for (; done + kBatch <= n; done += kBatch) {
      fill_batch(key, at, out.data() + 2 * done);
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
