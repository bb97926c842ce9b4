// The addresses of engine/random: Random123's published answers, what makes streams differ, what
// must not, and the independence of neighbours. The variates have a file of their own.
#include "engine/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

/// A line of Random123's kat_vectors: "philox4x32 10 counter key answer".
struct KnownAnswer {
  std::array<std::uint32_t, 4> counter;
  std::array<std::uint32_t, 2> key;
  std::array<std::uint32_t, 4> answer;
};

constexpr std::array<KnownAnswer, 3> kKnownAnswers = {{
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
}};

std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}

/// The address whose counter has these words, by the layout in random.hpp.
Address address_of(const std::array<std::uint32_t, 4>& counter) {
  return {.identity = joined(counter[0], counter[1]),
          .step = counter[2] >> 16,
          .process = (counter[2] >> 10) & kMaxProcess,
          .draw = counter[2] & kMaxDraw};
}

const StreamKey kKey = make_key(20240726, StreamKind::dynamics, 7);

/// The share of equal bits in the first words at pairs of addresses that `shift` makes.
template <class Shift>
double equal_bits(const Shift& shift) {
  constexpr std::uint64_t kPairs = 20'000;
  std::uint64_t equal = 0;
  for (std::uint64_t i = 0; i < kPairs; ++i) {
    const Address here = {.identity = i / 64, .step = static_cast<std::uint32_t>(i % 64)};
    StreamKey there_key = kKey;
    Address there = here;
    shift(there_key, there);
    const std::uint64_t difference =
        random_block(kKey, here)[0] ^ random_block(there_key, there)[0];
    equal += 64 - static_cast<std::uint64_t>(std::popcount(difference));
  }
  return static_cast<double>(equal) / (64.0 * kPairs);
}

TEST_CASE("Philox gives Random123's published answers", "[random]") {
  for (const KnownAnswer& known : kKnownAnswers) {
    const r123::Philox4x32::ctr_type counter = {
        {known.counter[0], known.counter[1], known.counter[2], known.counter[3]}};
    const r123::Philox4x32::key_type key = {{known.key[0], known.key[1]}};
    const auto words = r123::Philox4x32()(counter, key);
    CHECK(std::equal(known.answer.begin(), known.answer.end(), words.begin()));

    const auto block = random_block({.words = known.key, .replicate = known.counter[3]},
                                    address_of(known.counter));
    CHECK(block[0] == joined(known.answer[0], known.answer[1]));
    CHECK(block[1] == joined(known.answer[2], known.answer[3]));
  }
}

TEST_CASE("a draw depends on its address and on nothing drawn before", "[random]") {
  const Address address = {.identity = 42, .step = 3, .process = 2, .draw = 1};
  Stream first(kKey, address);
  const std::uint64_t word = first();
  for (std::uint64_t i = 0; i < 100; ++i) {
    Stream other(kKey, {.identity = i});
    other();
  }
  Stream again(kKey, address);
  CHECK(again() == word);
  CHECK(random_block(kKey, address)[0] == word);
}

TEST_CASE("a stream walks through its block and then through the next draws", "[random]") {
  Stream stream(kKey, {.identity = 42, .draw = 5});
  for (std::uint32_t draw = 5; draw < 9; ++draw) {
    const auto block = random_block(kKey, {.identity = 42, .draw = draw});
    CHECK(stream() == block[0]);
    CHECK(stream() == block[1]);
  }
}

TEST_CASE("a stream may use its last draw, and breaks its contract beyond", "[random]") {
  const auto take = [](int words) {
    Stream stream(kKey, {.identity = 1, .draw = kMaxDraw});
    for (int i = 0; i < words; ++i) {
      stream();
    }
  };
  CHECK_FALSE(breaks_contract([&] { take(2); }));
  CHECK(breaks_contract([&] { take(3); }));
}

TEST_CASE("an address that does not fit is a broken contract, never a wrap", "[random]") {
  const Address largest = {.identity = std::numeric_limits<std::uint64_t>::max(),
                           .step = kMaxStep,
                           .process = kMaxProcess,
                           .draw = kMaxDraw};
  CHECK_FALSE(breaks_contract([&] { random_block(kKey, largest); }));
  CHECK(breaks_contract([] { random_block(kKey, {.step = kMaxStep + 1}); }));
  CHECK(breaks_contract([] { random_block(kKey, {.process = kMaxProcess + 1}); }));
  CHECK(breaks_contract([] { random_block(kKey, {.draw = kMaxDraw + 1}); }));
}

TEST_CASE("every part of an address leads elsewhere", "[random]") {
  std::set<std::uint64_t> words;
  std::size_t n = 0;
  for (std::uint32_t replicate = 0; replicate < 2; ++replicate) {
    for (std::uint32_t branch = 0; branch < 2; ++branch) {
      for (const StreamKind kind :
           {StreamKind::design, StreamKind::population, StreamKind::dynamics}) {
        const StreamKey key = make_key(1, kind, replicate, branch);
        for (std::uint32_t bits = 0; bits < 32; ++bits) {
          const auto block = random_block(key, {.identity = (bits & 1) | ((bits >> 1 & 1ULL) << 40),
                                                .step = bits >> 2 & 1,
                                                .process = bits >> 3 & 1,
                                                .draw = bits >> 4 & 1});
          words.insert(block.begin(), block.end());
          n += 2;
        }
      }
    }
  }
  CHECK(words.size() == n);
}

TEST_CASE("neighbouring addresses share half of their bits, as strangers do", "[random]") {
  const double bound = 4.5 * 0.5 / std::sqrt(64.0 * 20'000);  // 4.5 standard errors
  CHECK(std::fabs(equal_bits([](StreamKey&, Address& a) { ++a.identity; }) - 0.5) < bound);
  CHECK(std::fabs(equal_bits([](StreamKey&, Address& a) { a.identity |= 1ULL << 63; }) - 0.5) <
        bound);
  CHECK(std::fabs(equal_bits([](StreamKey&, Address& a) { ++a.step; }) - 0.5) < bound);
  CHECK(std::fabs(equal_bits([](StreamKey&, Address& a) { ++a.process; }) - 0.5) < bound);
  CHECK(std::fabs(equal_bits([](StreamKey&, Address& a) { ++a.draw; }) - 0.5) < bound);
  CHECK(std::fabs(equal_bits([](StreamKey& k, Address&) { ++k.replicate; }) - 0.5) < bound);
  CHECK(std::fabs(equal_bits([](StreamKey& k, Address&) {
                    k = make_key(20240727, StreamKind::dynamics, 7);
                  }) -
                  0.5) < bound);
  // The check itself notices a generator that is not one.
  CHECK(std::fabs(equal_bits([](StreamKey&, Address&) {}) - 0.5) > bound);
}

TEST_CASE("uniforms of neighbours are uncorrelated", "[random]") {
  constexpr std::uint64_t kPairs = 200'000;
  double sum = 0;
  for (std::uint64_t i = 0; i < kPairs; ++i) {
    const double here = uniform_of_word(random_block(kKey, {.identity = i})[0]);
    const double next = uniform_of_word(random_block(kKey, {.identity = i + 1})[0]);
    sum += (here - 0.5) * (next - 0.5) * 12;
  }
  CHECK(std::fabs(sum / kPairs) < 4.5 / std::sqrt(double{kPairs}));
}

TEST_CASE("uniforms lie from 0 to below 1", "[random]") {
  CHECK(uniform_of_word(0) == 0);
  CHECK(uniform_of_word(std::numeric_limits<std::uint64_t>::max()) == 1 - 0x1p-53);
  CHECK(uniform_of_word(std::uint64_t{1} << 63) == 0.5);
}

TEST_CASE("one seed gives three that differ, and a key follows its seed", "[random]") {
  const StreamSeeds seeds = derive_seeds(0);
  CHECK(std::set{seeds.design, seeds.population, seeds.dynamics, std::uint64_t{0}}.size() == 4);
  CHECK(derive_seeds(0).design == seeds.design);
  CHECK(derive_seeds(1).design != seeds.design);
  const StreamKey key = make_key(5, StreamKind::design, 9);
  CHECK(key.replicate == 9);
  CHECK(make_key(5, StreamKind::design, 9).words == key.words);
  CHECK(make_key(5, StreamKind::design, 10).words == key.words);
  CHECK(make_key(5, StreamKind::population, 9).words != key.words);
  CHECK(make_key(5, StreamKind::design, 9, 1).words != key.words);
  CHECK(make_key(5ULL << 32, StreamKind::design, 9).words != key.words);
}

TEST_CASE("births have identities of their own", "[random]") {
  std::set<std::uint64_t> identities;
  std::size_t n = 0;
  for (std::uint64_t kind = 0; kind < 4; ++kind) {
    for (std::uint64_t maker = 0; maker < 20; ++maker) {
      for (std::uint64_t step = 0; step < 20; ++step) {
        for (std::uint64_t ordinal = 0; ordinal < 20; ++ordinal) {
          identities.insert(birth_identity(kind, maker, step, ordinal));
          ++n;
        }
      }
    }
  }
  CHECK(identities.size() == n);
  CHECK((*identities.begin() >> 63) == 1);
}

TEST_CASE("names are hashed by FNV-1a", "[random]") {
  const auto identity = [](const std::string& name) {
    return name_identity(name.data(), name.size());
  };
  CHECK(identity("") == 0xcbf29ce484222325ULL);
  CHECK(identity("a") == 0xaf63dc4c8601ec8cULL);
  CHECK(identity("foobar") == 0x85944171f73967e8ULL);
}

TEST_CASE("seeds, keys and identities keep their numbers", "[random]") {
  const StreamSeeds seeds = derive_seeds(20240726);
  const StreamKey key = make_key(20240726, StreamKind::dynamics, 0, 1);
  CHECK(seeds.design == 0x0CE8E53732928467);
  CHECK(seeds.population == 0x748994F06903D3CB);
  CHECK(seeds.dynamics == 0xEC2935E52BB390D4);
  CHECK(joined(key.words[0], key.words[1]) == 0x81CF31108D14BFE5);
  CHECK(birth_identity(1, 2, 3, 4) == 0xD55CCD4AEB3CCAFB);
}

}  // namespace
}  // namespace fingers
